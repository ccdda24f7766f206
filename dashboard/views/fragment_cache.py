"""Parts kept rendered, in this process, bounded: nothing of the reader or the clock in them."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

MAX_BYTES = 24_000_000
MAX_PART = 1_000_000

Parts = tuple[str, ...]
_parts: OrderedDict[Hashable, Parts] = OrderedDict()
_lock = threading.Lock()
_bytes = 0


def get(key: Hashable) -> Parts | None:
    with _lock:
        parts = _parts.get(key)
        if parts is not None:
            _parts.move_to_end(key)
        return parts


def put(key: Hashable, parts: Parts) -> Parts:
    global _bytes
    if _size(parts) > MAX_PART:
        return parts
    with _lock:
        _bytes += _size(parts) - _size(_parts.pop(key, ()))
        _parts[key] = parts
        while _bytes > MAX_BYTES:
            _bytes -= _size(_parts.popitem(last=False)[1])
    return parts


def render_once(key: Hashable, render: Callable[[], Parts]) -> Parts:
    return get(key) or put(key, render())


def _size(parts: Parts) -> int:
    return sum(map(len, parts))
