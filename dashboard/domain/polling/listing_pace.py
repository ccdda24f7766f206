"""How often a list of runs is asked for: by the age of its newest run."""

from collections.abc import Sequence

HOUR, DAY = 3600.0, 86_400.0
AGES = (HOUR, 6 * HOUR, DAY, 3 * DAY)
"""The ends of the age bands in seconds; a last band has what is older, or unknown."""
INTERVALS = (15.0, 60.0, 120.0, 300.0, 600.0)
"""Seconds between two listings, for each band."""
MOST = 0.9  # requests a second of all lists together; a little is for retries and new lists


def band(age: float | None) -> int:
    """The number of the band of a list whose newest run is so many seconds old; None: unknown."""
    if age is None:
        return len(AGES)
    return next((number for number, end in enumerate(AGES) if age < end), len(AGES))


def interval(age: float | None) -> float:
    """Seconds between two listings of such a list, as long as lists are few."""
    return INTERVALS[band(age)]


def stretch(counts: Sequence[int], rate: float = MOST) -> float:
    """The factor by which all intervals grow, so that lists take at most `rate` a second.

    `counts` says how many lists each band has.
    """
    wanted = sum(count / every for count, every in zip(counts, INTERVALS, strict=True))
    return max(1.0, wanted / rate)


def turn(counts: Sequence[int], rate: float = MOST) -> float:
    """Seconds in which each list is asked for once, if all take `rate` a second together."""
    return sum(counts) / rate
