"""The filters of a query string as querysets."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import Case, F, Field, Q, QuerySet, Value, When
from django.db.models.functions import Length, Lower
from django.db.models.lookups import Exact

from dashboard.domain.filters.fields import (
    ANY,
    ATTENTION,
    BATCH,
    BY,
    COLD_START,
    COST,
    CREATED,
    DEPLOYMENT,
    ENDED,
    ENVIRONMENT,
    ERROR,
    FINISHED,
    GPU,
    LIVE,
    MISSING,
    NAMES,
    ORIGIN,
    PICKED,
    QUEUE,
    RUN,
    SLOW,
    STARRED,
    START,
    STATUS,
    TAG,
    TOTAL,
    VERSION,
    WORKFLOW,
    Form,
)
from dashboard.domain.filters.moments import stretch_of
from dashboard.domain.filters.query import RunQuery, Term
from dashboard.domain.filters.ranges import Range, read_range
from dashboard.models import Deployment, Name, Run, RunQuerySet, UpstreamUser, Workflow
from dashboard.models.run_queryset import FAILED
from dashboard.services import clock
from dashboard.services.runs import directory, labels, names

NO_NAME = "no workflow has this name"
MANY = 100  # runs that stand apart
MOST_PARTS = 8  # values that are read one by one
SEVERAL = ((ERROR, ANY), (STATUS, ATTENTION))  # words for several values
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
    COST: "cost_micros",
}
NO_TEXT = frozenset({CREATED, ENDED, TOTAL, RUN, COLD_START, QUEUE, COST})  # of other kinds
UNITS = {COST: 1_000_000}  # how many of the column are one of the filter


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
    runs = runs.filter(_nearby(CREATED, query, at), _nearby(ENDED, query, at))
    for name in NAMES:
        if wanted := query.of(name):
            runs = runs.filter(_any(name, wanted, at))
        if excluded := query.of(name, excluded=True):
            runs = runs.exclude(_any(name, excluded, at))
    return runs


def fitting(terms: Sequence[Term], zone: tzinfo = UTC) -> Case | Value:
    """1 for a run that these terms let through, else 0: `narrowed` as a column of other runs."""
    at, condition = Moment(clock.now(), zone), Q()
    for name in dict.fromkeys(term.name for term in terms):
        wanted = [term for term in terms if term.name == name and not term.excluded]
        excluded = [term for term in terms if term.name == name and term.excluded]
        if wanted:
            condition &= _any(name, wanted, at)
        if excluded:
            condition &= ~_any(name, excluded, at)
    yes, no = (Value(number, output_field=Field()) for number in (1, 0))  # read as it is
    return Case(When(condition, then=yes), default=no) if condition else yes


def in_parts(query: RunQuery) -> list[RunQuery]:
    """The query as queries of which an index has the runs newest first: a page is a seek of each.

    There is one for each value of a name; together they have the query's runs, and a run may be
    of two. None where the query cannot be taken apart: it is read as `run_pages` says.
    """
    if _is_in_order(query):
        return [query]
    days = query.of(CREATED)
    wanted = [one for term in query.terms if term not in days for one in _single(term)]
    if len({term.name for term in wanted}) != 1 or len(wanted) > MOST_PARTS:
        return []
    parts = [replace(query, terms=(*days, term)) for term in wanted]
    return parts if all(map(_is_in_order, parts)) else []


def _single(term: Term) -> list[Term]:
    """The values that a word stands for; of an environment its deployments."""
    if term.excluded:
        return [term]
    if (term.name, term.value) == (STATUS, ATTENTION):
        return [replace(term, value=word) for word in FAILED]
    if term.name == ENVIRONMENT and term.form != Form.MISSING:
        ids = _deployments((term.value,))[: MOST_PARTS + 1]
        return [Term(DEPLOYMENT, one, Form.ID) for one in ids] or [term]
    return [term]


def _is_in_order(query: RunQuery) -> bool:
    """Whether it asks for at most one value of one name, and one stretch of days.

    In the list runs stand by their creation.
    """
    wanted = [term for term in query.terms if term.name != CREATED]
    stretches = query.of(CREATED)
    if any(term.excluded for term in query.terms) or MISSING in (one.value for one in stretches):
        return False
    return len(wanted) <= 1 and len(stretches) <= 1 and all(map(_is_one_value, wanted))


def _is_one_value(term: Term) -> bool:
    if term.name in (ENVIRONMENT, TAG) or (term.name, term.value) in SEVERAL:
        return False
    if term.form == Form.MISSING:
        return term.name in NO_TEXT
    return term.form in (Form.ID, Form.TEXT, Form.WORD, Form.FLAG)


def stretch(query: RunQuery, zone: tzinfo = UTC) -> RunQuerySet:
    """The runs of the stretch of the list where those of the query are: all where none is known."""
    at = Moment(clock.now(), zone)
    return Run.objects.seen().filter(_nearby(CREATED, query, at), _nearby(ENDED, query, at))


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
        return reduce(or_, (_within(COLUMNS[name], stored_range(name, value)) for value in values))
    if form == Form.TIME:
        return reduce(or_, (_during(COLUMNS[name], value, at) for value in values))
    if form == Form.MISSING:
        return _missing(name)
    if name in OTHERS:
        return OTHERS[name](values)
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
    if name in MISSING_OTHERS:
        return MISSING_OTHERS[name]()
    if name == START:
        return Q(start_kind="unknown")
    if name == ERROR:
        return ~_error(ANY)
    absent = Q(**{f"{COLUMNS[name]}__isnull": True})
    if name in NO_TEXT:
        return absent
    # Apart from what is hardly ever there, as an index leads to one value and not to two.
    empty = Q(**{COLUMNS[name]: ""})
    return absent | empty if Run.objects.seen().filter(empty).exists() else absent


def _nearby(name: str, query: RunQuery, at: Moment) -> Q:
    """What follows for a run's place in the list from when it was created or ended.

    It was created there and ended later, but for a handful that an index knows; so a stretch
    of times is a stretch of the list, and what lies outside need not be read.
    """
    terms = query.of(name)
    if not terms or any(term.form != Form.TIME for term in terms):
        return Q()
    stretches = [stretch_of(term.value, at.now, at.zone) for term in terms]
    begins = [each.begin for each in stretches if each.begin is not None]
    ends = [each.end for each in stretches if each.end is not None]
    nearby = Q()
    if name == CREATED and len(begins) == len(stretches):
        late = Run.objects.filter(Q(created_at__gt=F("sorted_at")), created_at__gte=min(begins))
        nearby &= _or_else(Q(sorted_at__gte=min(begins)), late)
    if len(ends) == len(stretches):
        early = Run.objects.filter(Q(ended_at__lt=F("sorted_at")), ended_at__lt=max(ends))
        rest = early if name == ENDED else Run.objects.none()
        nearby &= _or_else(Q(sorted_at__lt=max(ends)), rest)
    return nearby


def _or_else(condition: Q, others: RunQuerySet) -> Q:
    """The condition with the few others beside it; no condition where they are many."""
    keys = list(others.values_list("pk", flat=True)[: MANY + 1])
    if len(keys) > MANY:
        return Q()
    return condition | Q(pk__in=keys) if keys else condition


def _status(word: str) -> Q:
    """ComfyDeploy's word in any case, or one of three that stand for several."""
    if word == LIVE:
        return Q(finished=False)
    if word == FINISHED:
        return Q(finished=True)
    # Neither `iexact` nor the words as they are: the one index of all statuses has small letters.
    words = FAILED if word == ATTENTION else (word,)
    return reduce(or_, (Q(Exact(Lower("status"), Value(one))) for one in words))


def _error(word: str) -> Q:
    """A known cause, or any error, known or not."""
    return ~Q(error_cause="") | ~Q(error_digest="") if word == ANY else Q(error_cause=word)


WORDS: Mapping[str, Callable[[str], Q]] = {STATUS: _status, ERROR: _error}


def stored_range(name: str, value: str) -> Range | None:
    """The range that a value writes, in the unit that is stored: of dollars their millionths."""
    found = read_range(value)
    return found.times(UNITS[name]) if found and name in UNITS else found


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
    return Q(deployment_id__in=_deployments(environment))


def _deployments(environments: Sequence[str]) -> list[str]:
    named = Deployment.objects.annotate(word=Lower("environment"))
    deployments = named.filter(word__in=environments)
    return [str(pk) for pk in deployments.values_list("pk", flat=True)]


def _missing_environment() -> Q:
    """The runs without a deployment, and of deployments whose environment is not known."""
    known = Deployment.objects.exclude(environment="").values_list("pk", flat=True)
    return ~Q(deployment_id__in=[str(pk) for pk in known]) | Q(deployment_id=None)


def _tagged(values: Sequence[str]) -> Q:
    return reduce(or_, (Q(pk__in=labels.tagged(value)) for value in values))


# What is not a column of the run, or not the value itself.
OTHERS: Mapping[str, Callable[[Sequence[str]], Q]] = {
    ENVIRONMENT: lambda values: _deployed(environment=values),
    TAG: _tagged,
    STARRED: lambda values: Q(starred=True),
    PICKED: lambda values: Q(picked_count__gt=0),
    SLOW: lambda values: Q(slow=True),
}
MISSING_OTHERS: Mapping[str, Callable[[], Q]] = {
    ENVIRONMENT: _missing_environment,
    TAG: lambda: ~Q(pk__in=labels.any_tagged()),
    STARRED: lambda: Q(starred=False),
    PICKED: lambda: Q(picked_count=0),
    SLOW: lambda: Q(slow=False),
}


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
