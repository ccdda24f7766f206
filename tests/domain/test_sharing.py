"""What a share link gives, in words; and the lines of its preview."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.domain import sharing
from dashboard.domain.card import card
from dashboard.domain.facts import RunFacts
from dashboard.domain.format import THIN
from dashboard.domain.picture import picture
from tests.domain.run import done, live, lost, seen

NOW = datetime(2026, 11, 23, 14, 9, tzinfo=UTC)
ALL = frozenset(tick.name for tick in sharing.TICKS)


def test_outputs_and_times_are_ticked_at_first_and_nothing_else() -> None:
    assert {"outputs", "times"} == sharing.USUAL


@pytest.mark.parametrize(("life", "days"), [("1", 1), ("7", 7), ("30", 30), ("never", None)])
def test_a_link_ends_after_its_days(life: str, days: int | None) -> None:
    assert sharing.end_of(life, NOW) == (NOW + timedelta(days=days) if days else None)


def test_no_other_life_is_known() -> None:
    with pytest.raises(KeyError):
        sharing.end_of("365", NOW)


@pytest.mark.parametrize(
    ("ticks", "told"),
    [
        (["outputs", "times"], "Outputs, times"),
        (["times", "names"], "Times, names and IDs"),
        (["names"], "Names and IDs"),
        ([], "State only"),
    ],
)
def test_what_a_link_gives_is_told_in_words(ticks: list[str], told: str) -> None:
    assert sharing.ticks_told(ticks) == told


def test_words_that_are_no_ticks_give_nothing() -> None:
    assert sharing.known_ticks(["outputs", "everything", ""]) == {"outputs"}


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
    assert sharing.clean_title(given) == title


def test_a_reader_is_told_of_no_key_no_limit_and_no_other_run() -> None:
    troubled = replace(
        lost(), trouble="key-rejected", everybody=True, storage="Disk full.", shared=(400, 10.0)
    )
    sight = sharing.readers_sight(live(), troubled)
    assert (sight.trouble, sight.storage, sight.shared, sight.everybody) == (
        None,
        None,
        None,
        False,
    )
    assert sight.stale and sight.lost
    notice = picture(live(), sight, title="Shared run").notice
    assert notice is not None
    assert notice.bold.startswith("No answer from ComfyDeploy for")


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
    assert sharing.preview_title(picture(run, seen(), title="Cat"), run) == line


@pytest.mark.parametrize(
    ("outputs", "ends", "line"),
    [
        (3, NOW + timedelta(days=7), "3 outputs. Shared until 30 Nov."),
        (1, None, "1 output. Shared."),
        (0, NOW, "Shared until 23 Nov."),
    ],
)
def test_the_previews_second_line(outputs: int, ends: datetime | None, line: str) -> None:
    assert sharing.preview_text(outputs, ends) == line


@pytest.mark.parametrize(
    ("run", "big", "line"),
    [
        (done(), f"44.9{THIN}s", f"total · cold start 31.2{THIN}s, 69{THIN}%"),
        (done(cold=0.4), f"14.1{THIN}s", "total · ComfyUI was already up"),
        (
            done(status="failed", progress=0.78),
            f"44.9{THIN}s",
            f"total · at 78{THIN}% of its nodes",
        ),
        (done(total=None, cold_start=None), "Cat", ""),
        (live(progress=0.62), f"62{THIN}%", "of nodes at 14:03 UTC"),
        (live("queued"), "Starting up", "at 14:03 UTC"),
    ],
)
def test_the_card_says_one_thing_large_and_one_line(run: RunFacts, big: str, line: str) -> None:
    found = card(run, seen(), picture(run, seen(), title="Cat"), ALL)
    assert (found.big, found.line) == (big, line)


def test_the_cards_bar_is_one_linear_scale_and_only_for_times() -> None:
    run = done()
    drawn = picture(run, seen(), title="Cat")
    found = card(run, seen(), drawn, {"times"})
    assert [kind for kind, _ in found.pieces] == ["queue", "cold", "run"]
    assert sum(share for _, share in found.pieces) == pytest.approx(1)
    assert found.pieces[1][1] == pytest.approx(31.2 / 44.9)
    assert card(run, seen(), drawn, {"outputs"}).pieces == ()
