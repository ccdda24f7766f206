"""Speed: how long runs take, by workflow, version and GPU, and where that has changed."""

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.domain.filters.fields import CREATED, MISSING, START
from dashboard.domain.filters.query import RunQuery
from dashboard.domain.insights.runs import COLD, UNKNOWN, WARM, Population
from dashboard.domain.insights.slowest_nodes import slowest_nodes
from dashboard.domain.insights.speed import Speed, speed_of
from dashboard.presentation.insights.speed import KnownNodes, speed_page
from dashboard.presentation.insights.speed_text import START_WORDS
from dashboard.services.insights import populations
from dashboard.services.insights.first_runs import first_runs
from dashboard.services.insights.names import names_of
from dashboard.services.insights.nodes import NEWEST, nodes_of
from dashboard.services.insights.populations import Counted
from dashboard.views.insights.frame import (
    Asked,
    asked,
    frame_context,
    population_json,
    range_json,
    runs_csv,
)
from dashboard.views.insights.speed_json import speed_json

AT = "speed"
KINDS = (WARM, COLD, UNKNOWN)  # the first that the filter allows is shown


@dataclass(frozen=True, slots=True)
class StartLink:
    """The page with another kind of start."""

    text: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page was asked for, and what was found.

    The runs are those of the filter whatever their start, so that it can be told how many of
    the other kind there are.
    """

    page: Asked
    counted: Counted
    speed: Speed


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    found = _figures(request)
    choice, speed = found.page.choice, found.speed
    names = names_of(speed.runs)
    drawn = speed_page(speed, _nodes(speed), found.page.period, names)
    context = {
        **frame_context(request, found.page, found.counted),
        "page": drawn,
        "starts": _start_links(found.page, speed.start_kind),
        "any_runs": bool(found.counted.population.runs),
        "any_filter": any(term.name not in (CREATED, START) for term in choice.query.terms),
        "any_history": found.page.period.history_from is not None,
    }
    return render(request, "insights/speed/page.html", context)


@require_safe
@never_cache
def page_json(request: HttpRequest) -> JsonResponse:
    """The figures of the page."""
    found = _figures(request)
    told = {
        "range": range_json(found.page.period),
        "population": population_json(found.counted.population),
        **speed_json(found.speed, _nodes(found.speed), names_of(found.speed.runs)),
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@require_safe
@never_cache
def page_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The runs of the page, one a row."""
    found = _figures(request)
    left_out = found.counted.population.left_out
    return runs_csv(request, "speed", Population(found.speed.runs, left_out))


def _figures(request: HttpRequest) -> Figures:
    found = asked(request, AT)
    every_start = replace(found.choice, query=found.choice.query.without_name(START))
    counted = populations.counted(every_start)
    runs = counted.population.runs
    return Figures(found, counted, speed_of(runs, start_of(found.choice.query), first_runs(runs)))


def start_of(query: RunQuery) -> str:
    """The kind of start that is shown: warm, or the first that the filter lets through."""
    wanted, left_out = (
        {UNKNOWN if term.value == MISSING else term.value for term in query.of(START, excluded=out)}
        for out in (False, True)
    )
    allowed = [kind for kind in KINDS if kind not in left_out and (not wanted or kind in wanted)]
    return allowed[0] if allowed else WARM


def _start_links(page: Asked, current: str) -> list[StartLink]:
    query = page.choice.query.without_name(START)
    shown = (WARM, COLD) if current in (WARM, COLD) else KINDS
    return [
        StartLink(
            START_WORDS[kind], page.choice.address(query.adding((START, kind))), kind == current
        )
        for kind in shown
    ]


def _nodes(speed: Speed) -> KnownNodes:
    read = nodes_of(speed.runs)
    return KnownNodes(slowest_nodes(read.runs), len(read.runs), NEWEST if read.cut else 0)
