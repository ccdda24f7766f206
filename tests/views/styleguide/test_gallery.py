"""The page of patterns: every state of every part, stored nowhere, and only with DEBUG."""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from django.apps import apps
from django.test import Client

from dashboard.domain.logs.causes import Cause
from dashboard.domain.media import kinds
from dashboard.presentation.run.file_text import REASONS
from dashboard.presentation.run.warning_text import WORDS
from dashboard.presentation.trouble import TROUBLES
from dashboard.presentation.words import _WORDS, PHASE_TEXTS
from dashboard.styleguide import payloads
from dashboard.views.runs.filters import TABS
from tests.markup import one_line

pytestmark = pytest.mark.django_db
OPENING = '<section class="patterns" aria-labelledby='
SECTION = re.compile(rf'{OPENING}"(\w+)">(.*?)(?={OPENING}|</main>)', re.DOTALL)
PROMISED = (
    *("not finished: 18.9 s", "Times out of order", "No times reported", "Waited 3"),
    *("ComfyUI was already up: run took", "phases not reported", "ComfyDeploy assumes a timeout"),
    *("likely end", "slower than 90 %", "No updates since", "Last seen running"),
    *(
        "by timestamps",
        "its times are out of order",
        "longer than 366 days",
        "Ran in an open session",
    ),
    *("Too few runs to compare", "Compared with usual", "outputs or the log", "Link expires after"),
    *("empty file, 0 B", "No preview: 20,000 × 20,000 px", "HEVC, 12 fps", "AAC, 3.0 s"),
    *("Shift_JIS, not UTF-8", "古池"),
)
TEMPLATES = Path(__file__).parents[3] / "templates"
OTHER_FAILURES = (
    *("no error text", "no error text in its log", "its log awaited", "assumed to have timed out"),
    "with a traceback",
)
PAGES_OF_PARTS = {
    *(
        "runs/detail/page.html",
        "runs/detail/_jumps.html",
        "runs/side_by_side/page.html",
        "runs/list/page.html",
        "runs/list/facet.html",
        "insights/frame.html",
        "insights/cold/page.html",
        "insights/week/page.html",
        "insights/cost/page.html",
        "insights/failures/page.html",
        "insights/speed/page.html",
        "insights/warm/page.html",
        "sharing/create.html",
        "sharing/side_by_side.html",
    ),
    *("runs/detail/_made.html", "runs/detail/_below.html"),
}


STORED = [model for model in apps.get_app_config("dashboard").get_models()
          if model._meta.model_name in ("run", "payload", "snapshot", "output")]  # fmt: skip


class Page(NamedTuple):
    text: str
    templates: set[str]
    stored: list[int]  # rows that were there when it had been drawn


_drawn: list[Page] = []


@pytest.fixture
def page(ana: Client, settings) -> Page:
    """Drawn once in a process: it is large, and nothing of it depends on what is stored."""
    settings.DEBUG = True
    if not _drawn:
        response = ana.get("/patterns/")
        assert response.status_code == 200
        stored = [table.objects.count() for table in STORED]
        names = {one.name for one in response.templates}
        _drawn.append(Page(response.content.decode(), names, stored))
    return _drawn[0]


def test_it_is_not_there_without_debug(ana: Client) -> None:
    assert ana.get("/patterns/").status_code == 404


def test_it_shows_everything_that_there_is(page: Page) -> None:
    text = page.text
    sections = dict(SECTION.findall(text))
    names = {key: re.findall(r'data-pattern="([^"]+)"', part) for key, part in sections.items()}
    assert set(names["states"]) == {*_WORDS, "paused"}
    assert set(re.findall(r"<code>(.*?)</code>", sections["statuses"])) == {*_WORDS, "paused"}
    assert {f'fill="var(--{name})"' for name in ("page", "cold", "late-soft", "badge")} <= set(
        re.findall(r'fill="var\(--[^)]+\)"', sections["colours"])
    )
    assert set(TROUBLES) | {"stale", "storage"} <= set(names["notices"])
    assert {*TROUBLES, "our own limit", "not asked yet"} == set(names["troubles"])
    assert set(names["warnings"]) == set(WORDS)
    assert set(names["lost"]) == set(payloads.LIVE)
    assert {f"no copy: {why}" for why in REASONS} | {"kept picture", "kept 3D model"} <= set(
        names["kept"]
    )
    assert {f"filter: {tab}" for tab, _ in TABS[1:]} <= set(names["empty"])
    assert {*Cause, *OTHER_FAILURES} == set(names["failures"])
    every_kind = {kinds.IMAGE, kinds.VIDEO, kinds.AUDIO, kinds.MODEL, kinds.TEXT, kinds.FILE}
    assert every_kind == {name.partition(":")[0] for name in names["outputs"]}
    for viewer in ("image", "video", "audio", "model", "text", "file", "linked", "unsafe"):
        assert f'class="tile tile-{viewer}' in text, viewer
    for part, found in names.items():
        assert len(set(found)) == len(found) >= 1, part
        bodies = re.findall(r'<p class="pattern-name">[^<]*</p>(.*?)</div>', sections[part], re.S)
        assert all(body.strip() for body in bodies), part


def test_no_template_is_left_out(page: Page) -> None:
    """A part or page that is new is to be drawn here too; pages made of parts alone are not."""
    there = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")}
    assert there - page.templates == PAGES_OF_PARTS


def test_each_warning_is_told_in_its_place(page: Page) -> None:
    part = one_line(dict(SECTION.findall(page.text))["warnings"])
    bodies = part.split('data-pattern="')[1:]
    told = {body.partition('"')[0]: body for body in bodies}
    for word in WORDS:
        kind, _, name = word.partition("-")
        label = f"{PHASE_TEXTS[name].label} " if name in PHASE_TEXTS else ""
        assert f"<span>{label}" in told[word].partition('class="warned"')[2], word


def test_each_bar_says_what_its_name_promises(page: Page) -> None:
    text = page.text.replace("\u202f", " ")
    for words in PROMISED:
        assert words in text, words


def test_names_in_the_page_are_its_own_and_nothing_asks_the_server(page: Page) -> None:
    text = page.text
    ids = Counter(re.findall(r' id="([^"]+)"', text))
    assert [name for name, times in ids.items() if times > 1] == []
    main = text.partition("<main")[2].partition("</main")[0]
    assert "hx-get" not in main
    assert "hx-trigger" not in main


def test_only_a_text_that_may_still_come_is_given_room(page: Page) -> None:
    part = dict(SECTION.findall(page.text))["failures"]
    told = dict(re.findall(r'data-pattern="([^"]+)"(.*?)(?=data-pattern=|$)', part, re.DOTALL))
    roomy = [name for name, body in told.items() if "is-awaited" in body]
    assert roomy == ["its log awaited"]


def test_nothing_is_stored(page: Page) -> None:
    assert len(STORED) == 4
    assert page.stored == [0] * len(STORED)
