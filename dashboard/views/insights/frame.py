"""What every page of Insights has: its filter and time, chips, tabs, and what it leaves out."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.functional import SimpleLazyObject

from dashboard.access import may_label
from dashboard.domain.filters.fields import CREATED
from dashboard.domain.filters.query import Ignored
from dashboard.domain.filters.sorts import Key
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import Population
from dashboard.http import Context
from dashboard.presentation.insights.frame_text import left_out_text, period_text
from dashboard.presentation.query_text import ignored_text
from dashboard.services import clock
from dashboard.services.insights import populations
from dashboard.services.insights.populations import Counted
from dashboard.services.runs import export, run_query
from dashboard.views.responses import attachment
from dashboard.views.runs.facet_chips import Chip, chips
from dashboard.views.runs.filter_context import Nothing, most_without_one
from dashboard.views.runs.filter_reading import read_filter
from dashboard.views.runs.filters import IDS, PAGES, ListFilter
from dashboard.views.runs.story_context import may_see_costs

USUAL_TIME = "30d"
NOT_HERE = "not read by Insights"
CSV = "text/csv; charset=utf-8"
PIECE = 1_000  # runs of a file that are read at once
TABS = {
    "cold": "Cold starts",
    "warm": "Keeping warm",
    "speed": "Speed",
    "failures": "Failures",
    "cost": "Cost",
    "week": "This week",
}
FOR_COSTS = frozenset({"cost"})  # pages for readers who may see costs


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of Insights under the same filter."""

    text: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page is asked for: whose runs, and of what time."""

    choice: ListFilter
    period: Period
    usual_time: bool  # the address names no time

    def now(self) -> Counted:
        """The runs of its time."""
        return populations.counted(self.choice)

    def before(self) -> Population | None:
        """The runs of the same length of time before; None where they are not all known."""
        if not (self.period.has_before and populations.has_one_time(self.choice)):
            return None
        found = populations.counted_before(self.choice, self.period.before)
        return None if found.cut_at else found.population


def asked(request: HttpRequest, at: str, usual_time: str = USUAL_TIME) -> Asked:
    """What the page `at` is asked for by its address; without a time, the last 30 days."""
    choice = replace(read_filter(request), at=at, pasted=())
    given = request.GET.get(IDS)
    if given:
        left = Ignored(IDS, "", NOT_HERE)
        kept = tuple(one for one in choice.query.ignored if one.name != IDS)
        choice = replace(choice, query=replace(choice.query, ignored=(*kept, left)))
    usual = not any(term.name == CREATED for term in choice.query.terms)
    if usual:
        query = choice.query.adding((CREATED, usual_time))
        choice = replace(choice, query=replace(query, ignored=choice.query.ignored))
    return Asked(choice, populations.period_of(choice, clock.now()), usual)


def frame_context(request: HttpRequest, page: Asked, counted: Counted) -> Context:
    """What stands around a page's figures."""
    choice = page.choice
    shown = run_query.called(choice.query, people=may_label(request.user))
    found = chips(choice.query, shown, choice.address, choice.tab, choice.at)
    return {
        "choice": choice,
        "chips": [_chip(chip, page) for chip in found],
        "set_count": len({term.name for term in choice.query.terms}) - page.usual_time,
        "reset_url": choice.bare_url,
        "ignored": [ignored_text(each) for each in choice.query.ignored],
        "insight_tabs": tabs(request, _as_asked(page)),
        "period_text": period_text(page.period),
        "left_out": left_out_text(counted.population.left_out),
        "cut_at": counted.cut_at,
        "nothing": SimpleLazyObject(lambda: _nothing(page)),
        "csv_url": choice.of_page(f"{PAGES[choice.at]}_csv"),
        "place": "insights",
    }


def _nothing(page: Asked) -> Nothing:
    """What stands in place of figures: which filter leaves no run, where one does."""
    if len(page.choice.query.terms) > page.usual_time or page.choice.query.words:
        return most_without_one(page.choice)
    return Nothing("", "")


def _chip(chip: Chip, page: Asked) -> Chip:
    """The time that is meant where none is asked for cannot be taken away."""
    return replace(chip, remove_url="") if page.usual_time and chip.key == CREATED else chip


def _as_asked(page: Asked) -> ListFilter:
    """The filter without a time where none is asked for: pages have usual times of their own."""
    if not page.usual_time:
        return page.choice
    return replace(page.choice, query=page.choice.query.without_name(CREATED))


def tabs(request: HttpRequest, choice: ListFilter) -> list[Tab]:
    """The pages that this reader may open, each under the same filter."""
    costs = may_see_costs(request)
    return [
        Tab(text, choice.of_page(PAGES[at]), at == choice.at)
        for at, text in TABS.items()
        if costs or at not in FOR_COSTS
    ]


def range_json(period: Period) -> dict[str, str]:
    """The first and last day of a time, and their zone."""
    days = period.days
    return {"from": str(days[0]), "to": str(days[-1]), "zone": str(period.zone)}


def population_json(population: Population) -> dict[str, object]:
    """How many runs there are of each kind of start, and how many are left out."""
    left = population.left_out
    return {
        "runs": len(population.runs),
        **{kind: len(population.of_kind(kind)) for kind in ("cold", "warm", "unknown")},
        "left_out": {
            "workspace": left.workspace,
            "assumed-timeout": left.assumed_timeout,
            "out-of-range": left.out_of_range,
        },
    }


def runs_csv(request: HttpRequest, name: str, population: Population) -> StreamingHttpResponse:
    """A file with a row for each run that the figures of a page are of; its times are in UTC."""
    lines = export.written(
        _pieces(population),
        UTC,
        settings.PUBLIC_URL,
        people=may_label(request.user),
        costs=may_see_costs(request),
    )
    headers = attachment(f"{name}-{clock.now():%Y-%m-%d}.csv")
    return StreamingHttpResponse(_with_bom(lines), content_type=CSV, headers=headers)


def _with_bom(lines: Iterator[str]) -> Iterator[str]:
    yield "\ufeff"  # without it spreadsheets take UTF-8 for the letters of their own system
    yield from lines


def _pieces(population: Population) -> Iterator[list[Key]]:
    runs = population.runs[::-1]
    for first in range(0, len(runs), PIECE):
        yield [Key(None, run.created, run.id) for run in runs[first : first + PIECE]]
