"""The five phases of a run."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.run.durations import (
    LONGEST,
    POSTED_AGAIN,
    Durations,
    posted_again,
    read_durations,
    start_kind,
    without_start,
)
from dashboard.domain.run.facts import RunFacts

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FIELDS = {
    "cold": "cold_start_duration",
    "before": "cold_start_duration_total",
    "run": "run_duration",
    "total": "duration",
}
NAMES = ("created", "queued", "started", "ended")


def stamps(**seconds: float | None) -> dict[str, datetime | None]:
    """Moments by seconds after noon; a run of 1 s, 5 s and 10 s unless told otherwise."""
    given = {"created": 0.0, "queued": 1.0, "started": 6.0, "ended": 16.0, **seconds}
    return {
        name: None if after is None else NOON + timedelta(seconds=after)
        for name, after in given.items()
    }


def read(
    at: dict[str, datetime | None], *, finished: bool = True, **reported: float | None
) -> tuple[Durations, tuple[str, ...]]:
    return read_durations({FIELDS[name]: v for name, v in reported.items()}, at, finished)


def test_the_stamps_serve_where_nothing_is_reported() -> None:
    assert read(stamps()) == (Durations(1.0, 5.0, 6.0, 10.0, 16.0), ())


def test_the_reported_values_win_over_the_stamps() -> None:
    known, warnings = read(stamps(), cold=5.25, before=6.5, run=9.75, total=16.25)
    assert known == Durations(1.25, 5.25, 6.5, 9.75, 16.25)
    assert warnings == ()


def test_a_missing_field_alone_falls_back_to_its_stamps() -> None:
    known, _ = read(stamps(), cold=5.25, run=9.75)
    assert known == Durations(1.0, 5.25, 6.0, 9.75, 16.0)


def test_the_queue_is_what_the_start_leaves_of_the_time_before_the_run() -> None:
    known, _ = read(stamps(), cold=7.763247, before=12.576251)
    assert known.queue_wait == 4.813004


def test_a_reported_value_needs_no_stamps() -> None:
    nothing = stamps(created=None, queued=None, started=None)
    known, warnings = read(nothing, cold=5.0, before=6.0, run=10.0, total=16.0)
    assert known == Durations(1.0, 5.0, 6.0, 10.0, 16.0)
    assert warnings == ()


def test_zeros_count_only_where_both_stamps_are_there() -> None:
    zeros = {"cold": 0.0, "before": 0.0, "run": 0.0, "total": 0.0}
    known, warnings = read(stamps(queued=None, started=None), **zeros)
    assert known == Durations(total=0.0)
    assert warnings == ("timestamps-disagree",)
    same = stamps(created=0, queued=0, started=0, ended=0)
    assert read(same, **zeros)[0] == Durations(0.0, 0.0, 0.0, 0.0, 0.0)


def test_a_run_cancelled_by_the_question_has_no_times_at_all() -> None:
    just_created = stamps(queued=None, started=None, ended=None)
    assert read(just_created, cold=0.0, before=0.0, run=0.0, total=0.0) == (Durations(), ())


@pytest.mark.parametrize("finished", [True, False])
def test_without_an_end_there_is_no_run_and_no_total_whatever_is_reported(finished: bool) -> None:
    known, warnings = read(stamps(ended=None), finished=finished, run=-10.0, total=16.0)
    assert known == Durations(queue_wait=1.0, cold_start=5.0, before_run=6.0)
    assert warnings == ()


def test_a_start_that_never_ended_is_not_known() -> None:
    known, warnings = read(stamps(started=None), cold=5.0)
    assert known == Durations(queue_wait=1.0, total=16.0)
    assert warnings == ()


def test_a_live_run_knows_what_has_ended() -> None:
    at = stamps(started=None, ended=None)
    assert read(at, finished=False)[0] == Durations(queue_wait=1.0)


@pytest.mark.parametrize(
    ("field", "phase"),
    [("cold", "cold_start"), ("before", "before_run"), ("run", "run"), ("total", "total")],
)
@pytest.mark.parametrize(("value", "word"), [(-0.1, "negative"), (LONGEST + 1, "absurd")])
def test_a_value_in_force_that_cannot_be_is_unknown_and_said(
    field: str, phase: str, value: float, word: str
) -> None:
    known, warnings = read(stamps(), **{field: value})
    assert getattr(known, phase) is None
    assert f"{word}-{phase}" in warnings


def test_a_negative_queue_is_said_of_the_queue() -> None:
    known, warnings = read(stamps(), cold=60.6, before=60.2)
    assert known.queue_wait is None
    assert known.cold_start == 60.6
    assert "negative-queue_wait" in warnings


def test_a_beaten_value_is_not_warned_of() -> None:
    known, warnings = read(stamps(ended=5.0), run=10.0, total=16.0)
    assert known.run == 10.0
    assert "negative-run" not in warnings
    assert "timestamps-disagree" in warnings


def test_stamps_in_force_are_warned_of() -> None:
    known, warnings = read(stamps(ended=5.0))
    assert known.run is None
    assert warnings == ("negative-run", "started-after-end")


@pytest.mark.parametrize(
    ("at", "known"),
    [
        ({}, Durations(1.0, 5.0, 6.0, 10.0, 16.0)),
        ({"started": 16.0}, Durations(1.0, 15.0, 16.0, 0.0, 16.0)),  # as it ended: in order
        ({"started": 20.0}, Durations(1.0, None, None, None, 16.0)),
        ({"queued": 18.0, "started": 20.0}, Durations(None, None, None, None, 16.0)),
        ({"queued": 18.0}, Durations(None, None, 6.0, 10.0, 16.0)),
        ({"queued": 18.0, "started": None}, Durations(total=16.0)),
        ({"created": None, "started": 20.0}, Durations()),
        ({"started": 20.0, "ended": None}, Durations(1.0, 19.0, 20.0)),
    ],
)
@pytest.mark.parametrize("reported", [False, True])
def test_every_order_of_stamps_has_its_times(
    at: dict[str, float | None], known: Durations, reported: bool
) -> None:
    """A stamp after the end was posted again: what hangs on it is lost, though it is reported."""
    moments = stamps(**at)
    spans = {
        "cold": ("queued", "started"),
        "before": ("created", "started"),
        "run": ("started", "ended"),
        "total": ("created", "ended"),
    }
    fields = {
        name: (moments[last] - moments[first]).total_seconds()  # type: ignore[operator]
        for name, (first, last) in spans.items()
        if reported and moments[first] and moments[last]
    }
    found, warnings = read(moments, **fields)
    assert found == known
    late = any(
        moments["ended"] and moments[name] and moments[name] > moments["ended"]  # type: ignore[operator]
        for name in ("queued", "started")
    )
    assert (POSTED_AGAIN in warnings) == bool(late)


def run_of(**values: Any) -> RunFacts:
    return RunFacts(id=UUID(int=1), **{"status": "failed", "finished": True, **values})


@pytest.mark.parametrize(
    ("was", "now", "again"),
    [
        ({"started_at": NOON}, {"started_at": NOON}, False),
        ({"started_at": NOON}, {"started_at": NOON + timedelta(seconds=9)}, True),
        ({"started_at": None}, {"started_at": NOON}, False),
        ({"started_at": NOON, "warnings": (POSTED_AGAIN,)}, {"started_at": NOON}, True),
        ({"started_at": NOON, "finished": False}, {"started_at": None}, False),
        ({"started_at": NOON, "status": "timeout"}, {"started_at": None}, False),
        ({"started_at": NOON, "status": "timeout", "ended_at": NOON}, {"started_at": None}, True),
    ],
)
def test_a_start_that_moves_after_the_end_was_posted_again(
    was: dict[str, Any], now: dict[str, Any], again: bool
) -> None:
    assert posted_again(run_of(**was), run_of(**now)) == again
    left = without_start(run_of(cold_start=9.0, start_kind="cold", total=20.0, **now))
    assert (left.cold_start, left.start_kind, left.total) == (None, "unknown", 20.0)


@pytest.mark.parametrize(
    ("reported", "disagree"), [(10.0, False), (11.0, False), (11.001, True), (8.9, True)]
)
def test_more_than_a_second_apart_is_a_disagreement(reported: float, disagree: bool) -> None:
    _, warnings = read(stamps(), run=reported)
    assert ("timestamps-disagree" in warnings) == disagree


def test_a_year_is_the_longest_phase() -> None:
    assert read(stamps(), total=LONGEST)[0].total == LONGEST


@pytest.mark.parametrize(
    ("cold_start", "kind"), [(None, "unknown"), (0.0, "warm"), (5.0, "warm"), (5.01, "cold")]
)
def test_the_kind_of_start_is_never_guessed(cold_start: float | None, kind: str) -> None:
    assert start_kind(cold_start, 5.0) == kind


SECONDS = st.none() | st.floats(-1e9, 1e9)
FINITE = st.none() | st.floats(allow_nan=False, allow_infinity=False) | st.just(0.0)


@given(
    st.fixed_dictionaries(dict.fromkeys(FIELDS.values(), FINITE)),
    st.fixed_dictionaries(dict.fromkeys(NAMES, SECONDS)),
    st.booleans(),
)
def test_any_combination_gives_sane_values_or_none(
    reported: dict[str, Any], seconds: dict[str, Any], finished: bool
) -> None:
    known, warnings = read_durations(reported, stamps(**seconds), finished)
    for phase in ("queue_wait", "cold_start", "before_run", "run", "total"):
        value = getattr(known, phase)
        assert value is None or 0 <= value <= LONGEST
        warned = {f"negative-{phase}", f"absurd-{phase}"} & set(warnings)
        assert not warned or value is None
    assert len(warnings) == len(set(warnings))
