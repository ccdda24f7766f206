"""The circuit breaker: what stops all requests to ComfyDeploy, and until when."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from dashboard.domain.polling.trouble import Trouble

LIMIT, KEY = Trouble.RATE_LIMITED, Trouble.KEY_REJECTED
OUTAGES = frozenset({Trouble.UNREACHABLE, Trouble.TIMED_OUT, Trouble.SERVER_ERROR})
ABOUT_A_RUN = frozenset({Trouble.NOT_FOUND, Trouble.FORBIDDEN})
FAILURES_TO_OPEN = 5
PROBE_EVERY = timedelta(seconds=10)
KEY_WAIT = timedelta(minutes=5)
LIMIT_WAIT = timedelta(seconds=10)
ON_DEMAND_GAP = timedelta(seconds=2)


class Permit(StrEnum):
    """Which requests may go out: any, none, or the one that finds out."""

    ALLOWED = "allowed"
    BLOCKED = "blocked"
    PROBE = "probe"


@dataclass(frozen=True, slots=True)
class BreakerState:
    """The one row that every process shares; an empty reason means that requests may go out."""

    reason: str = ""
    since: datetime | None = None
    until: datetime | None = None
    strikes: int = 0  # in a row: no answer, timeout or 5xx
    key: str = ""  # digest of the key that was rejected or limited


def permit(state: BreakerState, now: datetime, key: str) -> Permit:
    """Which requests may go out at this moment."""
    if not state.reason or state.until is None:
        return Permit.ALLOWED
    if state.reason in {LIMIT, KEY} and state.key != key:
        return Permit.ALLOWED
    if now < state.until:
        return Permit.BLOCKED
    return Permit.ALLOWED if state.reason == LIMIT else Permit.PROBE


def permit_on_demand(state: BreakerState, now: datetime, key: str) -> Permit:
    """The same for a request that a person asks for: it need not wait for the next probe.

    A limit still holds, and two such probes are at least 2 s apart.
    """
    found = permit(state, now, key)
    if found != Permit.BLOCKED or state.reason == LIMIT or state.until is None:
        return found
    last_probe = state.until - _probe_wait(state)
    return Permit.PROBE if now - last_probe >= ON_DEMAND_GAP else Permit.BLOCKED


def after_success(state: BreakerState, now: datetime, key: str) -> BreakerState:
    """A good answer closes the breaker, but for another key's rejection or a limit in force."""
    if state.reason == KEY and state.key != key:
        return replace(state, strikes=0)
    if state.reason == LIMIT and state.until is not None and now < state.until:
        # Requests that were under way when the limit was met do not lift it.
        return replace(state, strikes=0)
    return BreakerState()


def after_failure(
    state: BreakerState, trouble: str, now: datetime, key: str, retry_after: float | None = None
) -> BreakerState:
    """The state after a failure; one that is about a run shows that ComfyDeploy answers.

    It ends a stop, but as long as nothing is stopped it counts for nothing.
    """
    if trouble == LIMIT:
        wait = LIMIT_WAIT if retry_after is None else timedelta(seconds=retry_after)
        return _open(state, LIMIT, now, now + wait, key)
    if trouble == KEY:
        return _open(state, KEY, now, now + KEY_WAIT, key)
    if trouble in ABOUT_A_RUN and state.reason:
        return after_success(state, now, key)
    if trouble not in OUTAGES:
        return state
    struck = replace(state, strikes=min(state.strikes + 1, 1000))
    if struck.strikes < FAILURES_TO_OPEN or permit(state, now, key) == Permit.BLOCKED:
        return struck
    return _open(struck, trouble, now, now + PROBE_EVERY, "")


def probing(state: BreakerState, now: datetime) -> BreakerState:
    """The row while one probe is out: the next may go when this time has passed."""
    return replace(state, until=now + _probe_wait(state))


def _probe_wait(state: BreakerState) -> timedelta:
    return KEY_WAIT if state.reason == KEY else PROBE_EVERY


def _open(
    state: BreakerState, reason: str, now: datetime, until: datetime, key: str
) -> BreakerState:
    """Opens the breaker until then; a longer stop for the same reason and a limit's end stay."""
    same = state.reason == reason and state.key == key
    outage = reason in OUTAGES and state.reason in OUTAGES
    limited = state.reason == LIMIT and state.key == key
    if (same or limited) and state.until is not None:
        until = max(until, state.until)
    since = state.since if same or outage else now
    return BreakerState(reason, since or now, until, state.strikes, key)
