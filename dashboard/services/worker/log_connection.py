"""One connection to a live run's log: a thread that opens and reads it, and its lines."""

import logging
import threading

from dashboard.domain.logs.live_lines import LiveLines
from dashboard.upstream.errors import UpstreamError
from dashboard.upstream.feed import Feed
from dashboard.upstream.log_stream import LogStreamReader

log = logging.getLogger(__name__)
PAUSE = 0.02  # seconds between two reads, so that a flood waits at its sender


class LogConnection:
    """A log that is opening, open or ended; its thread is a daemon and uses no database."""

    def __init__(self, feed: Feed) -> None:
        self.error: UpstreamError | None = None
        self.ended = self.complete = False
        self.lines = LiveLines()  # to be used under the lock
        self.lock = threading.Lock()
        self.changed = False  # since somebody has set it to False
        self._feed = feed
        self._stopped = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name="log", daemon=True).start()

    def stop(self) -> None:
        """Ends the connection, whatever it waits for."""
        self._stopped.set()
        self._feed.stop()

    def _run(self) -> None:
        try:
            self._feed.open()
            self._read()
        except UpstreamError as error:
            self.error = error
        except Exception:
            log.exception("Reading a live log failed.")
        finally:
            self._feed.close()
            self.ended = True

    def _read(self) -> None:
        reader = LogStreamReader()
        while piece := self._feed.read():
            entries = reader.feed(piece)
            with self.lock:
                self.changed |= self.lines.add(entries)
            self.complete = reader.complete
            if self.complete or self._stopped.wait(PAUSE):
                return
