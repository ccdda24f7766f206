"""Kept text files on pages: read from our copy, masked, the beginning of long ones."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.domain.text.text_preview import BEGINNING
from dashboard.models import Run
from dashboard.presentation.folding import HEAD
from dashboard.services.files import file_store
from dashboard.services.sharing import share_links
from tests.builders import person
from tests.stored_files import on_disk, run_kept

pytestmark = pytest.mark.django_db


def outputs(client: Client, run: Run) -> str:
    page = client.get(run.get_absolute_url()).content.decode()
    return page.split('id="outputs"')[1].split("</section>")[0]


def test_a_text_file_is_read_in_the_page(settings: Any, tmp_path: Path, ana: Client) -> None:
    run = run_kept(settings, tmp_path, ("a.md", b"# <b>Dune</b>\nhttps://a:pw@b.example/"))
    page = outputs(ana, run)
    assert "# &lt;b&gt;Dune&lt;/b&gt;\nhttps://•••@b.example/</p>" in page
    assert 'tile-text"' in page and "?download" in page


def test_a_json_file_is_folded(settings: Any, tmp_path: Path, ana: Client) -> None:
    body = json.dumps({"seed": 18446744073709551616, "tags": ["cat"]}).encode()
    page = outputs(ana, run_kept(settings, tmp_path, ("a.json", body)))
    assert '<span class="json-number">18446744073709551616</span>' in page
    assert '<span class="json-key">&quot;tags&quot;</span>: <details open>' in page


def test_markup_in_a_text_file_stays_text(settings: Any, tmp_path: Path, ana: Client) -> None:
    page = outputs(ana, run_kept(settings, tmp_path, ("a.txt", b"<script>alert(1)</script>")))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "<script" not in page


def test_of_a_long_file_the_beginning_is_shown(settings: Any, tmp_path: Path, ana: Client) -> None:
    lines = "".join(f"line {number}\n" for number in range(50_000))
    page = outputs(ana, run_kept(settings, tmp_path, ("a.log", lines.encode())))
    shown = page.split('class="text-body"')[1].split("</p>")[0]
    assert HEAD - 20 < len(shown.partition(">")[2]) <= HEAD + len("…")
    assert "Only the beginning." in page and "Copy this part" in page
    part = re.search(r'hx-get="([^"]*/values/texts/[^"]*)"', page)
    whole = ana.get(part[1]).content.decode() if part else ""
    shown = whole.split('class="text-body"')[1].split("</p>")[0]
    assert BEGINNING - 20 < len(shown.partition(">")[2]) <= BEGINNING


def test_what_a_page_has_no_room_for_is_a_download(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    body = b"words " * 30_000
    run = run_kept(settings, tmp_path, *((f"{n}.txt", body) for n in range(30)))
    page = outputs(ana, run)
    assert len(page) < 1_000_000
    assert 0 < page.count("tile-text") < 30
    assert page.count("tile-text") + page.count("tile-file") == 30


def test_a_file_is_read_once_and_by_no_poll(
    settings: Any, tmp_path: Path, ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_kept(settings, tmp_path, ("a.txt", b"hello"))
    read: list[str] = []
    blocks = file_store.read_range
    monkeypatch.setattr(
        file_store,
        "read_range",
        lambda name, *range_: (read.append(name), blocks(name, *range_))[1],
    )
    for address in (f"{run.get_absolute_url()}live/", "/"):
        ana.get(address)
    assert read == []
    for _ in range(3):
        assert "hello" in outputs(ana, run)
        ana.get(f"{run.get_absolute_url()}outputs/")
    assert len(read) == 1


def test_a_copy_that_vanished_is_a_download(settings: Any, tmp_path: Path, ana: Client) -> None:
    run = run_kept(settings, tmp_path, ("a.txt", b"hello"))
    on_disk(tmp_path)[0].unlink()
    assert "tile-file" in outputs(ana, run)


@pytest.mark.parametrize("ticked", [True, False])
def test_a_share_link_gives_texts_with_the_outputs_alone(
    settings: Any, tmp_path: Path, ticked: bool
) -> None:
    run = run_kept(settings, tmp_path, ("a.txt", b"hello there"))
    scopes = frozenset({"times", "outputs"} if ticked else {"times"})
    _, token = share_links.make(
        run, person("ben"), scopes=scopes, title="", life="1", now=timezone.now()
    )
    page = Client().get(f"/s/{token}/").content.decode()
    assert ("hello there" in page) is ticked


MODEL = json.dumps({"asset": {"version": "2.0", "extras": {"prompt": "a secret dune"}}}).encode()


@pytest.mark.parametrize("ticked", [True, False])
def test_notes_in_a_text_are_read_where_inputs_are_ticked_alone(
    settings: Any, tmp_path: Path, ticked: bool
) -> None:
    run = run_kept(settings, tmp_path, ("a.json", MODEL))
    scopes = frozenset({"outputs", "inputs"} if ticked else {"outputs"})
    _, token = share_links.make(
        run, person("ben"), scopes=scopes, title="", life="1", now=timezone.now()
    )
    assert ("a secret dune" in Client().get(f"/s/{token}/").content.decode()) is ticked
    one = run.stored_files.get()
    answered = Client().get(f"/s/{token}/files/{one.pk}/a.json")
    assert (b"a secret dune" in b"".join(answered.streaming_content)) is ticked
    assert (one.sha256 in answered.headers["ETag"]) is ticked, "or guesses could be held against it"


def test_secrets_in_a_text_are_masked(settings: Any, tmp_path: Path, ana: Client) -> None:
    body = b'{"api_key": "supersecret1"}\npassword: hunter2\ntoken=abcdefgh12345678\n'
    page = outputs(ana, run_kept(settings, tmp_path, ("a.txt", body)))
    assert page.count("•••") >= 3
    assert not any(one in page for one in ("supersecret1", "hunter2", "abcdefgh12345678"))
