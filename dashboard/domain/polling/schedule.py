"""How long until a run is refreshed again: by its status, age, failures and viewers."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from dashboard.domain.polling.trouble import Trouble

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
LOOKED, UNLOOKED = (2.0, 5.0, 15.0), (10.0, 30.0, 60.0)
LATE_LOOKS = (5.0, 15.0, 30.0)
LATE_WINDOW = 5 * MINUTE
ASSUMED_WINDOW = 48 * HOUR
REOPENED_WITHIN, REOPENED_GAP, ASSUMED_GAP = DAY, 5 * MINUTE, MINUTE
LONGEST_BACK_OFF, LOOKED_RETRY, UNLOOKED_RETRY = MINUTE, 2.0, 1.0
GONE_AT, GONE_TRIES = (2 * MINUTE, 10 * MINUTE), 3
NOT_FOUND, FORBIDDEN = Trouble.NOT_FOUND, Trouble.FORBIDDEN
EVERYBODY = frozenset({Trouble.RATE_LIMITED, Trouble.KEY_REJECTED})
NETWORK = frozenset({Trouble.UNREACHABLE, Trouble.TIMED_OUT})


@dataclass(frozen=True, slots=True)
class PollState:
    """Where a run stands; ages in seconds since Runboard first saw its status."""

    finished: bool
    status: str | None
    known: bool = True  # whether the status is one of the nine words
    phase_age: float = 0.0
    ended_age: float | None = None  # since the end that upstream reports
    has_end: bool = True  # upstream gave `ended_at`
    looked: bool = True
    failures: int = 0
    trouble: str | None = None  # of the last failure
    trouble_age: float = 0.0
    retry_after: float | None = None
    stretch: float = 1.0  # by which all intervals of live runs grow when the rate is short


def next_wait(at: PollState) -> float | None:
    """Seconds until the next refresh, without jitter; None when there is none."""
    if at.failures:
        return _after_failure(at)
    if at.finished:
        return _late(at)
    return live_interval(at)


def live_interval(at: PollState) -> float | None:
    """The interval of a run that is not finished; None after a week of an unknown word."""
    if not at.known and at.status is not None:
        return _unknown(at)
    return _by_age(at)


def _by_age(at: PollState) -> float:
    return (LOOKED if at.looked else UNLOOKED)[_age_band(at.phase_age)] * at.stretch


def _age_band(age: float) -> int:
    return 0 if age < MINUTE else 1 if age < 10 * MINUTE else 2


def _unknown(at: PollState) -> float | None:
    if at.phase_age >= 7 * DAY:
        return None
    if at.phase_age >= DAY:
        return HOUR
    return max(5 * MINUTE, _by_age(at)) if at.phase_age >= HOUR else _by_age(at)


def wanted_on_opening(at: PollState, asked_age: float | None) -> bool:
    """Whether opening a finished run asks once more: outputs come late, a timeout may be none.

    `asked_age` is in seconds since the last request. A run in trouble keeps its waits.
    """
    assumed = _assumed(at)
    recent = at.ended_age is not None and at.ended_age < REOPENED_WITHIN
    if not at.finished or at.failures or not (assumed or recent):
        return False
    return asked_age is None or asked_age >= (ASSUMED_GAP if assumed else REOPENED_GAP)


def _assumed(at: PollState) -> bool:
    """Whether ComfyDeploy only assumes the timeout, because no update came for 24 h."""
    return at.finished and at.status == "timeout" and not at.has_end


def _late(at: PollState) -> float | None:
    """After the end: outputs may still come; an assumed timeout may turn back into a run."""
    if _assumed(at):
        # A run whose last update came long before it was first seen does not go on any more.
        age = max(at.phase_age, (at.ended_age or 0.0) - DAY)
        return HOUR if age < ASSUMED_WINDOW else None
    if at.ended_age is not None and at.ended_age - at.phase_age > LATE_WINDOW:
        return None
    return next((look - at.phase_age for look in LATE_LOOKS if look > at.phase_age + 0.5), None)


def _after_failure(at: PollState) -> float | None:
    if at.trouble in {NOT_FOUND, FORBIDDEN}:
        return _gone(at)
    if at.trouble in EVERYBODY:
        # The circuit breaker holds all requests back; the run keeps its interval.
        return max(_pace(at), at.retry_after or 0.0)
    if _assumed(at):
        return _late(at)
    if at.finished or (at.status is None and at.trouble not in NETWORK):
        return _back_off(at) if at.trouble_age < HOUR else _seldom(at)
    # A network failure is not about this run: it is tried until the network is back.
    return _back_off(at) if at.trouble_age < DAY else 5 * MINUTE


def _gone(at: PollState) -> float | None:
    """Three requests over ten minutes; a run seen before may be hidden from this key only."""
    due = next((moment - at.trouble_age for moment in GONE_AT if moment > at.trouble_age + 1), None)
    if due is None and at.failures < GONE_TRIES:
        due = GONE_AT[0]
    if due is not None:
        return due
    hidden = at.trouble == FORBIDDEN and at.status is not None and not at.finished
    return _seldom(at) if hidden else None


def _seldom(at: PollState) -> float | None:
    return HOUR if at.trouble_age < ASSUMED_WINDOW else None


def _pace(at: PollState) -> float:
    return LATE_LOOKS[0] if at.finished else _by_age(at)


def _back_off(at: PollState) -> float:
    """Short at first, so that one lost answer misses no status; then longer and longer."""
    factor: int = 2 ** min((at.failures - 1) // 3, 6)
    wait = min(_retry_base(at) * factor, LONGEST_BACK_OFF)
    return max(wait, at.retry_after or 0.0)


def _retry_base(at: PollState) -> float:
    if at.finished:
        return LATE_LOOKS[0]
    return (LOOKED_RETRY if at.looked else UNLOOKED_RETRY) * at.stretch


def demand(looked: Sequence[int], unlooked: Sequence[int]) -> float:
    """Requests a second that live runs need, from their number in each age band."""
    pairs = zip((*looked, *unlooked), (*LOOKED, *UNLOOKED), strict=True)
    return sum(count / interval for count, interval in pairs)


def stretch(wanted: float, rate: float) -> float:
    """The one factor by which all intervals grow when more is wanted than the rate allows.

    In steps of a tenth, so that what pages say does not change with every run.
    """
    return max(1.0, ceil(10 * wanted / rate - 1e-6) / 10)
