"""The preview card of a shared run: one thing large, one line, a small bar."""

import pytest

from dashboard.domain.run.facts import RunFacts
from dashboard.domain.sharing import ALL_SCOPES
from dashboard.presentation.format import THIN
from dashboard.presentation.run.display import run_display
from dashboard.presentation.sharing.preview_card import preview_card
from tests.timed_run import done, live, seen


@pytest.mark.parametrize(
    ("run", "big", "line"),
    [
        (done(), f"44.9{THIN}s", f"total · cold start 31.2{THIN}s, 69{THIN}%"),
        (done(cold=0.4), f"14.1{THIN}s", "total · ComfyUI was already up"),
        (
            done(status="failed", progress=0.78),
            f"44.9{THIN}s",
            f"total · at 78{THIN}% of nodes",
        ),
        (done(total=None, cold_start=None), "Cat", ""),
        (live(progress=0.62), f"62{THIN}%", "of nodes at 14:03 UTC"),
        (live("queued"), "Starting up", "at 14:03 UTC"),
    ],
)
def test_the_card_says_one_thing_large_and_one_line(run: RunFacts, big: str, line: str) -> None:
    found = preview_card(run, seen(), run_display(run, seen(), title="Cat"), ALL_SCOPES)
    assert (found.big, found.line) == (big, line)


def test_the_cards_bar_is_one_linear_scale_and_only_for_times() -> None:
    run = done()
    drawn = run_display(run, seen(), title="Cat")
    found = preview_card(run, seen(), drawn, {"times"})
    assert [kind for kind, _ in found.pieces] == ["queue", "cold", "run"]
    assert sum(share for _, share in found.pieces) == pytest.approx(1)
    assert found.pieces[1][1] == pytest.approx(31.2 / 44.9)
    assert preview_card(run, seen(), drawn, {"outputs"}).pieces == ()
