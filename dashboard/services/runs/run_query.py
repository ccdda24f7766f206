"""The filters of a query string as querysets."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Length, Lower

from dashboard.domain.filters.fields import (
    ANY,
    ATTENTION,
    BATCH,
    BY,
    COLD_START,
    CREATED,
    ENDED,
    ENVIRONMENT,
    ERROR,
    FINISHED,
    GPU,
    LIVE,
    NAMES,
    ORIGIN,
    QUEUE,
    RUN,
    START,
    STATUS,
    TOTAL,
    VERSION,
    WORKFLOW,
    Form,
)
from dashboard.domain.filters.moments import stretch_of
from dashboard.domain.filters.query import RunQuery, Term
from dashboard.domain.filters.ranges import Range, read_range
from dashboard.models import Deployment, Name, RunQuerySet, UpstreamUser, Workflow
from dashboard.models.run_queryset import FAILED
from dashboard.services import clock
from dashboard.services.runs import directory, names

NO_NAME = "no workflow has this name"
SHORT = 8  # characters of an ID without a name
COLUMNS: Mapping[str, str] = {
    **names.COLUMNS,
    BATCH: "batch_id",
    ENVIRONMENT: "deployment_id",
    STATUS: "status",
    ERROR: "error_cause",
    START: "start_kind",
    GPU: "gpu",
    ORIGIN: "origin",
    BY: "user_id",
    CREATED: "created_at",
    ENDED: "ended_at",
    TOTAL: "total",
    RUN: "run",
    COLD_START: "cold_start",
    QUEUE: "queue_wait",
}
NO_TEXT = frozenset({CREATED, ENDED, TOTAL, RUN, COLD_START, QUEUE})  # columns of other kinds


def settled(query: RunQuery) -> RunQuery:
    """The query without names that no workflow has. Asks the database where there are names."""
    named = [term for term in query.terms if term.form == Form.NAME]
    if not named:
        return query
    texts = {term.value for term in named}
    known = set(_called(texts).values_list("text", flat=True))
    known |= set(Workflow.objects.filter(name__in=texts).values_list("name", flat=True))
    return query.leaving_out([term for term in named if term.value not in known], NO_NAME)


def narrowed(
    runs: RunQuerySet, query: RunQuery, now: datetime | None = None, zone: tzinfo = UTC
) -> RunQuerySet:
    """The runs that the terms let through: or-ed within a name, and-ed between names.

    Relative times count from `now`, days are those of the zone. What is left out by a value
    is what has it: runs without any value stay.
    """
    at = Moment(now or clock.now(), zone)
    for name in NAMES:
        if wanted := query.of(name):
            runs = runs.filter(_any(name, wanted, at))
        if excluded := query.of(name, excluded=True):
            runs = runs.exclude(_any(name, excluded, at))
    return runs


class Moment(NamedTuple):
    """What relative times count from."""

    now: datetime
    zone: tzinfo


def _any(name: str, terms: Sequence[Term], at: Moment) -> Q:
    """The runs that have one of these values of a name."""
    values: dict[Form, list[str]] = {}
    for term in terms:
        values.setdefault(term.form, []).append(term.value)
    return reduce(or_, (_of_form(name, form, given, at) for form, given in values.items()))


def _of_form(name: str, form: Form, values: list[str], at: Moment) -> Q:
    if name in WORDS and form == Form.WORD:
        return reduce(or_, map(WORDS[name], values))
    if form == Form.RANGE:
        return reduce(or_, (_within(COLUMNS[name], read_range(value)) for value in values))
    if form == Form.TIME:
        return reduce(or_, (_during(COLUMNS[name], value, at) for value in values))
    if form == Form.MISSING:
        return _missing(name)
    if name == ENVIRONMENT:
        return _deployed(environment=values)
    return _of_name(name, form, values)


def _of_name(name: str, form: Form, values: list[str]) -> Q:
    """The runs with one of these IDs, names, versions or texts."""
    if form == Form.NAME:
        return Q(workflow_id__in=_called(values).values("upstream_id"))
    if form == Form.NUMBER:
        numbered = Name.objects.filter(kind=VERSION, text__in=values)
        return Q(workflow_version_id__in=numbered.values("upstream_id"))
    return _from_version(values) if form == Form.FROM else Q(**{f"{COLUMNS[name]}__in": values})


def _missing(name: str) -> Q:
    if name == ENVIRONMENT:
        return _missing_environment()
    if name == START:
        return Q(start_kind="unknown")
    if name == ERROR:
        return ~_error(ANY)
    absent = Q(**{f"{COLUMNS[name]}__isnull": True})
    return absent if name in NO_TEXT else absent | Q(**{COLUMNS[name]: ""})


def _status(word: str) -> Q:
    """ComfyDeploy's word in any case, or one of three that stand for several."""
    if word == LIVE:
        return Q(finished=False)
    if word == FINISHED:
        return Q(finished=True)
    return Q(status__in=FAILED) if word == ATTENTION else Q(status__iexact=word)


def _error(word: str) -> Q:
    """A known cause, or any error, known or not."""
    return ~Q(error_cause="") | ~Q(error_digest="") if word == ANY else Q(error_cause=word)


WORDS: Mapping[str, Callable[[str], Q]] = {STATUS: _status, ERROR: _error}


def _within(column: str, found: Range | None) -> Q:
    if found is None:
        return Q(pk__in=[])
    low, high = ("gt", "lt") if found.strict else ("gte", "lte")
    ends = ((low, found.low), (high, found.high))
    known = {f"{column}__{way}": end for way, end in ends if end is not None}
    return Q(**{f"{column}__isnull": False}, **known)


def _during(column: str, value: str, at: Moment) -> Q:
    found = stretch_of(value, at.now, at.zone)
    ends = (("gte", found.begin), ("lt", found.end))
    known = {f"{column}__{way}": end for way, end in ends if end is not None}
    return Q(**{f"{column}__isnull": False}, **known)


def _called(texts: Collection[str]) -> QuerySet[Name]:
    """The workflows with exactly one of these names."""
    return Name.objects.filter(kind=WORKFLOW, text__in=texts)


def _from_version(values: Sequence[str]) -> Q:
    """Versions from the lowest of these on: `v9` is shorter than `v15`, and so below it."""
    lowest = min((value.removeprefix(">=") for value in values), key=lambda v: (len(v), v))
    size = len(lowest)
    versions = Name.objects.filter(kind=VERSION, text__startswith="v").annotate(size=Length("text"))
    high = versions.filter(Q(size__gt=size) | Q(size=size, text__gte=lowest))
    return Q(workflow_version_id__in=high.values("upstream_id"))


def _deployed(*, environment: Sequence[str]) -> Q:
    """The runs of deployments of these environments, in any case; our columns hold IDs as text."""
    named = Deployment.objects.annotate(word=Lower("environment"))
    deployments = named.filter(word__in=environment)
    ids = [str(pk) for pk in deployments.values_list("pk", flat=True)]
    return Q(deployment_id__in=ids)


def _missing_environment() -> Q:
    """The runs without a deployment, and of deployments whose environment is not known."""
    known = Deployment.objects.exclude(environment="").values_list("pk", flat=True)
    return ~Q(deployment_id__in=[str(pk) for pk in known]) | Q(deployment_id=None)


def called(query: RunQuery, *, people: bool = True) -> dict[Term, str]:
    """What each term's value is called: a name, else the value; of an ID its beginning.

    Without `people` those who started runs have no names: not every reader is to see them.
    """
    ids = [term for term in query.terms if term.form == Form.ID]
    texts = _texts({(term.name, term.value) for term in ids if term.name != BATCH})
    shown = {term: texts.get((term.name, term.value), term.value[:SHORT]) for term in ids}
    starters = _people([term.value for term in query.terms if people and term.name == BY])
    shown |= {
        term: starters[term.value]
        for term in query.terms
        if term.name == BY and term.value in starters
    }
    return {term: shown.get(term, term.value) for term in query.terms}


def _people(ids: Collection[str]) -> dict[str, str]:
    """The names of these people of ComfyDeploy, as far as they are known."""
    rows = UpstreamUser.objects.filter(pk__in=ids).exclude(name="") if ids else ()
    return {row.pk: row.name for row in rows}


def _texts(keys: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The names of these (kind, ID): those of runs, else of the workspace's lists."""
    if not keys:
        return {}
    rows = Name.objects.filter(upstream_id__in={key[1] for key in keys}).exclude(text="")
    found = {
        (kind, upstream_id): text
        for kind, upstream_id, text in rows.values_list("kind", "upstream_id", "text")
    }
    missing = keys - found.keys()
    return {**(directory.texts(missing, clock.now()) if missing else {}), **found}
