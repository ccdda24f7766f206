"""A share link in words; the lines and the card of its preview."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.domain import sharing
from dashboard.domain.run.facts import RunFacts
from dashboard.presentation.format import THIN
from dashboard.presentation.run.display import run_display
from dashboard.presentation.sharing import share_text
from tests.timed_run import done, live, seen

NOW = datetime(2026, 11, 23, 14, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("scopes", "told"),
    [
        (["outputs", "times"], "Outputs, times"),
        (["times", "names"], "Times, names and IDs"),
        (["names"], "Names and IDs"),
        ([], "Status only"),
    ],
)
def test_what_a_link_gives_is_told_in_words(scopes: list[str], told: str) -> None:
    assert share_text.scopes_text(scopes) == told


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("", "Shared run"),
        ("  \0 ", "Shared run"),
        (" Lighthouse 🗼\n two ", "Lighthouse 🗼 two"),
        ("a\u202eb", "ab"),
        ("x" * 300, "x" * 119 + "…"),
    ],
)
def test_a_title_is_one_clean_line(given: str, title: str) -> None:
    assert share_text.clean_title(given) == title


@pytest.mark.parametrize(
    ("run", "line"),
    [
        (done(), f"✓ Cat, 44.9{THIN}s (cold start 31.2{THIN}s)"),
        (done(cold_start=None), f"✓ Cat, 44.9{THIN}s"),
        (done(total=None), "✓ Cat"),
        (done(status="failed"), f"✕ Cat, failed after 44.9{THIN}s"),
        (done(status="cancelled"), f"Cat, cancelled after 44.9{THIN}s"),
        (live(progress=0.62), f"Cat, running, 62{THIN}%"),
        (live("queued"), "Cat, starting up"),
    ],
)
def test_the_preview_tells_the_state_and_the_times(run: RunFacts, line: str) -> None:
    assert share_text.preview_title(run_display(run, seen(), title="Cat"), run) == line


@pytest.mark.parametrize(
    ("outputs", "ends", "line"),
    [
        (3, NOW + timedelta(days=7), "3 outputs. Shared until 30 Nov."),
        (1, None, "1 output. Shared."),
        (0, NOW, "Shared until 23 Nov."),
    ],
)
def test_the_previews_second_line(outputs: int, ends: datetime | None, line: str) -> None:
    assert share_text.preview_text(outputs, ends) == line


def test_every_scope_has_its_words() -> None:
    assert tuple(scope.name for scope in share_text.SCOPES) == sharing.ALL_SCOPES
    assert share_text.LIFETIMES.keys() == sharing.LIFETIME_DAYS.keys()
