"""The drawing: one second has one length, and nothing is drawn that is not known."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.run.facts import RunFacts
from dashboard.domain.run.visibility import Visibility
from dashboard.presentation.format import THIN
from dashboard.presentation.run.phase_bar import (
    BarSegment,
    NoPhaseBar,
    PhaseBar,
    draw_bar,
    draw_mini_bar,
)
from tests.timed_run import at, bare, done, live, lost, seen


def bar(run: RunFacts, visibility: Visibility | None = None) -> PhaseBar:
    found = draw_bar(run, visibility or seen())
    assert isinstance(found, PhaseBar)
    return found


def told(run: RunFacts, visibility: Visibility | None = None) -> list[tuple[str, str, str]]:
    return [
        (segment.kind, segment.label, segment.value.replace(THIN, " "))
        for segment in bar(run, visibility).segments
    ]


def share(text: str) -> float:
    return float(text.removesuffix("%"))


def test_a_finished_run_fills_its_scale_in_order() -> None:
    segments = bar(done()).segments
    assert [segment.kind for segment in segments] == ["queue", "cold", "run"]
    assert share(segments[1].width) == pytest.approx(31.2 / 44.9 * 100, abs=0.01)
    assert sum(share(segment.width) for segment in segments) == pytest.approx(100, abs=0.01)
    assert segments[0].first
    assert segments[-1].last


def test_a_sliver_is_not_widened() -> None:
    assert share(bar(done(0.03, 31.2, 12.3)).segments[0].width) < 0.1


def test_labels_tell_from_which_width_they_fit() -> None:
    queue, cold, run = bar(done()).segments
    assert queue.word_from is None
    assert queue.lead
    assert cold.word_from is not None
    assert cold.word_from <= 320
    assert run.number_from is not None


def test_of_three_narrow_neighbours_the_third_has_no_leader() -> None:
    segments = bar(live(), seen(700)).segments
    assert [segment.lead for segment in segments[:2]] == [True, True]
    assert segments[0].step == 1
    assert segments[1].step == 0


def test_labels_at_the_right_end_run_to_the_left() -> None:
    cold, run = bar(done(200.0, 0.6, 8.8)).segments[1:]
    assert (cold.anchor, cold.step) == ("end", 0)
    assert (run.anchor, run.step) == ("end", 1)


def test_a_missing_stamp_merges_the_phases_beside_it() -> None:
    run = replace(done(1.4, 7.3, 32.6), queue_wait=None, cold_start=None, queued_at=None)
    assert told(run) == [
        ("unknown", "Queue and start", "8.7 s, not split"),
        ("run", "Run", "32.6 s"),
    ]


def test_a_missing_start_merges_what_follows_the_queue() -> None:
    run = bare("success", queue_wait=1.0, total=9.0, queued_at=at(1), ended_at=at(9))
    assert told(run) == [
        ("queue", "Queue", "1.0 s"),
        ("unknown", "Start and run", "8.0 s, not split"),
    ]


def test_only_the_total_is_one_dotted_bar() -> None:
    assert told(bare("success", total=18.7)) == [
        ("unknown", "Total", "18.7 s, phases not reported")
    ]


def test_an_unknown_end_is_dotted() -> None:
    run = replace(done(), ended_at=None, run=None, total=None)
    last = bar(run).segments[-1]
    assert last.kind == "unknown"
    assert last.open_end
    assert last.label == ""


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        (bare("success"), "No times reported"),
        (replace(done(), warnings=("negative-run",)), "Times out of order"),
        (replace(done(), warnings=("absurd-total",)), "Implausible times"),
        (replace(live(), created_at=None, started_at=None), "No times reported"),
    ],
)
def test_what_cannot_be_drawn_says_why(run: RunFacts, reason: str) -> None:
    if not run.finished:
        run = replace(run, queued_at=None, queue_wait=None, cold_start=None, before_run=None)
    assert draw_bar(run, seen()) == NoPhaseBar(reason)


def test_a_start_that_never_ended_is_open() -> None:
    run = bare("cancelled", queued_at=at(22.4), ended_at=at(41.3), queue_wait=22.4, total=41.3)
    found = bar(run)
    assert told(run)[1] == ("cold", "Cold start", "not finished: 18.9 s")
    assert found.segments[1].open_end
    assert found.stopper == "neutral"
    assert found.ticks[-1].text == f"cancelled at 41.3{THIN}s"


@pytest.mark.parametrize(
    ("status", "tone"), [("failed", "fail"), ("timeout", "late"), ("success", None)]
)
def test_ends_that_are_no_success_have_a_stopper(status: str, tone: str | None) -> None:
    assert bar(done(status=status)).stopper == tone


def test_a_live_run_ends_at_now_on_a_scale_that_holds() -> None:
    found = bar(live(), seen(48.2))
    assert found.scale == 60
    assert found.marker == found.end
    assert found.segments[-1].growing
    assert found.segments[-1].since == at(8.7)
    assert bar(live(), seen(50)).scale == 60
    assert bar(live(), seen(58)).scale == 90
    assert bar(live(), seen(9)).scale == 30


def test_lost_sight_is_solid_to_the_last_answer_then_dotted() -> None:
    found = bar(live(), lost(164, since=43.9))
    assert found.segments[-1].number_from is None, "a moment alone says nothing"
    assert told(live(), lost(164, since=43.9))[2:] == [
        ("run", "Run", "≥ 35.2 s"),
        ("unknown", "No updates since", "14:03:22 UTC"),
    ]
    assert found.marker is None
    assert [segment.since for segment in found.segments] == [None, None, None, at(43.9)]
    assert not any(segment.growing for segment in found.segments)
    assert share(found.end) == pytest.approx(164 / found.scale * 100, abs=0.01)


def test_the_drawing_has_one_sentence_as_its_name() -> None:
    name = bar(done()).name.replace(THIN, " ")
    assert name == "Queue 1.4 s, Cold start 31.2 s, Run 12.3 s; in total 44.9 s."
    assert bar(done(status="failed")).name.replace(THIN, " ").endswith("; failed after 44.9 s.")


def test_ticks_end_with_the_total_and_keep_their_distance() -> None:
    ticks = bar(done()).ticks
    texts = [tick.text.replace(THIN, " ") for tick in ticks]
    assert texts == ["0", "10 s", "20 s", "30 s", "44.9 s total"]
    assert ticks[-1].anchor == "end"
    assert ticks[-1].strong


def test_a_rows_bar_is_torn_past_the_scale() -> None:
    found = draw_mini_bar(done(20, 60, 200), 60)
    assert found is not None
    assert found.torn
    assert found.stopper is None
    assert sum(share(segment.width) for segment in found.segments) == pytest.approx(100, abs=0.01)


def test_a_rows_bar_of_a_live_run_shows_only_what_is_over() -> None:
    found = draw_mini_bar(live(), 60)
    assert found is not None
    assert [segment.kind for segment in found.segments] == ["queue", "cold"]
    assert found.marker is None
    assert draw_mini_bar(live("not-started"), 60) is None


def test_a_mark_beside_a_long_end_label_is_for_wide_bars() -> None:
    found = bar(done(status="timeout")).ticks
    assert [tick.show_from for tick in found] == sorted(
        (tick.show_from for tick in found[:-1]), key=lambda width: width or 0
    ) + [None]
    assert (found[-2].show_from or 0) >= 480
    assert found[0].show_from == 160


seconds = st.none() | st.floats(min_value=0, max_value=366 * 86_400)


@given(
    st.tuples(seconds, seconds, seconds, seconds, seconds), st.sampled_from(["success", "failed"])
)
def test_whatever_is_known_is_drawn_within_the_scale(times: tuple, status: str) -> None:
    names = ("queue_wait", "cold_start", "before_run", "run", "total")
    run = bare(status, **dict(zip(names, times, strict=True)))
    found = draw_bar(run, seen())
    if isinstance(found, PhaseBar):
        _check(found.segments)
    mini = draw_mini_bar(run, 60)
    if mini:
        _check(mini.segments)


@given(st.sampled_from(["not-started", "queued", "running", "paused"]), st.floats(-10, 1e6))
def test_live_runs_are_drawn_within_the_scale(status: str, now: float) -> None:
    for visibility in (seen(now), lost(now, since=min(now, 5.0))):
        found = draw_bar(live(status), visibility)
        assert isinstance(found, PhaseBar)
        _check(found.segments)


def _check(segments: tuple[BarSegment, ...]) -> None:
    for one, after in pairwise(segments):
        assert share(one.x) + share(one.width) == pytest.approx(share(after.x), abs=0.01)
    assert all(0 <= share(s.x) <= 100 and 0 <= share(s.width) <= 100.001 for s in segments)
