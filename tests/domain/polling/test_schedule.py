"""The pace as a table."""

import pytest

from dashboard.domain.polling.schedule import (
    PollState,
    demand,
    next_wait,
    stretch,
    wanted_on_opening,
)

HOUR, DAY = 3600, 86400


def running(**given: object) -> PollState:
    return PollState(**{"finished": False, "status": "running", **given})  # type: ignore[arg-type]


def ended(**given: object) -> PollState:
    return PollState(**{"finished": True, "status": "success", "ended_age": 0, **given})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "wait"),
    [
        (running(phase_age=0), 2),
        (running(phase_age=59.9), 2),
        (running(phase_age=60), 5),
        (running(phase_age=599), 5),
        (running(phase_age=600), 15),
        (running(phase_age=30 * DAY), 15),
        (running(status="not-started", phase_age=5 * HOUR), 15),
        (running(phase_age=0, looked=False), 10),
        (running(phase_age=60, looked=False), 30),
        (running(phase_age=600, looked=False), 60),
        (running(status=None), 2),
        # An unknown word is looked at ever slower, for a week.
        (running(status="paused", known=False, phase_age=0), 2),
        (running(status="paused", known=False, phase_age=HOUR), 300),
        (running(status="paused", known=False, phase_age=DAY), HOUR),
        (running(status="paused", known=False, phase_age=7 * DAY), None),
        # Late outputs: 5, 15 and 30 s after the end.
        (ended(phase_age=0, ended_age=1), 5),
        (ended(phase_age=5, ended_age=6), 10),
        (ended(phase_age=15.2, ended_age=16), 14.8),
        (ended(phase_age=30, ended_age=31), None),
        (ended(phase_age=0, ended_age=301), None),
        (ended(phase_age=0, ended_age=None), 5),
        # A timeout without an end may come back.
        (ended(status="timeout", has_end=False, phase_age=10), HOUR),
        (ended(status="timeout", has_end=False, phase_age=48 * HOUR), None),
        (ended(status="timeout", has_end=True, phase_age=0), 5),
        # Failures are made up for quickly at first; then they back off, to a minute.
        (running(failures=1), 2),
        (running(failures=4), 4),
        (running(failures=1, looked=False), 1),
        (running(failures=3, looked=False, phase_age=600), 1),
        (running(failures=7, looked=False), 4),
        (running(failures=50), 60),
        (running(failures=1, retry_after=17.0), 17),
        # What stops everybody does not slow this run down.
        (running(failures=9, trouble="rate-limited"), 2),
        (running(failures=9, trouble="key-rejected"), 2),
        # A run that alone has failed for a day is asked for every five minutes.
        (running(failures=90, trouble="server-error", trouble_age=DAY), 300),
        # One that was never seen hourly after an hour, for two days.
        (running(status=None, failures=9, trouble="server-error", trouble_age=HOUR), HOUR),
        (running(status=None, failures=9, trouble="server-error", trouble_age=2 * DAY), None),
        # But without a network, which says nothing of it, soon, and for as long as that takes.
        (running(status=None, failures=50, trouble="unreachable", trouble_age=HOUR), 60),
        (running(status=None, failures=50, trouble="timed-out", trouble_age=HOUR), 60),
        (running(status=None, failures=500, trouble="unreachable", trouble_age=3 * DAY), 300),
        (running(status=None, failures=500, trouble="timed-out", trouble_age=90 * DAY), 300),
        # Late outputs are looked for until ComfyDeploy answers again.
        (ended(failures=1, phase_age=40, trouble="unreachable"), 5),
        (ended(failures=19, phase_age=900, trouble="unreachable"), 60),
        (ended(failures=9, phase_age=HOUR, trouble="unreachable", trouble_age=HOUR), HOUR),
        (ended(status="timeout", has_end=False, failures=2, trouble="timed-out"), HOUR),
        # Unknown upstream: three tries over ten minutes, however often a reader asks between.
        (running(failures=1, trouble="not-found"), 120),
        (running(failures=2, trouble="not-found", trouble_age=120), 480),
        (running(failures=3, trouble="not-found", trouble_age=600), None),
        (running(failures=9, trouble="not-found", trouble_age=20), 100),
        (running(failures=2, trouble="not-found", trouble_age=HOUR), 120),
        # Not for our key: the same, then hourly where the run had been seen with another key.
        (running(failures=2, trouble="forbidden", trouble_age=120), 480),
        (running(failures=3, trouble="forbidden", trouble_age=600), HOUR),
        (running(failures=50, trouble="forbidden", trouble_age=2 * DAY), None),
        (running(status=None, failures=3, trouble="forbidden", trouble_age=600), None),
        # The rate is short: intervals of live runs grow by one factor.
        (running(phase_age=0, stretch=4.0), 8),
        (running(phase_age=600, looked=False, stretch=1.5), 90),
        (ended(phase_age=0, ended_age=1, stretch=4.0), 5),
    ],
)
def test_the_next_look(at: PollState, wait: float | None) -> None:
    found = next_wait(at)
    assert found == pytest.approx(wait) if wait is not None else found is None


def test_the_demand_is_the_sum_over_all_live_runs() -> None:
    assert demand((10, 10, 15), (20, 30, 60)) == pytest.approx(5 + 2 + 1 + 2 + 1 + 1)
    assert demand((0, 0, 0), (0, 0, 0)) == 0


@pytest.mark.parametrize(
    ("wanted", "rate", "factor"),
    [(0, 10, 1), (10, 10, 1), (10.1, 10, 1.1), (40, 10, 4), (12, 10, 1.2), (12.4, 10, 1.3)],
)
def test_intervals_stretch_when_more_is_wanted_than_there_is(
    wanted: float, rate: float, factor: float
) -> None:
    assert stretch(wanted, rate) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("at", "asked", "wanted"),
    [
        (PollState(True, "success", ended_age=600), 300, True),
        (PollState(True, "success", ended_age=600), None, True),
        (PollState(True, "success", ended_age=600), 299, False),
        (PollState(True, "failed", ended_age=24 * 3600), 9999, False),
        (PollState(True, "success"), 9999, False),
        (PollState(True, "success", ended_age=600, failures=1), 9999, False),
        (PollState(True, "timeout", ended_age=9e6, has_end=False), 60, True),
        (PollState(True, "timeout", ended_age=9e6, has_end=False), 59, False),
        (PollState(True, "timeout", ended_age=9e6), 9999, False),
        (PollState(False, "running"), 9999, False),
    ],
)
def test_opening_asks_once_more_where_something_may_still_come(
    at: PollState, asked: float | None, wanted: bool
) -> None:
    assert wanted_on_opening(at, asked) == wanted
