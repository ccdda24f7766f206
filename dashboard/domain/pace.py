"""How long until a run is looked at again: a table of status, age, failures and viewers."""

from dataclasses import dataclass

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
LOOKED, UNLOOKED = (2.0, 5.0, 15.0), (10.0, 30.0, 60.0)
LATE_LOOKS = (5.0, 15.0, 30.0)
LATE_WINDOW = 5 * MINUTE
LONGEST_BACK_OFF = MINUTE
GONE_WAITS = (2 * MINUTE, 8 * MINUTE)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands; ages in seconds since Runboard first saw its status."""

    finished: bool
    status: str | None
    known: bool = True  # whether the status is one of the nine words
    phase_age: float = 0.0
    ended_age: float | None = None  # since the end that upstream reports
    has_end: bool = True  # upstream gave `ended_at`
    looked: bool = True
    failures: int = 0
    gone: bool = False  # unknown to upstream, or not for our key
    retry_after: float | None = None


def next_look(at: Standing) -> float | None:
    """Seconds until the next look, without jitter; None when it is over."""
    if at.failures:
        return _after_failure(at)
    if at.finished:
        return _late(at)
    return live_interval(at)


def live_interval(at: Standing) -> float | None:
    """The interval of a run that is not finished; None after a week of an unknown word."""
    if not at.known and at.status is not None:
        return _unknown(at)
    return _by_age(at)


def _by_age(at: Standing) -> float:
    first, second, third = LOOKED if at.looked else UNLOOKED
    if at.phase_age < MINUTE:
        return first
    return second if at.phase_age < 10 * MINUTE else third


def _unknown(at: Standing) -> float | None:
    if at.phase_age >= 7 * DAY:
        return None
    if at.phase_age >= DAY:
        return HOUR
    return 5 * MINUTE if at.phase_age >= HOUR else _by_age(at)


def _late(at: Standing) -> float | None:
    """After the end: outputs may still come; an assumed timeout may turn back into a run."""
    if at.status == "timeout" and not at.has_end:
        return HOUR if at.phase_age < 48 * HOUR else None
    if at.ended_age is not None and at.ended_age - at.phase_age > LATE_WINDOW:
        return None
    return next((look - at.phase_age for look in LATE_LOOKS if look > at.phase_age + 0.5), None)


def _after_failure(at: Standing) -> float | None:
    if at.gone:
        waits = GONE_WAITS[at.failures - 1 : at.failures]
        return waits[0] if waits else None
    base = _by_age(at)
    wait = min(base * 2 ** min(at.failures - 1, 6), max(LONGEST_BACK_OFF, base))
    return max(wait, at.retry_after or 0.0)
