"""What was read a short while ago, in the memory of a process: bounded, never stale for long."""

import threading
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from cachetools import TTLCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by key, each read at most once in `seconds`; of `most` keys at a time.

    Two threads may read one value at the same moment: nothing waits for another's query.
    """

    def __init__(self, seconds: float, most: int) -> None:
        self._values: TTLCache[K, V] = TTLCache(most, seconds)
        self._lock = threading.Lock()

    def get(self, key: K, read: Callable[[], V]) -> V:
        """The value of a key, else what `read` gives, which is remembered."""
        with self._lock:
            if key in self._values:
                return self._values[key]
        value = read()
        with self._lock:
            self._values[key] = value
        return value

    def forget(self) -> None:
        """Empties it."""
        with self._lock:
            self._values.clear()
