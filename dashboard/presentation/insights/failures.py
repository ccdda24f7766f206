"""All that the Failures page shows."""

from dataclasses import dataclass

from dashboard.domain.insights.failures import FailureFigures
from dashboard.domain.insights.period import Period
from dashboard.presentation.insights.cold_text import Figure
from dashboard.presentation.insights.failure_causes import Address, CauseTable, cause_table
from dashboard.presentation.insights.failure_days import days_section
from dashboard.presentation.insights.failure_text import (
    FailureLead,
    NewNotice,
    failure_figures_text,
    failure_lead,
    new_notice,
)
from dashboard.presentation.insights.failure_words import Names
from dashboard.presentation.insights.marks import Section


@dataclass(frozen=True, slots=True)
class FailurePage:
    """The page of at least one run; where none failed, the headline alone."""

    lead: FailureLead
    figures: tuple[Figure, ...] = ()
    notice: NewNotice | None = None
    days: Section | None = None
    causes: CauseTable | None = None


def failure_page(
    figures: FailureFigures, period: Period, names: Names, address: Address, *, costs: bool
) -> FailurePage:
    """What the figures of a period say.

    `names` are of machines, workflows and versions by (kind, ID); `address` leads to the runs of
    a cause; `costs` says whether the reader may see money.
    """
    lead, share = failure_lead(figures, names), figures.now.share
    if not share.part:
        return FailurePage(lead)
    return FailurePage(
        lead=lead,
        figures=failure_figures_text(figures, period, names, costs=costs),
        notice=new_notice(figures, period, names),
        days=days_section(figures, period, names) if share.interval else None,
        causes=cause_table(figures, period, names, address),
    )
