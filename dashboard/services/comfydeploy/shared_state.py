"""The shared state: watchers' heartbeats, ComfyDeploy's last answer, the state of the key."""

from datetime import datetime, timedelta
from threading import Lock

from cachetools import LRUCache, cached
from django.conf import settings
from django.utils.crypto import salted_hmac

from dashboard.domain.polling.trouble import Trouble
from dashboard.models import SharedState
from dashboard.services import clock
from dashboard.services.comfydeploy import client
from dashboard.upstream.errors import UpstreamError

WATCHER, UPSTREAM, KEY = "watcher", "upstream", "key"
ALIVE_FOR, DELETED_AFTER = timedelta(seconds=10), timedelta(seconds=60)  # since the heartbeat
ACCEPTED, REJECTED = "accepted", "rejected"
WRITE_INTERVAL = timedelta(seconds=5)

_last_written: dict[str, tuple[datetime, str]] = {}


def write_heartbeat(now: datetime, name: str = "", rate: float = 0.0) -> None:
    """Writes a watcher's heartbeat, with its name and the requests a second that it can send."""
    SharedState.put(WATCHER, now)
    if name:
        SharedState.put(f"{WATCHER}:{name}", now, f"{rate:g}")
        SharedState.objects.filter(
            name__startswith=f"{WATCHER}:", at__lt=now - DELETED_AFTER
        ).delete()


def remove_heartbeat(name: str) -> None:
    """Removes the heartbeat of a watcher that ends, so that its rate counts no more."""
    SharedState.objects.filter(name=f"{WATCHER}:{name}").delete()


def watchers_rate(now: datetime) -> float:
    """Requests a second that all live watchers can send together; 0 without one."""
    alive = SharedState.objects.filter(name__startswith=f"{WATCHER}:", at__gt=now - ALIVE_FOR)
    return sum(float(word) for word in alive.values_list("word", flat=True))


def watcher_alive(shared: dict[str, SharedState], now: datetime) -> bool:
    """Whether the last heartbeat of any watcher is less than 10 s old."""
    heartbeat = shared.get(WATCHER)
    return heartbeat is not None and now - heartbeat.at < ALIVE_FOR


def record_answer(error: UpstreamError | None, now: datetime) -> None:
    """Writes when ComfyDeploy last answered and whether it accepts the key, at most every 5 s."""
    if error is None:
        _write(UPSTREAM, now, "")
    if error is None or error.trouble in {Trouble.FORBIDDEN, Trouble.NOT_FOUND}:
        _write(KEY, now, _bound_to_key(ACCEPTED))
    elif error.trouble == Trouble.KEY_REJECTED:
        _write(KEY, now, _bound_to_key(REJECTED))


def _write(name: str, now: datetime, word: str) -> None:
    last = _last_written.get(name)
    if last and last[1] == word and now - last[0] < WRITE_INTERVAL:
        return
    SharedState.put(name, now, word)
    _last_written[name] = (now, word)


def _bound_to_key(word: str) -> str:
    """The word with the digest of the key in use: it does not hold for another key."""
    return f"{word} {key_digest()}"


def key_digest() -> str:
    """16 hexadecimal digits that differ from key to key and reveal nothing of it."""
    return _digest(settings.COMFYDEPLOY_API_KEY, settings.SECRET_KEY)


@cached(LRUCache(4), lock=Lock())
def _digest(key: str, secret: str) -> str:
    return salted_hmac("runboard.key", key, secret=secret, algorithm="sha256").hexdigest()[:16]


def key_rejected(shared: dict[str, SharedState]) -> bool:
    """Whether ComfyDeploy has rejected the key in use."""
    key = shared.get(KEY)
    return key is not None and key.word == _bound_to_key(REJECTED)


def check_key() -> str:
    """Asks ComfyDeploy whether it accepts the key; returns a sentence for the terminal."""
    if not settings.COMFYDEPLOY_API_KEY:
        return "No COMFYDEPLOY_API_KEY is set: ComfyDeploy will reject every request."
    try:
        client.client().check_key()
    except UpstreamError as error:
        record_answer(error, clock.now())
        return (
            f"The key could not be checked: {error}"
            if error.trouble != Trouble.KEY_REJECTED
            else (
                "ComfyDeploy rejects this server's key. "
                "Put a valid COMFYDEPLOY_API_KEY in .env and restart."
            )
        )
    _write(KEY, clock.now(), _bound_to_key(ACCEPTED))
    return "ComfyDeploy accepts the key."
