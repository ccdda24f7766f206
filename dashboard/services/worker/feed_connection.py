"""One connection of the feed: a thread that opens and reads it, and what it has heard."""

import logging
import threading
from collections.abc import Callable
from uuid import UUID

from cachetools import LRUCache

from dashboard.domain.feed import FailedFeed, FeedReader, NewRun
from dashboard.domain.server_events import NotAStream
from dashboard.services.comfydeploy.token_bucket import TokenBucket
from dashboard.services.runs.feed import Subscription
from dashboard.upstream.errors import BadAnswer, UpstreamError
from dashboard.upstream.feed import Feed

log = logging.getLogger(__name__)
# New runs that a feed may name: 1,000 at once, 20 a second later. More is no news.
BURST, RATE = 1000.0, 20.0
REMEMBERED = 10_000  # run IDs that were named lately
MOST_WAITING = 2000  # run IDs, while the database takes none
AT_ONCE = 200  # run IDs of one write
PAUSE = 0.02  # seconds between two reads, so that a flood waits at its sender


class Flood(UpstreamError):
    """The feed names more new runs than a workspace makes."""


class Heard:
    """The runs that were named and wait to be written; each is taken once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._recent: LRUCache[UUID, None] = LRUCache(REMEMBERED)
        self._waiting: list[NewRun] = []
        self._bucket = TokenBucket(RATE, BURST)

    def add(self, runs: list[NewRun]) -> None:
        """Keeps those that were not named lately; raises Flood where they are too many."""
        for run in runs:
            with self._lock:
                if run.id in self._recent:
                    self._recent[run.id] = None
                    continue
                if len(self._waiting) >= MOST_WAITING or not self._bucket.take():
                    raise Flood("The feed names too many runs.")
                self._recent[run.id] = None
                self._waiting.append(run)

    def waiting(self) -> list[NewRun]:
        """The first of those that wait; they stay until `written`."""
        with self._lock:
            return self._waiting[:AT_ONCE]

    def written(self, count: int) -> None:
        """Drops the first ones."""
        with self._lock:
            del self._waiting[:count]


class FeedConnection:
    """A feed that is opening, open or ended; its thread is a daemon and uses no database."""

    def __init__(
        self, feed: Feed, by: Subscription, heard: Heard, clock: Callable[[], float]
    ) -> None:
        self.by = by
        self.error: UpstreamError | None = None
        self.opened_at: float | None = None
        self.spoke = self.ended = False
        self._byte_at = clock()
        self._feed, self._heard, self._clock = feed, heard, clock
        self._stopped = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name="feed", daemon=True).start()

    def stop(self) -> None:
        """Ends the connection, whatever it waits for."""
        self._stopped.set()
        self._feed.stop()

    def silent_for(self, now: float) -> float:
        """Seconds since its last byte, or since it was made."""
        return now - self._byte_at

    def _run(self) -> None:
        try:
            self._feed.open()
            self._byte_at = self.opened_at = self._clock()
            self._read()
        except UpstreamError as error:
            self.error = error
        except (NotAStream, FailedFeed):
            self.error = BadAnswer("The feed says nothing of runs.")
        except Exception:
            log.exception("Reading the feed failed.")
        finally:
            self._feed.close()
            self.ended = True

    def _read(self) -> None:
        reader = FeedReader()
        while piece := self._feed.read():
            self._byte_at = self._clock()
            self._heard.add(reader.feed(piece))
            self.spoke = reader.spoke
            if self._stopped.wait(PAUSE):
                return
