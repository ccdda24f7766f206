"""All that the Cold starts page shows."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.domain.insights.cold_starts import ColdFigures
from dashboard.domain.insights.period import Period
from dashboard.presentation.insights.cold_days import days_section
from dashboard.presentation.insights.cold_few import DESK, PHONE, few_drawing
from dashboard.presentation.insights.cold_histogram import histogram_section
from dashboard.presentation.insights.cold_hours import hours_section
from dashboard.presentation.insights.cold_idle import idle_section
from dashboard.presentation.insights.cold_machines import GroupSection, machines_section
from dashboard.presentation.insights.cold_text import (
    ColdLead,
    Figure,
    cold_figures_text,
    cold_lead,
)
from dashboard.presentation.insights.marks import Drawing, Section

Names = Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class ColdSections:
    """The charts of 20 starts and more; `idle` is None where no idle time is known."""

    days: Section
    histogram: Section
    machines: GroupSection
    idle: Section | None
    hours: Section


@dataclass(frozen=True, slots=True)
class ColdPage:
    """The page of at least one run: figures and sections, or the dots of few starts, or neither."""

    lead: ColdLead
    figures: tuple[Figure, ...] = ()
    sections: ColdSections | None = None
    few: Drawing | None = None
    few_phone: Drawing | None = None


def cold_page(
    figures: ColdFigures,
    period: Period,
    names: Names,
    stays_warm: Mapping[str, float | None],
    *,
    costs: bool,
    cold_after: float,
) -> ColdPage:
    """What the figures of a period say.

    `names` are of machines, workflows and versions by (kind, ID); `stays_warm` the seconds that
    machines stay warm, as far as they are known; `cold_after` those from which a start is cold;
    `costs` says whether the reader may see money.
    """
    lead = cold_lead(figures, cold_after)
    if not figures.share.n:
        return ColdPage(lead)
    if figures.few:
        drawings = (few_drawing(figures, cold_after, width) for width in (DESK, PHONE))
        return ColdPage(lead, (), None, *drawings)
    sections = ColdSections(
        days=days_section(figures, period, names),
        histogram=histogram_section(figures, cold_after),
        machines=machines_section(figures, names, stays_warm, costs=costs),
        idle=idle_section(figures, names, stays_warm),
        hours=hours_section(figures, period),
    )
    return ColdPage(lead, cold_figures_text(figures, period, costs=costs), sections)
