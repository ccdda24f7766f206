"""The pace as a table."""

import pytest

from dashboard.domain.pace import Standing, next_look

HOUR, DAY = 3600, 86400


def running(**given: object) -> Standing:
    return Standing(**{"finished": False, "status": "running", **given})  # type: ignore[arg-type]


def ended(**given: object) -> Standing:
    return Standing(**{"finished": True, "status": "success", "ended_age": 0, **given})  # type: ignore[arg-type]


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
        # Failures back off, to a minute.
        (running(failures=1), 2),
        (running(failures=3), 8),
        (running(failures=50), 60),
        (running(failures=1, retry_after=17.0), 17),
        # Unknown upstream or not ours: three tries over ten minutes.
        (running(failures=1, gone=True), 120),
        (running(failures=2, gone=True), 480),
        (running(failures=3, gone=True), None),
    ],
)
def test_the_next_look(at: Standing, wait: float | None) -> None:
    found = next_look(at)
    assert found == pytest.approx(wait) if wait is not None else found is None
