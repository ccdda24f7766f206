"""A week in findings: what each page of Insights says first, and what it found beside."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from dashboard.presentation.insights import (
    cold_days,
    cold_hours,
    cold_idle,
    cold_machines,
    failure_days,
)
from dashboard.presentation.insights.cold_starts import ColdPage
from dashboard.presentation.insights.costs import CostPage
from dashboard.presentation.insights.failures import FailurePage
from dashboard.presentation.insights.speed import SpeedPage

PLAIN = frozenset(
    room.PLAIN for room in (cold_days, cold_hours, cold_idle, cold_machines, failure_days)
)


@dataclass(frozen=True, slots=True)
class PageFindings:
    """What one page says: its headline, the sentence below, and its further findings."""

    at: str  # the page
    title: str
    text: str
    more: tuple[str, ...] = ()


def week_findings(
    cold: ColdPage, speed: SpeedPage, failed: FailurePage, cost: CostPage | None
) -> tuple[PageFindings, ...]:
    """The findings in the order of the pages; `cost` is None for readers who may not see money."""
    found = [
        PageFindings("cold", cold.lead.whole, cold.lead.below, _found(_cold_headings(cold))),
        PageFindings("speed", speed.lead, speed.counted),
        PageFindings(
            "failures",
            f"{failed.lead.value}{failed.lead.rest}",
            failed.lead.below,
            _found([failed.days.heading] if failed.days else []),
        ),
    ]
    if cost and cost.known:
        lead = cost.lead
        title = " ".join(filter(None, (lead.before, lead.share, lead.after)))
        found.append(PageFindings("cost", title, lead.estimate))
    return tuple(found)


def _cold_headings(cold: ColdPage) -> Iterator[str]:
    if parts := cold.sections:
        yield parts.days.heading
        yield parts.machines.heading
        if parts.idle:
            yield parts.idle.heading
        yield parts.hours.heading


def _found(headings: Iterable[str]) -> tuple[str, ...]:
    """Those that say what was found, and not only what is drawn."""
    return tuple(one for one in headings if one not in PLAIN)
