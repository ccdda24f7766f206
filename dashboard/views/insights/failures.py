"""Failures: how many runs failed or timed out, when, and why."""

from dataclasses import dataclass, replace
from functools import cached_property

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.domain.filters.fields import ERROR, STATUS, VERSION
from dashboard.domain.filters.query import RunQuery, pairs_of
from dashboard.domain.insights.failure_causes import CauseKey, examples
from dashboard.domain.insights.failure_days import ended_of
from dashboard.domain.insights.failures import FailureFigures, failure_figures
from dashboard.presentation.insights.failure_text import NewNotice
from dashboard.presentation.insights.failures import failure_page
from dashboard.services.insights import failures
from dashboard.services.insights.names import names_of
from dashboard.services.insights.populations import Counted
from dashboard.services.runs import facets
from dashboard.views.insights.failures_json import failures_json
from dashboard.views.insights.frame import (
    Asked,
    asked,
    frame_context,
    population_json,
    range_json,
    runs_csv,
)
from dashboard.views.runs.story_context import may_see_costs

AT = "failures"
ATTENTION = "attention"  # the status of runs that failed or timed out


@dataclass(frozen=True)
class Found:
    """What the page was asked for, and the runs of its time."""

    page: Asked
    counted: Counted

    @cached_property
    def figures(self) -> FailureFigures:
        now = self.counted.population
        facts = failures.facts_of(examples(ended_of(now.runs)))
        return failure_figures(now, self.page.before(), self.page.period, facts)

    @cached_property
    def names(self) -> dict[tuple[str, str], str]:
        return names_of(self.counted.population.runs)


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    found = _found(request)
    context = frame_context(request, found.page, found.counted)
    if found.counted.population.runs:
        drawn = failure_page(
            found.figures,
            found.page.period,
            found.names,
            lambda key: _cause_url(found.page, key),
            costs=may_see_costs(request),
        )
        context["failed"] = drawn
        context["notice_url"] = _notice_url(found.page, drawn.notice) if drawn.notice else ""
    return render(request, "insights/failures/page.html", context)


@require_safe
@never_cache
def page_json(request: HttpRequest) -> JsonResponse:
    """The figures of the page."""
    found = _found(request)
    told = {
        "range": range_json(found.page.period),
        "population": population_json(found.counted.population),
        **failures_json(found.figures, found.names),
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@require_safe
@never_cache
def page_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The runs of the page, one a row."""
    return runs_csv(request, "failures", _found(request).counted.population)


def _found(request: HttpRequest) -> Found:
    asked_for = asked(request, AT)
    return Found(asked_for, asked_for.now())


def _list_url(page: Asked, *pairs: tuple[str, str | None]) -> str:
    """The list of runs under the page's filter and these; "" where no filter can ask for them."""
    query = page.choice.query
    for name, value in pairs:
        term = facets.term_of(name, value)
        if term is None:
            return ""
        query = query.without_name(name).adding(*pairs_of(RunQuery((term,))))
    return replace(page.choice, at="").address(query)


def _cause_url(page: Asked, key: CauseKey) -> str:
    """The runs of a known cause, whatever their error's text."""
    return _list_url(page, (ERROR, key.cause)) if key.cause else ""


def _notice_url(page: Asked, notice: NewNotice) -> str:
    version = (VERSION, notice.version.version)
    if notice.word:
        return _list_url(page, version, (ERROR, notice.word))
    query = page.choice.query.without_name(STATUS).adding((STATUS, ATTENTION))
    return _list_url(replace(page, choice=replace(page.choice, query=query)), version)
