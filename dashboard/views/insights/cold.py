"""Cold starts: how many there are, how long they take, and what they cost."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.domain.insights.cold_starts import ColdFigures, cold_figures
from dashboard.domain.insights.runs import Population
from dashboard.http import Context
from dashboard.presentation.insights.cold_starts import ColdPage, cold_page
from dashboard.services.insights.names import names_of
from dashboard.services.insights.warm_times import stays_warm
from dashboard.views.insights.cold_json import cold_json
from dashboard.views.insights.frame import (
    Asked,
    asked,
    frame_context,
    population_json,
    range_json,
    runs_csv,
)
from dashboard.views.runs.story_context import may_see_costs

AT = "cold"
ROWS, BY_MACHINE, BY_WORKFLOW = "rows", "machine", "workflow"


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """With `rows=workflow`, the table has a row for each workflow, with its machines."""
    found = asked(request, AT)
    counted = found.now()
    context = {**frame_context(request, found, counted), "costs": may_see_costs(request)}
    if counted.population.runs:
        drawn = _drawn(request, found, counted.population)
        context |= {"cold": drawn, **_table_context(request, drawn, found.choice.url)}
    return render(request, "insights/cold/page.html", context)


def _drawn(request: HttpRequest, found: Asked, population: Population) -> ColdPage:
    figures = _figures(found, population)
    return cold_page(
        figures,
        found.period,
        names_of(population.runs),
        stays_warm(population.runs),
        costs=may_see_costs(request),
        cold_after=settings.COLD_START_SECONDS,
    )


def _table_context(request: HttpRequest, drawn: ColdPage, url: str) -> Context:
    """Which of the two tables is shown, and the page with the other."""
    if drawn.sections is None:
        return {}
    groups = drawn.sections.machines
    by_workflow = request.GET.get(ROWS) == BY_WORKFLOW
    sign = "&" if "?" in url else "?"
    return {
        "table": groups.by_workflow if by_workflow else groups.by_machine,
        "by_machine_url": url,
        "by_workflow_url": f"{url}{sign}{ROWS}={BY_WORKFLOW}",
    }


@require_safe
@never_cache
def page_json(request: HttpRequest) -> JsonResponse:
    """The figures of the page."""
    found = asked(request, AT)
    population = found.now().population
    told = {
        "range": range_json(found.period),
        "population": population_json(population),
        **cold_json(
            _figures(found, population), names_of(population.runs), costs=may_see_costs(request)
        ),
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@require_safe
@never_cache
def page_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The runs of the page, one a row."""
    return runs_csv(request, "cold-starts", asked(request, AT).now().population)


def _figures(found: Asked, population: Population) -> ColdFigures:
    return cold_figures(population, found.before(), found.period)
