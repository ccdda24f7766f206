"""A token bucket: how much of something a process may do in a second."""

import threading


class Bucket:
    """`rate` tokens a second, at most `burst` at once; times are seconds of any steady clock."""

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self.rate, self.burst = rate, burst
        self._tokens, self._at = burst, now
        self._lock = threading.Lock()

    def take(self, now: float) -> float:
        """0.0 when a token was taken; else the seconds until there will be one."""
        with self._lock:
            self._fill(now)
            if self._tokens >= 1:
                self._tokens -= 1
                return 0.0
            return (1 - self._tokens) / self.rate

    def available(self, now: float) -> int:
        """Whole tokens that could be taken now."""
        with self._lock:
            self._fill(now)
            return int(self._tokens)

    def _fill(self, now: float) -> None:
        passed = max(0.0, now - self._at)
        self._tokens = min(self.burst, self._tokens + passed * self.rate)
        self._at = max(self._at, now)
