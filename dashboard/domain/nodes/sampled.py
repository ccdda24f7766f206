"""How long nodes took at least and at most, from the moments at which they were seen running."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

FEWEST = 3  # looks that say anything
MOST = 500  # nodes


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a live run: when, and which node ran; None where none was told."""

    at: datetime
    node: str | None


@dataclass(frozen=True, slots=True)
class SampledNode:
    """A node that was seen: its time lies between `low` and `high` seconds."""

    type: str
    low: float
    high: float
    looks: int


def sampled_nodes(
    looks: Iterable[Look], started: datetime | None, ended: datetime | None
) -> tuple[SampledNode, ...]:
    """The nodes in the order seen; empty where fewer than three looks saw one.

    A node ran at least from its first to its last look, and at most from the look before to
    the look after. The run's start and end bound the first and the last.
    """
    known = sorted(looks, key=lambda look: look.at)
    if sum(look.node is not None for look in known) < FEWEST:
        return ()
    stretches = [list(group) for _, group in groupby(known, key=lambda look: look.node)]
    found = []
    for place, stretch in enumerate(stretches[:MOST]):
        before = stretches[place - 1][-1].at if place else started
        after = stretches[place + 1][0].at if place + 1 < len(stretches) else ended
        if stretch[0].node is not None:
            found.append(_node(stretch, before, after))
    return tuple(found)


def _node(stretch: list[Look], before: datetime | None, after: datetime | None) -> SampledNode:
    first, last = stretch[0].at, stretch[-1].at
    begin = min(before, first) if before else first
    end = max(after, last) if after else last
    low, high = (last - first).total_seconds(), (end - begin).total_seconds()
    return SampledNode(stretch[0].node or "", low, max(low, high), len(stretch))
