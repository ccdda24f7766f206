"""Filters by workflow, version, deployment, environment, machine and batch, as querysets."""

from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.db.models.functions import Length, Lower

from dashboard.domain.filters.query import (
    BATCH,
    ENVIRONMENT,
    NAMES,
    VERSION,
    WORKFLOW,
    Form,
    RunQuery,
    Term,
)
from dashboard.models import Deployment, Name, RunQuerySet, Workflow
from dashboard.services import clock
from dashboard.services.runs import directory, names

NO_NAME = "no workflow has this name"
SHORT = 8  # characters of an ID without a name
COLUMNS: Mapping[str, str] = {**names.COLUMNS, BATCH: "batch_id", ENVIRONMENT: "deployment_id"}


def settled(query: RunQuery) -> RunQuery:
    """The query without names that no workflow has. Asks the database where there are names."""
    named = [term for term in query.terms if term.form == Form.NAME]
    if not named:
        return query
    texts = {term.value for term in named}
    known = set(_called(texts).values_list("text", flat=True))
    known |= set(Workflow.objects.filter(name__in=texts).values_list("name", flat=True))
    return query.leaving_out([term for term in named if term.value not in known], NO_NAME)


def narrowed(runs: RunQuerySet, query: RunQuery) -> RunQuerySet:
    """The runs that the terms let through: or-ed within a name, and-ed between names."""
    for name in NAMES:
        if wanted := query.of(name):
            runs = runs.filter(_any(name, wanted))
        if excluded := query.of(name, excluded=True):
            runs = runs.exclude(_any(name, excluded))
    return runs


def _any(name: str, terms: Sequence[Term]) -> Q:
    """The runs that have one of these values of a name."""
    values: dict[Form, list[str]] = {}
    for term in terms:
        values.setdefault(term.form, []).append(term.value)
    return reduce(or_, (_of_form(name, form, given) for form, given in values.items()))


def _of_form(name: str, form: Form, values: list[str]) -> Q:
    column = COLUMNS[name]
    if name == ENVIRONMENT:
        return _missing_environment() if form == Form.MISSING else _deployed(environment=values)
    if form == Form.MISSING:
        return Q(**{f"{column}__isnull": True}) | Q(**{column: ""})
    if form == Form.NAME:
        return Q(workflow_id__in=_called(values).values("upstream_id"))
    if form == Form.NUMBER:
        numbered = Name.objects.filter(kind=VERSION, text__in=values)
        return Q(workflow_version_id__in=numbered.values("upstream_id"))
    if form == Form.FROM:
        return _from_version(values)
    return Q(**{f"{column}__in": values})


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


def called(query: RunQuery) -> dict[Term, str]:
    """What each term's value is called: a name, else the value; of an ID its beginning."""
    ids = [term for term in query.terms if term.form == Form.ID]
    texts = _texts({(term.name, term.value) for term in ids if term.name != BATCH})
    shown = {term: texts.get((term.name, term.value), term.value[:SHORT]) for term in ids}
    return {term: shown.get(term, term.value) for term in query.terms}


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
