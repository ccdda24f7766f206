"""When this process may ask ComfyDeploy: its own bucket, and the gate that all share."""

import logging
import threading
import time
from datetime import datetime, timedelta

from django.core.signals import setting_changed

from dashboard.domain.polling import circuit_breaker
from dashboard.domain.polling.circuit_breaker import BreakerState
from dashboard.domain.polling.trouble import Refusal, Trouble
from dashboard.models import Gate
from dashboard.presentation.trouble import refusal_text
from dashboard.services import clock
from dashboard.services.comfydeploy import load, shared_state
from dashboard.services.comfydeploy.token_bucket import token_bucket
from dashboard.upstream.errors import UpstreamError

log = logging.getLogger(__name__)
TOKEN_WAIT = 5.0
READ_EVERY, HEARD_EVERY = 1.0, 0.25

_read: tuple[float, BreakerState] | None = None
_lock = threading.Lock()


class GateClosed(UpstreamError):
    """ComfyDeploy was not asked: everybody is stopped, or our own limit is reached."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal_text(refusal).sentence)
        self.refusal = refusal
        self.trouble = Trouble(refusal.word)


def forget() -> None:
    """A new beginning for this process: nothing is known, the bucket is full."""
    global _read
    _read = None
    token_bucket.cache_clear()
    load.forget()


def _rate_changed(*, setting: str, **_: object) -> None:
    if setting == "UPSTREAM_RATE":
        forget()


setting_changed.connect(_rate_changed)


# The gate


def gate_now() -> BreakerState:
    """The gate as the database has it at this moment."""
    return _keep(Gate.read())


def current_stop(now: datetime) -> BreakerState | None:
    """What stops everybody, as known for at most a second; None when asking is open."""
    state = _recent(READ_EVERY)
    return (
        None
        if circuit_breaker.permit(state, now, shared_state.key_digest()) == circuit_breaker.OPEN
        else state
    )


def _recent(seconds: float) -> BreakerState:
    kept = _read
    return kept[1] if kept and time.monotonic() - kept[0] < seconds else gate_now()


def permit(now: datetime) -> str:
    """`open`, `closed` or `probe`; a probe still has to be taken with `take_probe`."""
    return circuit_breaker.permit(gate_now(), now, shared_state.key_digest())


def take_probe(now: datetime) -> bool:
    """Whether this process is the one that may ask once."""
    state = gate_now()
    if circuit_breaker.permit(state, now, shared_state.key_digest()) != circuit_breaker.PROBE:
        return False
    until = circuit_breaker.probing(state, now).until
    assert until is not None
    return Gate.take_probe(state, until)


def is_closed(now: datetime) -> bool:
    """Whether this process has learnt that asking is stopped; asks no database."""
    kept = _read
    return (
        kept is not None
        and circuit_breaker.permit(kept[1], now, shared_state.key_digest())
        == circuit_breaker.CLOSED
    )


def record_outcome(error: UpstreamError | None, now: datetime) -> None:
    """What an answer, or the lack of one, means for everybody."""
    shared_state.record_contact(error, now)
    key = shared_state.key_digest()

    def decide(state: BreakerState) -> BreakerState:
        if error is None:
            return circuit_breaker.after_success(state, now, key)
        return circuit_breaker.after_failure(state, error.trouble, now, key, error.retry_after)

    # Strikes that another process met since are taken back by the next good answer.
    state = _recent(HEARD_EVERY) if error is None else gate_now()
    if decide(state) == state:
        return
    before, after = Gate.change(decide)
    _keep(after)
    _tell(before, after, now, key)


def _keep(state: BreakerState) -> BreakerState:
    global _read
    with _lock:
        _read = (time.monotonic(), state)
    return state


def _tell(before: BreakerState, after: BreakerState, now: datetime, key: str) -> None:
    was, is_now = (circuit_breaker.permit(state, now, key) for state in (before, after))
    if is_now == circuit_breaker.CLOSED and (
        was == circuit_breaker.OPEN or before.reason != after.reason
    ):
        assert after.until is not None
        wait = (after.until - now).total_seconds()
        log.error("Asking ComfyDeploy is stopped (%s); next try in %.0f s.", after.reason, wait)
    elif is_now == circuit_breaker.OPEN and before.reason:
        log.warning("ComfyDeploy is asked again (was stopped: %s).", before.reason)


# Asking


def admit_first() -> None:
    """Lets a first look ask, waiting at most 5 s for a token; raises GateClosed."""
    now = clock.now()
    state = gate_now()
    if circuit_breaker.permit(state, now, shared_state.key_digest()) == circuit_breaker.CLOSED:
        raise GateClosed(_refused(state, now))
    if not token_bucket().take_first(TOKEN_WAIT):
        wait = timedelta(seconds=max(1.0, token_bucket().ready_in()))
        raise GateClosed(Refusal(circuit_breaker.LIMIT, clock.now() + wait, ours=True))
    _pass_gate()


def admit() -> bool:
    """Whether a refresh may ask at this moment; a token is taken when it may."""
    if not token_bucket().take():
        return False
    try:
        _pass_gate()
    except GateClosed:
        return False
    return True


def may_ask(now: datetime) -> bool:
    """Whether it is worth trying: nothing known stops it and a token is there."""
    return not is_closed(now) and token_bucket().ready_in() <= 0


def refusal(now: datetime) -> Refusal | None:
    """Why nothing can be asked for at this moment, for a page that has nothing to show."""
    state = current_stop(now)
    return None if state is None else _refused(state, now)


def _pass_gate() -> None:
    """With a token in hand, so that a probe is followed by its question; else gives it back."""
    now = clock.now()
    try:
        state = gate_now()
        verdict = circuit_breaker.permit(state, now, shared_state.key_digest())
        if verdict == circuit_breaker.OPEN or (
            verdict == circuit_breaker.PROBE and take_probe(now)
        ):
            return
        raise GateClosed(_refused(state, now))
    except Exception:
        token_bucket().give_back()
        raise


def _refused(state: BreakerState, now: datetime) -> Refusal:
    return Refusal(state.reason, max(state.until or now, now))
