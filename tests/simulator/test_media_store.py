"""The simulator's files: types, ranges, links that end."""

import io
import json
import struct
import wave
import zipfile
from urllib.parse import quote, urlsplit

import pytest
from PIL import Image

from dashboard.simulator import Simulator
from dashboard.simulator.media import FILES, FileCache, make
from dashboard.simulator.media_store import read_range
from tests.simulator.conftest import Clock, Wire

RUN = "7c1e9f42-3b0a-4c1d-9e57-0a1b2c3de1b4"


def outputs(wire: Wire, run_id: object) -> list[str]:
    """The addresses of all files of a run, without the server's name."""
    answer = json.loads(wire.run(run_id).body)
    return [
        item["url"].removeprefix(wire.simulator.origin)
        for element in answer["outputs"]
        for items in element["data"].values()
        for item in items
        if isinstance(item, dict) and item["url"].startswith(wire.simulator.origin)
    ]


def test_every_file_of_every_kind_opens(simulator: Simulator, wire: Wire) -> None:
    paths = outputs(wire, simulator.id("kinds", age=60))
    assert len(paths) > 15
    for path in paths:
        got = wire.get(path)
        assert got.status == 200, path
        assert int(got.named["content-length"]) == len(got.body) > 0
        assert got.named["server"] == "AmazonS3"
        assert {"etag", "last-modified", "accept-ranges"} <= set(got.named)


@pytest.mark.parametrize(
    ("name", "content_type", "start"),
    [
        ("skyline_blue_00001_.png", "image/png", b"\x89PNG"),
        ("mark.svg", "image/svg+xml", b"<svg"),
        ("a.mp4", "video/mp4", b"\0\0\0"),
        ("a.mp3", "audio/mpeg", b""),
        ("a.wav", "audio/wav", b"RIFF"),
        ("a.glb", "model/gltf-binary", b"glTF"),
        ("a.txt", "text/plain", b"Caption"),
        ("a.zip", "application/zip", b"PK"),
        ("a.safetensors", "binary/octet-stream", b"A file"),
    ],
)
def test_the_type_follows_the_name(wire: Wire, name: str, content_type: str, start: bytes) -> None:
    got = wire.get(f"/media/{RUN}/{name}")
    assert got.named["content-type"] == content_type
    assert got.body.startswith(start)


def test_a_film_is_served_in_ranges(wire: Wire) -> None:
    path = f"/media/{RUN}/skyline_blue_00001.mp4"
    whole = wire.get(path).body
    part = wire.get(path, Range="bytes=100-199")
    assert (part.status, part.body) == (206, whole[100:200])
    assert part.named["content-range"] == f"bytes 100-199/{len(whole)}"
    assert wire.get(path, Range="bytes=-10").body == whole[-10:]
    assert wire.get(path, Range=f"bytes={len(whole) - 5}-").body == whole[-5:]
    beyond = wire.get(path, Range=f"bytes={len(whole)}-")
    assert (beyond.status, beyond.named["content-range"]) == (416, f"bytes */{len(whole)}")
    assert wire.get(path, Range="bytes=0-1,4-5").status == 200


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("", None),
        ("bytes=-", None),
        ("items=0-1", None),
        ("bytes=0-0", (0, 0)),
        ("bytes=5-999", (5, 9)),
    ],
)
def test_ranges_are_read(header: str, span: tuple[int, int] | None) -> None:
    assert read_range(header, 10) == span


def test_a_known_etag_is_not_sent_again(wire: Wire) -> None:
    path = f"/media/{RUN}/a.glb"
    etag = wire.get(path).named["etag"]
    again = wire.get(path, If_None_Match=etag)
    assert (again.status, again.body) == (304, b"")
    assert wire.get(path, "HEAD").body == b""
    assert wire.get(path, "POST").status == 405
    assert wire.get("/media/nothing").status == 404


def test_a_private_file_opens_for_an_hour(simulator: Simulator, wire: Wire, clock: Clock) -> None:
    link = outputs(wire, simulator.id("private", age=60))[0]
    path = urlsplit(link).path
    assert wire.get(link).status == 200
    bare = wire.get(path)
    assert (bare.status, bare.named["content-type"]) == (403, "application/xml")
    assert b"<Code>AccessDenied</Code>" in bare.body
    assert b"SignatureDoesNotMatch" in wire.get(link[:-1] + ("0" if link[-1] != "0" else "1")).body
    assert wire.get(link.replace("Expires=3600", "Expires=9999")).status == 403
    clock.forward(3599)
    assert wire.get(link).status == 200
    clock.forward(2)
    ended = wire.get(link)
    assert ended.status == 403
    assert b"<Message>Request has expired</Message>" in ended.body
    fresh = outputs(wire, simulator.id("private", start=clock.now, seed=0))
    assert fresh == []


def test_a_signature_that_is_nonsense_is_refused(simulator: Simulator, wire: Wire) -> None:
    link = outputs(wire, simulator.id("private", age=60))[0]
    query = "?X-Amz-Date=soon&X-Amz-Expires=-&X-Amz-Signature=%C3%A9"
    assert wire.get(urlsplit(link).path + query).status == 403


def test_names_from_anywhere_open(wire: Wire) -> None:
    for name in ("灯台 1.png", "<img src=x>.mp4", "../../etc/passwd.txt", "none"):
        assert wire.get(f"/media/{RUN}/{quote(name, safe='')}").status == 200


def test_files_from_outside_decode() -> None:
    with Image.open(io.BytesIO(make(RUN, "scene_00001_.png").body)) as picture:
        assert max(picture.size) >= 1024
    with wave.open(io.BytesIO(make(RUN, "a.wav").body)) as sound:
        assert sound.getnframes() > 16_000
    with zipfile.ZipFile(io.BytesIO(make(RUN, "a.zip").body)) as archive:
        assert archive.testzip() is None


def test_the_model_is_a_whole_glb() -> None:
    body = (FILES / "vase.glb").read_bytes()
    magic, version, length = struct.unpack("<4sII", body[:12])
    assert (magic, version, length) == (b"glTF", 2, len(body))
    size, kind = struct.unpack("<I4s", body[12:20])
    gltf = json.loads(body[20 : 20 + size])
    assert kind == b"JSON"
    assert gltf["asset"]["version"] == "2.0"
    assert gltf["buffers"][0]["byteLength"] == length - 12 - 8 - size - 8


def test_films_begin_with_their_index() -> None:
    for path in FILES.glob("*.mp4"):
        body = path.read_bytes()
        assert body[4:8] == b"ftyp"
        assert body.index(b"moov") < body.index(b"mdat")
        assert b"avc1" in body


def test_the_committed_files_stay_small_and_tell_their_licence() -> None:
    assert sum(path.stat().st_size for path in FILES.rglob("*")) < 3_000_000
    readme = (FILES / "README.md").read_text()
    assert "MIT" in readme
    files = [path for path in FILES.iterdir() if path.is_file() and path.suffix != ".md"]
    assert all(f"`{path.name}`" in readme for path in files)
    assert {path.suffix for path in (FILES / "pictures").iterdir()} == {".webp"}
    assert "`pictures/*.webp`" in readme


def test_files_are_kept_within_a_bound() -> None:
    store = FileCache(bound=400_000)
    first = store.load(RUN, "mark_1.svg")
    assert store.load(RUN, "mark_1.svg") is first
    for n in range(4):
        store.load(RUN, f"film_{n}.glb")
    assert store.load(RUN, "mark_1.svg") is not first
    assert store.load(RUN, "mark_1.svg") == first
