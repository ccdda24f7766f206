"""What runs cost: start-up against work, by day, workflow, person and tag."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.access import may_label
from dashboard.domain.filters.fields import BY, TAG, WORKFLOW
from dashboard.domain.filters.query import RunQuery, pairs_of
from dashboard.domain.insights.costs import CostFigures, cost_figures
from dashboard.domain.insights.runs import Population
from dashboard.presentation.insights.costs import Address, cost_page
from dashboard.services.insights import costs
from dashboard.services.insights.names import names_of
from dashboard.services.runs import facets
from dashboard.views.insights.cost_json import cost_json
from dashboard.views.insights.frame import (
    Asked,
    asked,
    frame_context,
    population_json,
    range_json,
    runs_csv,
)
from dashboard.views.runs.filters import ListFilter
from dashboard.views.runs.story_context import may_see_costs

AT = "cost"


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    found = _asked(request)
    counted = found.now()
    context = frame_context(request, found, counted)
    runs, choice = counted.population.runs, found.choice
    context["cost"] = cost_page(
        _figures(found, counted.population),
        found.period,
        names=_workflow_names(counted.population),
        people=costs.people_of(runs) if may_label(request.user) else None,
        workflow_url=_address(choice, WORKFLOW),
        person_url=_address(choice, BY),
        tag_url=_address(choice, TAG),
    )
    return render(request, "insights/cost/page.html", context)


@require_safe
@never_cache
def page_json(request: HttpRequest) -> JsonResponse:
    """The figures of the page."""
    found = _asked(request)
    population = found.now().population
    people = costs.people_of(population.runs) if may_label(request.user) else None
    told = {
        "range": range_json(found.period),
        "population": population_json(population),
        **cost_json(_figures(found, population), _workflow_names(population), people),
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@require_safe
@never_cache
def page_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The runs of the page, one a row."""
    return runs_csv(request, "costs", _asked(request).now().population)


def _asked(request: HttpRequest) -> Asked:
    if not may_see_costs(request):
        raise Http404
    return asked(request, AT)


def _figures(found: Asked, now: Population) -> CostFigures:
    before = found.before()
    past = before.runs if before else ()
    return cost_figures(
        now,
        before,
        found.period,
        tags=costs.tags_of(now.runs),
        boots=costs.boots_of([*now.runs, *past]),
    )


def _workflow_names(population: Population) -> dict[str, str]:
    names = names_of(population.runs)
    return {key: text for (kind, key), text in names.items() if kind == WORKFLOW}


def _address(choice: ListFilter, name: str) -> Address:
    """The page with the runs of one workflow, person or tag; "" where no filter can ask for it."""
    others = choice.query.without_name(name)

    def address(value: str) -> str:
        term = facets.term_of(name, value)
        if term is None:
            return ""
        return choice.address(others.adding(*pairs_of(RunQuery((term,)))))

    return address
