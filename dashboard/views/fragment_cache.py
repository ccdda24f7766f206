"""The fragment cache of this process, bounded. A key names all that its parts depend on."""

import threading
from collections.abc import Callable, Hashable

from cachetools import LRUCache

MAX_BYTES = 24_000_000
MAX_PART = 1_000_000

Parts = tuple[str, ...]


def _size(parts: Parts) -> int:
    return sum(map(len, parts))


_parts: LRUCache[Hashable, Parts] = LRUCache(MAX_BYTES, getsizeof=_size)
_lock = threading.Lock()


def get(key: Hashable) -> Parts | None:
    """The rendered parts of a key, or None."""
    with _lock:
        return _parts.get(key)


def put(key: Hashable, parts: Parts) -> Parts:
    """Caches parts, unless they are longer than MAX_PART, and returns them."""
    if _size(parts) <= MAX_PART:
        with _lock:
            _parts[key] = parts
    return parts


def render_once(key: Hashable, render: Callable[[], Parts]) -> Parts:
    """The cached parts, else those that `render` makes."""
    return get(key) or put(key, render())


def forget() -> None:
    """Empties the cache."""
    with _lock:
        _parts.clear()
