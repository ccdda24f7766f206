"""Whether ComfyDeploy may be asked: this process's token bucket and the shared gate."""

import logging
import threading
import time
from datetime import datetime, timedelta

from django.core.signals import setting_changed

from dashboard.domain.polling import circuit_breaker
from dashboard.domain.polling.circuit_breaker import BreakerState, Permit
from dashboard.domain.polling.trouble import Refusal, Trouble
from dashboard.models import Gate
from dashboard.presentation.trouble import refusal_text
from dashboard.services import clock
from dashboard.services.comfydeploy import load, shared_state
from dashboard.services.comfydeploy.token_bucket import history_bucket, token_bucket
from dashboard.upstream.errors import UpstreamError

log = logging.getLogger(__name__)
TOKEN_WAIT = 5.0  # seconds that the page of an unseen run waits for a token
# Seconds for which a state that was read is used again.
STATE_MAX_AGE, STATE_MAX_AGE_ON_SUCCESS = 1.0, 0.25

_last_read: tuple[float, BreakerState] | None = None
_lock = threading.Lock()


class GateClosed(UpstreamError):
    """ComfyDeploy was not asked: the gate is closed, or no token is left."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal_text(refusal).sentence)
        self.refusal = refusal
        self.trouble = Trouble(refusal.word)


def forget() -> None:
    """Resets this process: no state is cached, the token buckets are full."""
    global _last_read
    _last_read = None
    token_bucket.cache_clear()
    history_bucket.cache_clear()
    load.forget()


def _rate_changed(*, setting: str, **_: object) -> None:
    if setting == "UPSTREAM_RATE":
        forget()


setting_changed.connect(_rate_changed)


# The gate's state


def read_state() -> BreakerState:
    """The gate's state, read from the database now."""
    return _remember(Gate.read())


def current_stop(now: datetime) -> BreakerState | None:
    """The state of a closed gate, at most a second old; None while requests may be sent."""
    state = _recent_state(STATE_MAX_AGE)
    return None if _permit(state, now) == Permit.ALLOWED else state


def _permit(state: BreakerState, now: datetime) -> Permit:
    return circuit_breaker.permit(state, now, shared_state.key_digest())


def _recent_state(max_age: float) -> BreakerState:
    last = _last_read
    return last[1] if last and time.monotonic() - last[0] < max_age else read_state()


def permit(now: datetime) -> Permit:
    """Which requests may go out; a probe still has to be claimed with `claim_probe`."""
    return _permit(read_state(), now)


def claim_probe(now: datetime) -> bool:
    """Claims the one request that may be sent as a probe; False if another process has it."""
    state = read_state()
    return _permit(state, now) == Permit.PROBE and _claim_probe(state, now)


def _claim_probe(state: BreakerState, now: datetime) -> bool:
    until = circuit_breaker.probing(state, now).until
    assert until is not None
    return Gate.claim_probe(state, until)


def unanswered() -> bool:
    """Whether the newest request failed and none was answered since; at most a second old."""
    return _recent_state(STATE_MAX_AGE).strikes > 0


def is_closed(now: datetime) -> bool:
    """Whether the gate is closed by the state that was last read; no query."""
    last = _last_read
    return last is not None and _permit(last[1], now) == Permit.BLOCKED


def record_outcome(error: UpstreamError | None, now: datetime) -> None:
    """Reports an answer (error=None) or an error to the gate; writes where its state changes."""
    shared_state.record_answer(error, now)
    key = shared_state.key_digest()

    def decide(state: BreakerState) -> BreakerState:
        if error is None:
            return circuit_breaker.after_success(state, now, key)
        return circuit_breaker.after_failure(state, error.trouble, now, key, error.retry_after)

    # A good answer may miss another process's newest strikes: the next one resets them.
    state = _recent_state(STATE_MAX_AGE_ON_SUCCESS) if error is None else read_state()
    if decide(state) == state:
        return
    before, after = Gate.change(decide)
    _remember(after)
    _log_change(before, after, now)


def _remember(state: BreakerState) -> BreakerState:
    global _last_read
    with _lock:
        _last_read = (time.monotonic(), state)
    return state


def _log_change(before: BreakerState, after: BreakerState, now: datetime) -> None:
    was, is_now = _permit(before, now), _permit(after, now)
    if is_now == Permit.BLOCKED and (was == Permit.ALLOWED or before.reason != after.reason):
        assert after.until is not None
        wait = (after.until - now).total_seconds()
        log.error("Asking ComfyDeploy is stopped (%s); next try in %.0f s.", after.reason, wait)
    elif is_now == Permit.ALLOWED and before.reason:
        log.warning("ComfyDeploy is asked again (was stopped: %s).", before.reason)


# Admission of requests


def admit_first() -> None:
    """Admits the request for an unseen run, waiting at most 5 s for a token; raises GateClosed."""
    now = clock.now()
    state = read_state()
    if _permit(state, now) == Permit.BLOCKED:
        raise GateClosed(_refusal_of(state, now))
    if not token_bucket().take_first(TOKEN_WAIT):
        wait = timedelta(seconds=max(1.0, token_bucket().ready_in()))
        raise GateClosed(Refusal(circuit_breaker.LIMIT, clock.now() + wait, ours=True))
    _pass_or_return_token()


def admit() -> bool:
    """Admits a refresh: takes a token and passes the gate; False where either fails."""
    if not token_bucket().take():
        return False
    try:
        _pass_or_return_token()
    except GateClosed:
        return False
    return True


def admit_on_demand() -> bool:
    """Admits what a person asks for, as a probe where requests are stopped (but for a limit)."""
    if not token_bucket().take():
        return False
    now, admitted = clock.now(), False
    try:
        state = read_state()
        found = circuit_breaker.permit_on_demand(state, now, shared_state.key_digest())
        admitted = found == Permit.ALLOWED or (found == Permit.PROBE and _claim_probe(state, now))
    finally:
        if not admitted:
            token_bucket().give_back()
    return admitted


def may_ask(now: datetime) -> bool:
    """Whether `admit` is likely to succeed: a token is there, the gate was not closed; no query."""
    return not is_closed(now) and token_bucket().ready_in() <= 0


def refusal(now: datetime) -> Refusal | None:
    """Why ComfyDeploy can't be asked, for the page of an unseen run; None while it can."""
    state = current_stop(now)
    return None if state is None else _refusal_of(state, now)


def _pass_or_return_token() -> None:
    """Passes the gate with a token in hand, so that a claimed probe is sent; else returns it."""
    now = clock.now()
    try:
        state = read_state()
        permission = _permit(state, now)
        if permission == Permit.ALLOWED:
            return
        if permission == Permit.PROBE and claim_probe(now):
            return
        raise GateClosed(_refusal_of(state, now))
    except Exception:
        token_bucket().give_back()
        raise


def _refusal_of(state: BreakerState, now: datetime) -> Refusal:
    return Refusal(state.reason, max(state.until or now, now))
