"""A token bucket: how many requests this process may send to ComfyDeploy."""

import threading
import time
from collections.abc import Callable
from functools import cache

from django.conf import settings

Clock = Callable[[], float]


class TokenBucket:
    """`rate` tokens a second, at most `burst` at once; `take_first` is served before `take`."""

    def __init__(self, rate: float, burst: float, clock: Clock = time.monotonic) -> None:
        self.rate, self.burst = rate, burst
        self._clock = clock
        self._tokens, self._filled_at = burst, clock()
        self._first_waiting = 0
        self._changed = threading.Condition()

    def take(self, most: int = 1, *, leave: int = 0) -> int:
        """Takes up to `most` tokens that are there now and that no `take_first` waits for.

        `leave` tokens stay for those who are to go first.
        """
        with self._changed:
            self._refill()
            taken = max(0, min(most, int(self._tokens) - self._first_waiting - leave))
            self._tokens -= taken
            return taken

    def take_first(self, wait: float) -> bool:
        """Takes a token before all others, waiting at most `wait` seconds; False without one."""
        end = self._clock() + wait
        with self._changed:
            self._first_waiting += 1
            try:
                return self._wait_for_one(end)
            finally:
                self._first_waiting -= 1

    def _wait_for_one(self, end: float) -> bool:
        while True:
            self._refill()
            if self._tokens >= 1:
                self._tokens -= 1
                return True
            ready = (1 - self._tokens) / self.rate
            left = end - self._clock()
            if left <= 0:
                return False
            self._changed.wait(min(ready, left))

    def give_back(self, count: int = 1) -> None:
        """Puts unused tokens back."""
        with self._changed:
            self._tokens = min(self.burst, self._tokens + count)
            self._changed.notify_all()

    def charge(self) -> None:
        """Takes a token without waiting, below zero if need be: the next requests wait longer."""
        with self._changed:
            self._refill()
            self._tokens -= 1

    def ready_in(self) -> float:
        """Seconds until a token is free, after those that `take_first` waits for."""
        with self._changed:
            self._refill()
            return max(0.0, (1 + self._first_waiting - self._tokens) / self.rate)

    def _refill(self) -> None:
        now = self._clock()
        self._tokens = min(self.burst, self._tokens + max(0.0, now - self._filled_at) * self.rate)
        self._filled_at = now


@cache
def token_bucket() -> TokenBucket:
    """This process's bucket: UPSTREAM_RATE tokens a second, bursts of twice as many."""
    rate = settings.UPSTREAM_RATE
    return TokenBucket(rate, max(1.0, 2 * rate))


@cache
def history_bucket() -> TokenBucket:
    """What past runs may have of this process's rate, at most: half of UPSTREAM_RATE."""
    rate = settings.UPSTREAM_RATE / 2
    return TokenBucket(rate, max(1.0, rate))
