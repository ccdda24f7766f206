"""Patterns of Cost: with costs, without, and without runs, of invented runs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from dashboard.domain.insights.costs import cost_figures
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.presentation.insights.costs import CostPage, cost_page
from dashboard.styleguide.drawing import Pattern, Patterns, drawn

WORKFLOWS = ("lighthouse-flux", "portrait-relight", "storyboard-video", "city-posters")
TAGS = {n: ("hero", "client")[: n % 3] for n in range(0, 90, 4)}


def cost(now: datetime) -> Patterns:
    """What the page shows with costs, without, and without runs."""
    some = _page(now, list(_runs(now)))
    for part in ("_lead", "_days", "_caveats"):
        yield Pattern(part[1:], _drawn(part, some))
    for table in some.tables:
        text = drawn({"cost": some, "table": table}, "insights/cost/_table.html")
        yield Pattern(f"by {table.of.lower()}", text)
    nothing = [run._replace(cost_micros=None, price=None) for run in _runs(now)]
    yield Pattern("cost not known", _drawn("_lead", _page(now, nothing)))
    yield Pattern("no runs", _drawn("_lead", _page(now, [])))


def _drawn(part: str, page: CostPage) -> str:
    return drawn({"cost": page}, f"insights/cost/{part}.html")


def _page(now: datetime, runs: list[InsightRun]) -> CostPage:
    period = Period(now - timedelta(days=14), now, UTC)
    population = population_of(runs)
    tags = {key: names for key, names in TAGS.items() if names}
    figures = cost_figures(population, population, period, tags=tags, boots={})
    return cost_page(
        figures,
        period,
        names={},
        people={"user_a": "Mira"},
        workflow_url=lambda _: "#insights",
        person_url=lambda _: "#insights",
        tag_url=lambda _: "#insights",
    )


def _runs(now: datetime) -> Iterator[InsightRun]:
    """Ninety runs of two weeks; those of one workflow without a price."""
    for n in range(90):
        created = now - timedelta(hours=3.7 * n)
        cold, work = (26.4, 12.3) if n % 3 == 0 else (2.1, 9.6 + n % 7)
        yield InsightRun(
            id=n,
            created=created,
            ended=created + timedelta(minutes=1),
            status="failed" if n % 17 == 0 else "success",
            finished=True,
            origin="api",
            start_kind="cold" if cold > 5 else "warm",
            queue=1.0,
            cold_start=cold,
            run=work,
            total=1 + cold + work,
            gpu="H100",
            machine="flux-h100-eu",
            workflow=WORKFLOWS[n % 11 % 4],
            version="v15",
            user="user_a" if n % 2 else None,
            error_cause="",
            error_digest="",
            outputs=4,
            picked=1 if n % 3 == 1 else 0,
            cost_micros=None if n % 11 % 4 == 3 else round(2338 * (cold + work)),
            price=None,
        )
