"""The last week in findings: what each page of Insights says of it, ready to be passed on."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.domain.filters.fields import WORKFLOW
from dashboard.domain.insights.cold_starts import cold_figures
from dashboard.domain.insights.costs import cost_figures
from dashboard.domain.insights.failure_causes import examples
from dashboard.domain.insights.failure_days import ended_of
from dashboard.domain.insights.failures import failure_figures
from dashboard.domain.insights.runs import WARM, Population
from dashboard.domain.insights.speed import speed_of
from dashboard.presentation.insights.cold_starts import cold_page
from dashboard.presentation.insights.costs import CostPage, cost_page
from dashboard.presentation.insights.failures import failure_page
from dashboard.presentation.insights.speed import KnownNodes, speed_page
from dashboard.presentation.insights.week import PageFindings, week_findings
from dashboard.services.insights import costs, failures
from dashboard.services.insights.first_runs import first_runs
from dashboard.services.insights.names import names_of
from dashboard.services.insights.warm_times import stays_warm
from dashboard.views.insights.frame import (
    TABS,
    Asked,
    asked,
    frame_context,
    population_json,
    range_json,
    runs_csv,
)
from dashboard.views.runs.filters import PAGES
from dashboard.views.runs.story_context import may_see_costs

AT, WEEK = "week", "7d"


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Of the last seven days, where the address names no other time."""
    found = asked(request, AT, WEEK)
    counted = found.now()
    context = frame_context(request, found, counted)
    if counted.population.runs:
        context["findings"] = [
            {"page": TABS[one.at], "url": found.choice.of_page(PAGES[one.at]), "of": one}
            for one in _findings(request, found, counted.population)
        ]
    return render(request, "insights/week/page.html", context)


@require_safe
@never_cache
def page_json(request: HttpRequest) -> JsonResponse:
    """The same findings as texts."""
    found = asked(request, AT, WEEK)
    population = found.now().population
    findings = _findings(request, found, population) if population.runs else ()
    told = {
        "range": range_json(found.period),
        "population": population_json(population),
        "findings": [
            {"page": one.at, "title": one.title, "text": one.text, "more": list(one.more)}
            for one in findings
        ],
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@require_safe
@never_cache
def page_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The runs of the week, one a row."""
    return runs_csv(request, "week", asked(request, AT, WEEK).now().population)


def _findings(
    request: HttpRequest, found: Asked, population: Population
) -> tuple[PageFindings, ...]:
    before, period, seen = found.before(), found.period, may_see_costs(request)
    runs, names = population.runs, names_of(population.runs)
    facts = failures.facts_of(examples(ended_of(runs)))
    return week_findings(
        cold_page(
            cold_figures(population, before, period),
            period,
            names,
            stays_warm(runs),
            costs=seen,
            cold_after=settings.COLD_START_SECONDS,
        ),
        speed_page(speed_of(runs, WARM, first_runs(runs)), KnownNodes((), 0, 0), period, names),
        failure_page(
            failure_figures(population, before, period, facts),
            period,
            names,
            lambda _: "",
            costs=seen,
        ),
        _cost(found, population, before) if seen else None,
    )


def _cost(found: Asked, now: Population, before: Population | None) -> CostPage:
    past = before.runs if before else ()
    figures = cost_figures(
        now, before, found.period, tags={}, boots=costs.boots_of([*now.runs, *past])
    )
    names = {key: text for (kind, key), text in names_of(now.runs).items() if kind == WORKFLOW}
    return cost_page(
        figures,
        found.period,
        names=names,
        people=None,
        workflow_url=lambda _: "",
        person_url=lambda _: "",
        tag_url=lambda _: "",
    )
