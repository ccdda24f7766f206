"""How often starts took how long, in bars of one second."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.domain.insights.percentiles import TAIL_FROM, percentile
from dashboard.domain.insights.starts import Start, seconds_of

BARS = 60  # the last one is of 59 s and more
APART = 2  # times as long as nearly all warm starts take nearly all cold ones, where apart


@dataclass(frozen=True, slots=True)
class StartHistogram:
    """Starts by whole seconds; `apart`: warm and cold ones are two groups with a gap between."""

    warm: tuple[int, ...]
    cold: tuple[int, ...]
    apart: bool


def start_histogram(starts: Iterable[Start]) -> StartHistogram:
    both: tuple[list[Start], list[Start]] = ([], [])
    for start in starts:
        both[start.cold].append(start)
    warm, cold = (seconds_of(own) for own in both)
    return StartHistogram(_bars(warm), _bars(cold), _apart(warm, cold))


def _bars(seconds: list[float]) -> tuple[int, ...]:
    bars = [0] * BARS
    for one in seconds:
        bars[min(int(one), BARS - 1)] += 1
    return tuple(bars)


def _apart(warm: list[float], cold: list[float]) -> bool:
    """Whether 95 % of cold starts took at least twice as long as 95 % of warm ones."""
    if min(len(warm), len(cold)) < TAIL_FROM:
        return False
    return percentile(cold, 5) >= APART * percentile(warm, 95)
