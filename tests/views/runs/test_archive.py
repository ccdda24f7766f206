"""All outputs of a run in one download: whole, readable, and no more than is shown."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from PIL import Image, PngImagePlugin

from dashboard.models import Run, StoredFile
from dashboard.services.files import file_store, strip_metadata
from dashboard.services.sharing import share_links
from tests.builders import answer as run_answer
from tests.builders import element, person, store
from tests.services.files.test_thumbnails import bomb, chunk
from tests.stored_files import copy_all, picture, prepare, run_with
from tests.wire import Wire, answer

pytestmark = pytest.mark.django_db


def unpacked(response: Any) -> dict[str, bytes]:
    body = b"".join(response.streaming_content)
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        return {one.filename: archive.read(one) for one in archive.infolist()}


@pytest.fixture
def run(settings: Any, tmp_path: Path) -> Run:
    """Two pictures that are kept, of which the second has another script's letters."""
    with Wire(answer(picture()), answer(picture(32, 8))) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin)
        run = run_with(f"{origin}/one.png", f"{origin}/灯台.png")
        copy_all()
    Run.objects.filter(pk=run.pk).update(label="Léon's / lighthouse")
    run.refresh_from_db()
    return run


def test_the_zip_holds_every_file_under_a_readable_name(run: Run, ana: Client) -> None:
    response = ana.get(f"/runs/{run.uuid}/outputs.zip")
    assert response.headers["Content-Type"] == "application/zip"
    assert f"lighthouse-{run.short_id}.zip" in response.headers["Content-Disposition"]
    files = unpacked(response)
    told = json.loads(files.pop("manifest.json"))
    nodes = [output.node_id for output in run.outputs.all()]
    stem = f"Léon-s-lighthouse-{run.short_id}"
    assert sorted(files) == [f"{stem}-{node}-0{n}.png" for n, node in enumerate(nodes, start=1)]
    assert sorted(files.values()) == sorted([picture(), picture(32, 8)])
    assert told["inputs"] == run.inputs
    assert told["durations"]["total"] == run.total
    assert [one["sha256"] for one in told["files"]] == [
        kept.sha256 for kept in StoredFile.objects.order_by("id")
    ]
    assert f'href="/runs/{run.uuid}/outputs.zip"' in ana.get(f"/runs/{run.uuid}/").content.decode()


def test_a_copy_that_is_gone_is_left_out_and_told(run: Run, ana: Client) -> None:
    file_store.storage().delete(StoredFile.objects.order_by("id")[0].name)
    files = unpacked(ana.get(f"/runs/{run.uuid}/outputs.zip"))
    told = json.loads(files.pop("manifest.json"))
    assert list(files.values()) == [picture(32, 8)]
    assert told["files"][0]["name"] is None
    assert told["files"][0]["missing"] == "The stored file is missing."


def test_texts_come_along(settings: Any, tmp_path: Path, ana: Client) -> None:
    prepare(settings, tmp_path, KEEP_OUTPUTS="none")
    one = element("a.png")
    one["data"] = {"text": ["A pier in the rain, «évening»"]}
    run = store(run_answer(outputs=[one]))
    files = unpacked(ana.get(f"/runs/{run.uuid}/outputs.zip"))
    assert "A pier in the rain, «évening»" in [
        body.decode() for name, body in files.items() if name.endswith(".txt")
    ]


def test_without_anything_to_take_away_there_is_no_zip(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    prepare(settings, tmp_path, KEEP_OUTPUTS="none")
    run = run_with("https://bucket.example/a.png")
    assert ana.get(f"/runs/{run.uuid}/outputs.zip").status_code == 404
    assert "outputs.zip" not in ana.get(f"/runs/{run.uuid}/").content.decode()


def link(run: Run, *scopes: str) -> str:
    by = User.objects.filter(username="ben").first() or person("ben")
    now = timezone.now()
    _, token = share_links.make(
        run, by, scopes=frozenset(scopes), title="For Kim", life="1", now=now
    )
    return token


def test_a_readers_zip_holds_what_was_ticked_alone(run: Run) -> None:
    token = link(run, "outputs")
    assert f'href="/s/{token}/outputs.zip"' in Client().get(f"/s/{token}/").content.decode()
    response = Client().get(f"/s/{token}/outputs.zip")
    files = unpacked(response)
    assert sorted(files) == ["For-Kim-01.png", "For-Kim-02.png", "manifest.json"]
    told = files["manifest.json"].decode()
    assert set(json.loads(told)) == {"title", "status", "finished", "files"}
    secret = [str(run.uuid), run.short_id, "lighthouse", *json.dumps(run.inputs).split('"')[1:2]]
    assert not [one for one in secret if one in told + str(response.headers)]


def test_a_reader_without_outputs_gets_no_zip(run: Run) -> None:
    assert Client().get(f"/s/{link(run, 'times')}/outputs.zip").status_code == 404


@pytest.mark.parametrize("ahead", [0, strip_metadata.AHEAD])
def test_a_reader_without_inputs_gets_files_without_the_workflow(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    monkeypatch.setattr(strip_metadata, "AHEAD", ahead)
    info = PngImagePlugin.PngInfo()
    info.add_text("prompt", "a secret lighthouse")
    out = io.BytesIO()
    Image.new("RGB", (32, 32)).save(out, "PNG", pnginfo=info)
    with Wire(answer(out.getvalue())) as wire:
        prepare(settings, tmp_path, wire.url.removesuffix("/api"))
        run = run_with(f"{settings.LOCAL_FILES_ORIGIN}/one.png")
        copy_all()
    one = StoredFile.objects.get()
    for scopes, seen in (("outputs",), False), (("outputs", "inputs"), True):
        token = link(run, *scopes)
        response = Client().get(f"/s/{token}/files/{one.pk}/a.png")
        body = b"".join(response.streaming_content)
        assert int(response.headers["Content-Length"]) == len(body)
        assert (b"secret" in body) == seen
        part = Client().get(f"/s/{token}/files/{one.pk}/a.png", headers={"Range": "bytes=5-60"})
        assert b"".join(part.streaming_content) == body[5:61]
        zipped = unpacked(Client().get(f"/s/{token}/outputs.zip"))
        assert any(b"secret" in held for held in zipped.values()) == seen


MANY = chunk(b"teSt", b"") * 60_000
TWO = (chunk(b"tEXt", b"a\0b") + chunk(b"sBIT", b"")) * 1200


@pytest.mark.parametrize(("notes", "given"), [(MANY, True), (MANY * 2, False), (TWO, False)])
def test_a_file_of_too_many_parts_is_not_given_to_readers_without_inputs(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, notes: bytes, given: bool
) -> None:
    with Wire(answer(bomb(24, 16, notes))) as wire:
        prepare(settings, tmp_path, wire.url.removesuffix("/api"))
        run = run_with(f"{settings.LOCAL_FILES_ORIGIN}/one.png")
        copy_all()
    one = StoredFile.objects.get()
    parts: list[Any] = []
    blocks = file_store.read_range
    monkeypatch.setattr(
        file_store, "read_range", lambda *asked: parts.append(asked) or blocks(*asked)
    )
    token = link(run, "outputs")
    response = Client().get(f"/s/{token}/files/{one.pk}/a.png")
    assert response.status_code == (200 if given else 404)
    assert len(parts) < 30
    assert len(unpacked(Client().get(f"/s/{token}/outputs.zip"))) == 1 + given
    full = Client().get(f"/s/{link(run, 'outputs', 'inputs')}/files/{one.pk}/a.png")
    assert len(b"".join(full.streaming_content)) == one.length
    one.refresh_from_db()
    assert one.reason == ""


def test_what_is_not_kept_gives_a_reader_no_address(settings: Any, tmp_path: Path) -> None:
    prepare(settings, tmp_path)
    run = run_with("https://bucket.example/outputs/runs/x/a.png")
    page = Client().get(f"/s/{link(run, 'outputs')}/").content.decode()
    assert "bucket.example" not in page
    assert "Runboard is copying this file." in page
    assert (
        "bucket.example"
        in Client().get(f"/s/{link(run, 'outputs', 'names', 'inputs')}/").content.decode()
    )
