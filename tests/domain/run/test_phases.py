"""The phases of a run at one moment: which one grows, since when, and the shares of the total."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.run.facts import Phase
from dashboard.domain.run.phases import (
    began_at,
    elapsed,
    growing_phase,
    out_of_order,
    shares_of,
    unfinished_seconds,
    unfinished_start,
)
from tests.timed_run import CREATED, at, bare, done, live, lost, seen


@pytest.mark.parametrize(
    ("status", "phase"),
    [
        ("not-started", Phase.QUEUE_WAIT),
        ("queued", Phase.COLD_START),
        ("started", Phase.RUN),
        ("running", Phase.RUN),
        ("uploading", Phase.RUN),
    ],
)
def test_each_status_has_its_growing_phase(status: str, phase: Phase) -> None:
    assert growing_phase(live(status)) is phase


def test_nothing_grows_after_the_end_or_without_a_timestamp() -> None:
    assert growing_phase(done()) is None
    assert growing_phase(live(started_at=None)) is None


def test_a_phase_begins_with_its_timestamp() -> None:
    assert began_at(live(), Phase.RUN) == at(8.7)
    assert began_at(live(), Phase.TOTAL) == CREATED
    assert began_at(live("queued"), Phase.RUN) is None


def test_time_is_counted_to_the_last_answer_and_is_never_negative() -> None:
    assert elapsed(CREATED, seen(48.2)) == pytest.approx(48.2)
    assert elapsed(CREATED, lost(164.0, since=43.9)) == pytest.approx(43.9)
    assert elapsed(CREATED, seen(-5)) == 0


@given(*[st.floats(min_value=0.001, max_value=1e6)] * 3)
def test_shares_always_add_up(queue: float, cold: float, run: float) -> None:
    shares = shares_of(done(queue, cold, run))
    parts = [shares[phase] for phase in (Phase.QUEUE_WAIT, Phase.COLD_START, Phase.RUN)]
    assert sum(parts) == 100
    assert all(0 <= part <= 100 for part in parts)
    assert shares[Phase.BEFORE_RUN] == parts[0] + parts[1]


def test_there_are_no_shares_of_a_total_that_the_phases_do_not_fill() -> None:
    assert shares_of(done(total=500.0)) == {}
    assert shares_of(done(queue_wait=None)) == {}
    assert shares_of(live()) == {}


def test_a_start_that_never_ended_has_its_length() -> None:
    run = bare("cancelled", queued_at=at(22.4), ended_at=at(41.3))
    assert unfinished_start(run)
    assert unfinished_seconds(run) == pytest.approx(18.9)
    assert not unfinished_start(bare("success", queued_at=at(1), ended_at=at(9)))


def test_a_negative_phase_is_out_of_order() -> None:
    assert out_of_order(done(warnings=("negative-run",)))
    assert not out_of_order(done(warnings=("absurd-run",)))
