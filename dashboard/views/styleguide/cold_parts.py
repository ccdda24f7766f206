"""Patterns of Cold starts: many starts, few, and none, of invented runs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from dashboard.domain.insights.cold_starts import cold_figures
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.presentation.insights.cold_starts import ColdPage, cold_page
from dashboard.styleguide.drawing import Pattern, Patterns, drawn
from dashboard.views.runs.filter_context import Nothing

COLD_AFTER = 5.0  # seconds
NAMES = {("machine", "m"): "flux-h100-eu", ("workflow", "w"): "lighthouse-flux"}


def cold(now: datetime) -> Patterns:
    """What the page shows of many starts, few, and none."""
    many, few = (_page(now, list(_runs(now, count))) for count in (120, 12))
    for name, page in (("many starts", many), ("few starts", few)):
        yield Pattern(name, drawn({"cold": page}, "insights/cold/_lead.html"))
    yield Pattern("figures", drawn({"figures": many.figures}, "insights/_figures.html"))
    yield Pattern("each of few starts", drawn({"cold": few}, "insights/cold/_few.html"))
    if parts := many.sections:
        for name, section in (("days", parts.days), ("lengths", parts.histogram)):
            yield Pattern(name, drawn({"section": section}, "insights/_section.html"))
        table = {"groups": parts.machines, "table": parts.machines.by_machine, "costs": True}
        yield Pattern("machines", drawn(table, "insights/cold/_machines.html"))
        yield Pattern("hours", drawn({"section": parts.hours}, "insights/cold/_hours.html"))
    yield Pattern("no runs", drawn({"nothing": Nothing("", "")}, "insights/_empty.html"))
    none = Nothing("No run matches these filters", "", "GPU", "#insights")
    yield Pattern("no match", drawn({"nothing": none}, "insights/_empty.html"))


def _page(now: datetime, runs: list[InsightRun]) -> ColdPage:
    period = Period(now - timedelta(days=7), now, UTC)
    figures = cold_figures(population_of(runs), None, period)
    return cold_page(figures, period, NAMES, {"m": 60.0}, costs=True, cold_after=COLD_AFTER)


def _runs(now: datetime, count: int) -> Iterator[InsightRun]:
    """Runs of a week on one machine; a third of them started cold."""
    for n in range(count):
        created = now - timedelta(hours=1.3 * n)
        start = 22.0 + n % 9 if n % 3 == 0 else 1.2 + n % 5 / 4
        yield InsightRun(
            id=n,
            created=created,
            ended=created + timedelta(minutes=1),
            status="success",
            finished=True,
            origin="api",
            start_kind="cold" if start > COLD_AFTER else "warm",
            queue=1.0,
            cold_start=start,
            run=12.0,
            total=13.0 + start,
            gpu="H100",
            machine="m",
            workflow="w",
            version=None,
            user=None,
            error_cause="",
            error_digest="",
            outputs=1,
            picked=0,
            cost_micros=round(2338 * (start + 12)),
            price=Decimal("0.002338"),
        )
