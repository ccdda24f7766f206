"""Cold starts: how many there are, how long they take, and what they cost."""

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.domain.insights.cold_starts import cold_figures
from dashboard.services.insights.names import names_of
from dashboard.views.insights.cold_json import cold_json
from dashboard.views.insights.frame import (
    asked,
    frame_context,
    population_json,
    range_json,
    runs_csv,
)
from dashboard.views.runs.story_context import may_see_costs

AT = "cold"


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    found = asked(request, AT)
    counted = found.now()
    return render(request, "insights/cold/page.html", frame_context(request, found, counted))


@require_safe
@never_cache
def page_json(request: HttpRequest) -> JsonResponse:
    """The figures of the page."""
    found = asked(request, AT)
    population = found.now().population
    figures = cold_figures(population, found.before(), found.period)
    told = {
        "range": range_json(found.period),
        "population": population_json(population),
        **cold_json(figures, names_of(population.runs), costs=may_see_costs(request)),
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@require_safe
@never_cache
def page_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The runs of the page, one a row."""
    return runs_csv(request, "cold-starts", asked(request, AT).now().population)
