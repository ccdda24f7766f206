"""Which watcher holds the feed of new runs, and whether it is on: one row that all share."""

from datetime import datetime, timedelta
from enum import StrEnum

from dashboard.models import SharedState
from dashboard.services.clock import claim_moment

FEED = "feed"
HELD_FOR = timedelta(seconds=30)  # since the holder's last beat
LONG_AGO = timedelta(days=1)


class FeedState(StrEnum):
    """Whether new runs are heard of at once; lists are asked in every state."""

    ON = "on"
    CONNECTING = "connecting"
    OFF = "off"


def feed_state(shared: dict[str, SharedState], now: datetime) -> FeedState:
    """The feed's state by the shared state that was read; OFF where nobody holds it."""
    row = shared.get(FEED)
    if row is None or now - row.at >= HELD_FOR:
        return FeedState.OFF
    word = row.word.partition(" ")[0]
    return FeedState(word) if word in set(FeedState) else FeedState.OFF


def take(holder: str, now: datetime) -> bool:
    """Takes the feed where nobody holds it; True for the one holder. Writes only if it is free."""
    row = SharedState.objects.filter(name=FEED).first()
    if row is None:
        row, _ = SharedState.objects.get_or_create(name=FEED, defaults={"at": now - LONG_AGO})
    if now - row.at < HELD_FOR:
        return False
    free = SharedState.objects.filter(name=FEED, at__lte=claim_moment(now, -HELD_FOR))
    return bool(free.update(at=claim_moment(now), word=_word(FeedState.CONNECTING, holder)))


def renew(holder: str, state: FeedState, now: datetime) -> bool:
    """Writes the holder's beat and what it knows of the feed; False where it holds it no more."""
    held = SharedState.objects.filter(name=FEED, word__endswith=f" {holder}")
    return bool(held.update(at=claim_moment(now), word=_word(state, holder)))


def release(holder: str, now: datetime) -> None:
    """Gives the feed up, so that another watcher takes it at once."""
    held = SharedState.objects.filter(name=FEED, word__endswith=f" {holder}")
    held.update(at=now - LONG_AGO, word=FeedState.OFF)


def _word(state: FeedState, holder: str) -> str:
    return f"{state} {holder}"
