"""How many runs fit a filter: counted to a limit, in a bounded time, remembered for seconds."""

import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from cachetools import TTLCache

from dashboard.services.runs.run_filter import RunFilter

LIMIT = 10_000
SLOW = 0.3  # seconds: a count that takes longer is not told
KEPT = 10.0  # seconds
MANY = 500  # filters of which a process remembers the count


@dataclass(frozen=True, slots=True)
class Count:
    """A number of runs; `more` where there are more than it."""

    number: int
    more: bool = False


_cache: TTLCache[Hashable, Count | None] = TTLCache(MANY, KEPT)
_lock = Lock()


def forget() -> None:
    """Empties this process's cache of counts."""
    with _lock:
        _cache.clear()


def known(choice: RunFilter) -> Count | None:
    """The count as it was within the last seconds; asks nothing."""
    with _lock:
        return _cache.get(_key(choice))


def count(choice: RunFilter) -> Count | None:
    """The filter's runs, live ones included, up to 10,000; None where counting took too long."""
    key = _key(choice)
    with _lock:
        if key in _cache:
            return _cache[key]
    began = time.monotonic()
    found = counted(choice)
    told = found if time.monotonic() - began <= SLOW else None
    with _lock:
        _cache[key] = told
    return told


def count_each(choices: Sequence[RunFilter]) -> list[Count | None]:
    """The counts of several filters; after one that took too long no other is counted."""
    counts: list[Count | None] = []
    for choice in choices:
        slow = None in counts
        counts.append(known(choice) if slow else count(choice))
    return counts


def counted(choice: RunFilter) -> Count:
    """The count, whatever it takes."""
    number = choice.runs(every=True).order_by()[: LIMIT + 1].count()
    return Count(min(number, LIMIT), number > LIMIT)


def _key(choice: RunFilter) -> Hashable:
    query = replace(choice.query, ignored=())
    return query, choice.pasted, str(choice.zone)
