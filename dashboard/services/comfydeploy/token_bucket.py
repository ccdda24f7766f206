"""A token bucket: how many questions this process may put to ComfyDeploy."""

import threading
import time
from collections.abc import Callable
from functools import cache

from django.conf import settings

Clock = Callable[[], float]


class TokenBucket:
    """`rate` tokens a second, at most `burst` at once; first looks are served before all else."""

    def __init__(self, rate: float, burst: float, clock: Clock = time.monotonic) -> None:
        self.rate, self.burst = rate, burst
        self._clock = clock
        self._tokens, self._at = burst, clock()
        self._firsts = 0
        self._changed = threading.Condition()

    def take(self, most: int = 1) -> int:
        """Takes up to `most` tokens that are there now and that no first look waits for."""
        with self._changed:
            self._fill()
            taken = max(0, min(most, int(self._tokens) - self._firsts))
            self._tokens -= taken
            return taken

    def take_first(self, wait: float) -> bool:
        """Takes a token for a first look, waiting at most this many seconds for it."""
        end = self._clock() + wait
        with self._changed:
            self._firsts += 1
            try:
                return self._wait_for_one(end)
            finally:
                self._firsts -= 1

    def _wait_for_one(self, end: float) -> bool:
        while True:
            self._fill()
            if self._tokens >= 1:
                self._tokens -= 1
                return True
            ready = (1 - self._tokens) / self.rate
            left = end - self._clock()
            if left <= 0:
                return False
            self._changed.wait(min(ready, left))

    def give_back(self, count: int = 1) -> None:
        """Returns tokens that were not used."""
        with self._changed:
            self._tokens = min(self.burst, self._tokens + count)
            self._changed.notify_all()

    def charge(self) -> None:
        """Counts a question that was put without asking first; the next ones wait for it."""
        with self._changed:
            self._fill()
            self._tokens -= 1

    def ready_in(self) -> float:
        """Seconds until there will be a token, behind the first looks that wait already."""
        with self._changed:
            self._fill()
            return max(0.0, (1 + self._firsts - self._tokens) / self.rate)

    def _fill(self) -> None:
        now = self._clock()
        self._tokens = min(self.burst, self._tokens + max(0.0, now - self._at) * self.rate)
        self._at = now


@cache
def token_bucket() -> TokenBucket:
    """This process's bucket: UPSTREAM_RATE a second, twice as many at once."""
    rate = settings.UPSTREAM_RATE
    return TokenBucket(rate, max(1.0, 2 * rate))
