"""Keeping warm: what another warm time of each machine would cost and avoid."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.domain.filters.fields import CREATED, MACHINE
from dashboard.domain.filters.query import Ignored
from dashboard.domain.insights.keep_warm import KeptWarm, keep_warm
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.worth import USUAL, read_worth
from dashboard.http import Context
from dashboard.presentation.insights.keep_warm import keep_warm_text
from dashboard.presentation.insights.warm_numbers import worth_text
from dashboard.services.insights import machines, populations
from dashboard.services.insights.names import names_of
from dashboard.services.insights.populations import Counted
from dashboard.views.insights.frame import (
    Asked,
    asked,
    frame_context,
    population_json,
    range_json,
    runs_csv,
)
from dashboard.views.insights.warm_json import warm_json
from dashboard.views.runs.filters import PAGES, ListFilter
from dashboard.views.runs.story_context import may_see_costs

AT = "warm"
WORTH = "worth"
NO_AMOUNT = f"no amount of dollars; {worth_text(USUAL)} is used"
WHOLE = frozenset({CREATED, MACHINE})  # filters that leave a machine all its runs
LONGER, LONGER_DAYS = "90d", 90
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Replayed:
    """The machines that a filter chooses, with all their runs of its time."""

    counted: Counted
    machines: list[KeptWarm]
    names: dict[str, str]
    is_wider: bool  # runs count that the filter leaves out


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    found, worth = _asked(request)
    replayed = _replayed(found)
    context = {
        **frame_context(request, found, replayed.counted),
        **_context(request, found, replayed, worth),
    }
    return render(request, "insights/warm/page.html", context)


@require_safe
@never_cache
def page_json(request: HttpRequest) -> JsonResponse:
    """The figures of the page."""
    found, _ = _asked(request)
    replayed = _replayed(found)
    told = {
        "range": range_json(found.period),
        "population": population_json(replayed.counted.population),
        "machines": warm_json(replayed.machines, replayed.names, costs=may_see_costs(request)),
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


@require_safe
@never_cache
def page_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The runs that are replayed, one a row."""
    found, _ = _asked(request)
    counted, _ = _whole(found)
    return runs_csv(request, "keeping-warm", counted.population)


def _asked(request: HttpRequest) -> tuple[Asked, Decimal]:
    """What the page is asked for, and what a minute is worth."""
    found = asked(request, AT)
    given = request.GET.get(WORTH, "")
    worth = read_worth(given)
    ignored = [one for one in found.choice.query.ignored if one.name != WORTH]
    if worth is None and given:
        ignored.append(Ignored(WORTH, given, NO_AMOUNT))
    query = replace(found.choice.query, ignored=tuple(ignored))
    choice = replace(found.choice, query=query)
    return replace(found, choice=choice), USUAL if worth is None else worth


def _replayed(found: Asked) -> Replayed:
    counted, pairs = _whole(found)
    runs = counted.population.runs
    facts = machines.facts_of({run.machine for run in runs if run.machine}, found.period)
    kept = keep_warm(counted.population, _time_of(found, counted), facts)
    if pairs is not None:
        # A run without a GPU is on whichever GPU its machine has.
        kept = [one for one in kept if pairs & {(one.machine, one.gpu), (one.machine, None)}]
    names = {key: name for (kind, key), name in names_of(runs).items() if kind == MACHINE}
    return Replayed(counted, kept, names, pairs is not None)


def _time_of(found: Asked, counted: Counted) -> Period:
    """The time that the counted runs are of."""
    return replace(found.period, begin=counted.cut_at) if counted.cut_at else found.period


def _whole(found: Asked) -> tuple[Counted, set[tuple[str, str | None]] | None]:
    """All runs of the machines that the filter chooses.

    A replay of some of a machine's runs would say nothing. The pairs are the machines and GPUs
    that are chosen; None where the filter leaves machines whole.
    """
    counted = found.now()
    query = found.choice.query
    others = {term.name for term in query.terms} - WHOLE
    if not others and not query.words:
        return counted, None
    pairs = {(run.machine, run.gpu) for run in counted.population.runs if run.machine}
    chosen = {machine for machine, _ in pairs}
    for name in others:
        query = query.without_name(name)
    wider = populations.counted(replace(found.choice, query=replace(query, words="")))
    population = wider.population
    runs = tuple(run for run in population.runs if run.machine in chosen)
    return replace(wider, population=replace(population, runs=runs)), pairs


def _context(request: HttpRequest, found: Asked, replayed: Replayed, worth: Decimal) -> Context:
    costs = may_see_costs(request)
    period = _time_of(found, replayed.counted)
    days = max(1, round((period.end - period.begin) / _DAY))
    return {
        "warm": keep_warm_text(replayed.machines, replayed.names, worth, days, costs=costs),
        "worth": worth_text(worth),
        "is_wider": replayed.is_wider,
        "kept_pairs": parse_qsl(urlsplit(found.choice.of_page(PAGES[AT])).query),
        "longer_url": _longer_url(found.choice) if _may_be_longer(found) else "",
        "filtered": bool(found.choice.query.words)
        or any(term.name != CREATED for term in found.choice.query.terms),
    }


def _may_be_longer(found: Asked) -> bool:
    """Whether 90 days hold more than what is asked for, as far as runs are known here."""
    period = found.period
    known = period.history_from is not None and period.history_from < period.begin
    return known and period.end - period.begin < LONGER_DAYS * _DAY


def _longer_url(choice: ListFilter) -> str:
    return choice.address(choice.query.without_name(CREATED).adding((CREATED, LONGER)))
