"""What every process shares about the watcher, upstream and the key."""

from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import salted_hmac

from dashboard.domain.polling.trouble import Trouble
from dashboard.models import SharedState
from dashboard.services import clock
from dashboard.services.comfydeploy import client
from dashboard.upstream.errors import UpstreamError

WATCHER, UPSTREAM, KEY = "watcher", "upstream", "key"
ALIVE, FORGOTTEN = timedelta(seconds=10), timedelta(seconds=60)
ACCEPTED, REJECTED = "accepted", "rejected"
WRITE_EVERY = timedelta(seconds=5)

_written: dict[str, tuple[datetime, str]] = {}


def beat(now: datetime, name: str = "", rate: float = 0.0) -> None:
    """Tells that a watcher lives, and how many requests a second it can make."""
    SharedState.put(WATCHER, now)
    if name:
        SharedState.put(f"{WATCHER}:{name}", now, f"{rate:g}")
        SharedState.objects.filter(name__startswith=f"{WATCHER}:", at__lt=now - FORGOTTEN).delete()


def leave(name: str) -> None:
    """A watcher has ended: the others count without it at once."""
    SharedState.objects.filter(name=f"{WATCHER}:{name}").delete()


def watchers_rate(now: datetime) -> float:
    """Requests a second of all living watchers together; 0 when none lives."""
    alive = SharedState.objects.filter(name__startswith=f"{WATCHER}:", at__gt=now - ALIVE)
    return sum(float(word) for word in alive.values_list("word", flat=True))


def watcher_alive(marks: dict[str, SharedState], now: datetime) -> bool:
    """Whether a watcher has beaten within 10 s."""
    mark = marks.get(WATCHER)
    return mark is not None and now - mark.at < ALIVE


def record_contact(error: UpstreamError | None, now: datetime) -> None:
    """Notes a good answer, and what an answer says of the key; written at most every 5 s."""
    if error is None:
        _put(UPSTREAM, now, "")
    if error is None or error.trouble in {Trouble.FORBIDDEN, Trouble.NOT_FOUND}:
        _put(KEY, now, key_word(ACCEPTED))
    elif error.trouble == Trouble.KEY_REJECTED:
        _put(KEY, now, key_word(REJECTED))


def _put(name: str, now: datetime, word: str) -> None:
    last = _written.get(name)
    if last and last[1] == word and now - last[0] < WRITE_EVERY:
        return
    SharedState.put(name, now, word)
    _written[name] = (now, word)


def key_word(word: str) -> str:
    """The word, bound to the key in use: another key's rejection says nothing of this one."""
    return f"{word} {key_digest()}"


def key_digest() -> str:
    """Tells keys apart without telling anything of them."""
    return _digest(settings.COMFYDEPLOY_API_KEY, settings.SECRET_KEY)


@lru_cache(maxsize=4)
def _digest(key: str, secret: str) -> str:
    found = salted_hmac("runboard.key", key, secret=secret, algorithm="sha256")
    return found.hexdigest()[:16]


def key_rejected(marks: dict[str, SharedState]) -> bool:
    mark = marks.get(KEY)
    return mark is not None and mark.word == key_word(REJECTED)


def check_key() -> str:
    """Asks once whether ComfyDeploy accepts the key; a sentence for the terminal."""
    if not settings.COMFYDEPLOY_API_KEY:
        return "No COMFYDEPLOY_API_KEY is set: ComfyDeploy will reject every question."
    try:
        client.client().check_key()
    except UpstreamError as error:
        record_contact(error, clock.now())
        return (
            f"The key could not be checked: {error}"
            if error.trouble != Trouble.KEY_REJECTED
            else (
                "ComfyDeploy rejects this server's key. "
                "Put a valid COMFYDEPLOY_API_KEY in .env and restart."
            )
        )
    _put(KEY, clock.now(), key_word(ACCEPTED))
    return "ComfyDeploy accepts the key."
