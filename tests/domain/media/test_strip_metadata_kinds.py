"""Where each kind of file hides what ComfyUI was given, and that it is gone from there."""

import io
import json
from typing import Any

import pytest
from PIL import Image, ImageSequence, PngImagePlugin

from dashboard.domain.media.strip_metadata import can_strip
from dashboard.simulator.media import FILES
from tests.domain.media.test_strip_metadata import SECRET, cleaned, made, noted

HIDDEN = SECRET.encode()


def frames() -> list[Image.Image]:
    return [Image.new("RGB", (40, 30), colour) for colour in ("teal", "navy", "olive")]


def animated(form: str, **how: Any) -> bytes:
    out, (first, *others) = io.BytesIO(), frames()
    first.save(out, form, save_all=True, append_images=others, duration=40, loop=0, **how)
    return out.getvalue()


def shown(data: bytes) -> list[bytes]:
    picture = Image.open(io.BytesIO(data))
    return [frame.convert("RGB").tobytes() for frame in ImageSequence.Iterator(picture)]


def comfy_png() -> bytes:
    """As ComfyUI's SaveAnimatedPNG writes it: in a chunk that only ComfyUI knows."""
    info = PngImagePlugin.PngInfo()
    info.add(b"comf", b"prompt\0" + HIDDEN, after_idat=True)
    return animated("PNG", pnginfo=info)


def jpeg_with_more(**how: Any) -> bytes:
    inner = made("JPEG")  # a thumbnail, with an end of its own
    app1 = b"\xff\xe1" + (2 + len(inner)).to_bytes(2, "big") + inner
    app11 = b"\xff\xeb" + (2 + len(HIDDEN)).to_bytes(2, "big") + HIDDEN
    data = made("JPEG", icc_profile=b"colours", **how)
    return data[:2] + app1 + app11 + data[2:] + HIDDEN


PICTURES = {
    "a chunk of its own": ("image/png", comfy_png),
    "behind a JPEG's end": ("image/jpeg", jpeg_with_more),
    "behind many scans": ("image/jpeg", lambda: jpeg_with_more(progressive=True)),
    "a WebP of frames": (
        "image/webp",
        lambda: animated("WEBP", exif=noted(), xmp=HIDDEN, lossless=True) + HIDDEN,
    ),
    "a GIF's comment": ("image/gif", lambda: animated("GIF", comment=HIDDEN) + HIDDEN),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_hides_nothing_and_shows_the_same(name: str) -> None:
    kind, make = PICTURES[name]
    data = make()
    assert HIDDEN in data
    clean = cleaned(kind, data)
    assert clean is not None and HIDDEN not in clean
    assert shown(clean) == shown(data)
    before, after = (Image.open(io.BytesIO(one)).info for one in (data, clean))
    assert (after.get("loop"), after.get("icc_profile")) == (
        before.get("loop"),
        before.get("icc_profile"),
    )
    assert cleaned(kind, clean) == clean


def test_a_chunk_inside_a_frame_goes_too() -> None:
    data = animated("WEBP", lossless=True)
    at = data.index(b"ANMF")
    end = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
    note = b"NOTE" + len(HIDDEN).to_bytes(4, "little") + HIDDEN
    long = (end - at - 8 + len(note)).to_bytes(4, "little")
    more = data[:at] + b"ANMF" + long + data[at + 8 : end] + note + data[end:]
    more = more[:4] + (len(more) - 8).to_bytes(4, "little") + more[8:]
    clean = cleaned("image/webp", more)
    assert clean is not None and HIDDEN not in clean
    assert shown(clean) == shown(data)


def flac_block(kind: int, content: bytes, *, last: bool = False) -> bytes:
    return bytes([kind | 0x80 * last]) + len(content).to_bytes(3, "big") + content


@pytest.mark.parametrize("kind", [1, 2, 4, 5, 6])
def test_the_notes_of_a_flac_become_padding(kind: int) -> None:
    stream, sound = flac_block(0, b"s" * 34), b"\xff\xf8 sound"
    data = b"fLaC" + stream + flac_block(kind, HIDDEN, last=True) + sound
    padding = flac_block(1, bytes(len(HIDDEN)), last=True)
    assert cleaned("audio/flac", data) == b"fLaC" + stream + padding + sound


def id3(text: bytes) -> bytes:
    return b"ID3\x04\0\0" + bytes([0, 0, len(text) >> 7, len(text) & 0x7F]) + text


def ape(text: bytes) -> bytes:
    def end(flags: int) -> bytes:
        told = [2000, len(text) + 32, 1, flags]
        return b"APETAGEX" + b"".join(each.to_bytes(4, "little") for each in told) + bytes(8)

    return end(0xA0000000) + text + end(0x80000000)


def test_an_mp3_is_left_with_its_frames() -> None:
    sound = (FILES / "chord.mp3").read_bytes()
    sound = cleaned("audio/mpeg", sound) or b""
    assert sound[:1] == b"\xff"
    id3v1 = b"TAG" + HIDDEN.ljust(125, b"\0")
    for data in (
        id3(HIDDEN * 20) + sound,
        id3(HIDDEN) + id3(HIDDEN) + bytes(40) + sound + ape(HIDDEN) + id3v1,
        ape(HIDDEN) + sound + id3v1,
        sound + b"LYRICSBEGIN" + HIDDEN + b"%06dLYRICS200" % (11 + len(HIDDEN)) + id3v1,
    ):
        assert cleaned("audio/mpeg", data) == sound
    assert cleaned("audio/mpeg", id3(HIDDEN) + b"fLaC" + sound) is None, "no frame: not an MP3"


def chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)


def test_a_wav_keeps_its_form_and_its_sound() -> None:
    plain = chunk(b"fmt ", b"f" * 16), chunk(b"data", b"sound")
    whole = b"RIFF" + (4 + sum(map(len, plain))).to_bytes(4, "little") + b"WAVE" + b"".join(plain)
    notes = chunk(b"LIST", HIDDEN), chunk(b"bext", HIDDEN), chunk(b"id3 ", HIDDEN)
    noted = plain[0] + notes[0] + plain[1] + notes[1] + notes[2]
    for told in (4 + len(noted), 0, 0xFFFFFFFF):  # a stream does not know its length
        data = b"RIFF" + told.to_bytes(4, "little") + b"WAVE" + noted
        assert cleaned("audio/wav", data) == whole


def element(name: int, content: bytes) -> bytes:
    named = name.to_bytes((name.bit_length() + 7) // 8, "big")
    return named + (0x01 << 56 | len(content)).to_bytes(8, "big") + content


def webm(*, noted: bytes) -> bytes:
    info = element(0x1549A966, element(0x2AD7B1, b"\x0f") + element(0x7BA9, noted))
    track = element(0xAE, element(0xD7, b"\x01") + element(0x536E, noted))
    parts = [
        info,
        element(0x1654AE6B, track),
        element(0x1254C367, noted),  # tags, before and after the pictures
        element(0x1F43B675, b"pictures"),
        element(0x1941A469, noted),
        element(0x6DDD, noted),  # nothing that is known
    ]
    return element(0x1A45DFA3, b"\x42\x82\x84webm") + element(0x18538067, b"".join(parts))


def test_a_webm_keeps_its_places_and_loses_its_notes() -> None:
    for text in (b"", b"x", b"prompt", HIDDEN, HIDDEN * 4000):
        data = webm(noted=text)
        clean = cleaned("video/webm", data)
        assert clean is not None and len(clean) == len(data)
        assert HIDDEN not in clean and b"prompt" not in clean
        assert clean.index(b"pictures") == data.index(b"pictures")
        assert cleaned("video/webm", clean) == clean


def test_a_webm_of_unknown_lengths_is_not_given() -> None:
    open_cluster = bytes.fromhex("1f43b675") + b"\x01" + b"\xff" * 7
    head, sound = webm(noted=b"")[:19], open_cluster + HIDDEN
    assert cleaned("video/webm", head + element(0x18538067, sound)) is None
    assert cleaned("video/webm", b"\x1aE\xdf\xa3") is None


def test_boxes_that_are_none_hide_nothing_in_a_film() -> None:
    film = (FILES / "dunes.mp4").read_bytes()
    for rest in (b"\0\0\0\x02" + HIDDEN, b"\0\0\0\x30free" + HIDDEN.ljust(40)):
        clean = cleaned("video/mp4", film + rest)
        assert clean is not None and HIDDEN not in clean
        assert len(clean) == len(film + rest)


def test_a_model_loses_its_extras_at_any_depth() -> None:
    vase = (FILES / "vase.glb").read_bytes()
    long = int.from_bytes(vase[12:16], "little")
    model = json.loads(vase[20 : 20 + long])
    model["asset"]["extras"] = {"prompt": SECRET}
    model["meshes"][0]["extras"] = [SECRET]
    text = json.dumps(model).encode()
    text += b" " * (-len(text) % 4)
    rest = vase[20 + long :] + len(HIDDEN).to_bytes(4, "little") + b"NOTE" + HIDDEN
    size = (20 + len(text) + len(rest)).to_bytes(4, "little")
    data = vase[:8] + size + len(text).to_bytes(4, "little") + b"JSON" + text + rest
    clean = cleaned("model/gltf-binary", data)
    plain = cleaned("model/gltf-binary", vase)
    assert clean is not None and HIDDEN not in clean
    assert clean == plain
    assert int.from_bytes(clean[8:12], "little") == len(clean)
    assert clean.endswith(vase[20 + long :])
    assert cleaned("model/gltf-binary", vase[:14]) == vase[:8] + b"\x0c\0\0\0"
    assert cleaned("model/gltf-binary", vase[:60]) is None, "broken"


def test_a_model_as_json_loses_them_and_other_json_stays() -> None:
    model = {"asset": {"version": "2.0", "extras": {"prompt": SECRET}}, "nodes": [1.5]}
    clean = cleaned("application/json", json.dumps(model).encode())
    assert clean is not None
    assert json.loads(clean) == {"asset": {"version": "2.0"}, "nodes": [1.5]}
    for text in (b'{"extras": 1}', b"[a log line]", b"[" * 5000, b"{}"):
        assert cleaned("application/json", text) == text


@pytest.mark.parametrize(
    "kind",
    ["image/svg+xml", "image/avif", "image/heic", "audio/ogg", "video/ogg", "video/x-msvideo",
     "application/zip", "application/pdf", "text/html", "application/xml",
     "application/octet-stream", ""],
)  # fmt: skip
def test_what_is_not_known_how_to_clean_is_not_given(kind: str) -> None:
    assert not can_strip(kind)
    assert cleaned(kind, HIDDEN) is None


@pytest.mark.parametrize(
    "kind", ["image/gif", "video/webm", "audio/flac", "audio/mpeg", "audio/wav",
             "model/gltf-binary", "image/webp", "image/jpeg", "image/png", "video/mp4"],
)  # fmt: skip
def test_whatever_a_file_says_of_itself_cleaning_ends(kind: str) -> None:
    starts = (b"", b"\0" * 64, b"\xff" * 64, b"GIF89a" + b"\xff" * 20, b"ID3" + b"\x7f" * 30,
              b"\x1aE\xdf\xa3\x80\x18\x53\x80\x67\xff" + b"\xec\x80" * 9, b"RIFF" + b"\x01" * 40,
              b"fLaC\x04\xff\xff\xff", b"\xff\xd8\xff\xe1\0\0\xff\xda",
              b"\0\0\0\x01moov")  # fmt: skip
    for data in starts:
        clean = cleaned(kind, data)
        assert clean is None or len(clean) <= len(data) + 32
