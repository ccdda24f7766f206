"""Files as readers of a share link get them: clean, ours, or not at all."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.models import Run, StoredFile
from dashboard.presentation.run.file_text import NOT_STORED, REASONS, WITHHELD
from dashboard.services.sharing import share_links
from tests.builders import answer as run_answer
from tests.builders import element, person, running, store
from tests.stored_files import copy_all, picture, prepare, run_with
from tests.views.runs.test_archive import unpacked
from tests.wire import Wire, answer

pytestmark = pytest.mark.django_db
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><metadata>{'prompt': 'a secret'}</metadata></svg>"
UPSTREAM = "https://bucket.example/outputs/runs/x/"


def link(run: Run, *scopes: str) -> str:
    by = person(f"by{run.pk}-{len(scopes)}")
    now = timezone.now()
    return share_links.make(run, by, scopes=frozenset(scopes), title="", life="1", now=now)[1]


def page(token: str, part: str = "") -> str:
    return Client().get(f"/s/{token}/{part}").content.decode()


@pytest.fixture
def mixed(settings: Any, tmp_path: Path) -> Run:
    """A picture that can be cleaned, and a drawing that cannot."""
    with Wire(answer(picture()), answer(SVG)) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin)
        run = run_with(f"{origin}/a.png", f"{origin}/b.svg")
        copy_all()
    return run


def test_what_cannot_be_cleaned_is_not_given_without_inputs(mixed: Run) -> None:
    drawing = StoredFile.objects.get(type="image/svg+xml")
    token = link(mixed, "outputs", "names")
    text = page(token)
    assert "Not shown" in text and WITHHELD in text
    assert f"files/{drawing.pk}/" not in text
    assert "b.svg?" not in text and "127.0.0.1" not in text
    assert Client().get(f"/s/{token}/files/{drawing.pk}/b.svg").status_code == 404
    files = unpacked(Client().get(f"/s/{token}/outputs.zip"))
    told = json.loads(files.pop("manifest.json"))
    assert list(files.values()) == [picture()]
    assert [one.get("missing") for one in told["files"]] == [None, WITHHELD]
    drawing.refresh_from_db()
    assert drawing.reason == "", "the copy stays"


def test_with_inputs_it_is_given_as_a_download_and_without_names_no_upstream_address(
    mixed: Run,
) -> None:
    drawing = StoredFile.objects.get(type="image/svg+xml")
    token = link(mixed, "outputs", "inputs")
    text = page(token)
    assert WITHHELD not in text
    assert f"/s/{token}/files/{drawing.pk}/b.svg?download" in text
    assert "127.0.0.1" not in text
    response = Client().get(f"/s/{token}/files/{drawing.pk}/b.svg")
    assert b"".join(response.streaming_content) == SVG


def test_without_anything_that_can_be_given_no_zip_is_offered(mixed: Run) -> None:
    mixed.outputs.filter(filename="a.png").delete()
    assert "outputs.zip" not in page(link(mixed, "outputs"))
    assert "outputs.zip" in page(link(mixed, "outputs", "inputs"))


@pytest.mark.parametrize("keep", ["none", "thumbnails", "all"])
@pytest.mark.parametrize("scopes", [(), ("inputs",), ("names",), ("inputs", "names")])
def test_whatever_is_kept_an_upstream_address_takes_two_ticks(
    settings: Any, tmp_path: Path, keep: str, scopes: tuple[str, ...]
) -> None:
    prepare(settings, tmp_path)
    settings.KEEP_OUTPUTS = keep
    run = run_with(f"{UPSTREAM}a.png", f"{UPSTREAM}b.mp4", f"{UPSTREAM}c.bin")
    StoredFile.objects.all().delete()
    token = link(run, "outputs", *scopes)
    for part in ("", "outputs/"):
        text = page(token, part)
        assert ("bucket.example" in text) == (len(scopes) == 2)
        told = "This file was not copied" if keep == "all" else NOT_STORED
        assert told in text or len(scopes) == 2


@pytest.mark.parametrize("name", ["a.png", "b.mp4", "c.webm"])
def test_a_small_picture_left_from_another_setting_is_shown_alone(
    settings: Any, tmp_path: Path, name: str
) -> None:
    prepare(settings, tmp_path)
    run = run_with(UPSTREAM + name)
    row = StoredFile.objects.get()
    StoredFile.objects.filter(pk=row.pk).update(
        reason="thumbnail", size=40, thumb_size=40, next_at=None
    )
    token = link(run, "outputs")
    text = page(token)
    assert f'src="/s/{token}/files/{row.pk}/small.webp?small"' in text
    assert REASONS["thumbnail"] in text
    assert "None" not in text and "<video" not in text and "bucket.example" not in text


def test_while_a_run_is_live_its_files_are_waited_for(settings: Any, tmp_path: Path) -> None:
    prepare(settings, tmp_path)
    one = element("a.png")
    one["data"]["images"][0]["url"] = f"{UPSTREAM}a.png"
    text = page(link(store(running(outputs=[one])), "outputs"))
    assert "once the run has ended" in text
    assert "bucket.example" not in text


def test_the_dialog_says_when_a_reader_sees_files(settings: Any, ana: Client) -> None:
    live, over = store(running()), store(run_answer())
    told = {
        ("all", live): "Files appear when the run ends",
        ("none", over): "stored here (KEEP_OUTPUTS)",
        ("thumbnails", over): "Only thumbnails are stored here",
    }
    for (keep, run), words in told.items():
        settings.KEEP_OUTPUTS = keep
        text = ana.get(f"/runs/{run.uuid}/share/").content.decode()
        assert words in text and "only when inputs and names are shared." in text
    settings.KEEP_OUTPUTS = "all"
    text = ana.get(f"/runs/{over.uuid}/share/").content.decode()
    assert "only when inputs" not in text
    assert "file types we can't strip are hidden" in text
