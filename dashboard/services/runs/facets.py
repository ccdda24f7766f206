"""The values of one name among a filter's runs, and how many runs have each. Reads only."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.db.models.expressions import Combinable

from dashboard.domain.filters.fields import (
    BATCH,
    BY,
    DEPLOYMENT,
    ENVIRONMENT,
    ERROR,
    FIELDS,
    FLAGS,
    GPU,
    MACHINE,
    MISSING,
    ORIGIN,
    PICKED,
    SLOW,
    STARRED,
    START,
    STATUS,
    TAG,
    VERSION,
    WORKFLOW,
    YES,
    Form,
)
from dashboard.domain.filters.query import RunQuery, Term, pairs_of, parse
from dashboard.domain.text.labels import folded
from dashboard.models import Deployment, Label, Name
from dashboard.models.keys import OneOf
from dashboard.services.runs import filter_counts, newest_rows, run_query
from dashboard.services.runs.filter_counts import LIMIT
from dashboard.services.runs.run_filter import RunFilter

COUNTED = (
    *(WORKFLOW, VERSION, DEPLOYMENT, ENVIRONMENT, MACHINE, BATCH, STATUS, ERROR, START),
    *(GPU, ORIGIN, BY, TAG, *FLAGS),
)
"""The names whose values are counted; the others are times and seconds."""
MOST = 200  # values that are listed
BY_NAME = frozenset({Form.NAME, Form.NUMBER})
GROUPS = {Form.FROM, Form.RANGE, Form.TIME, Form.NAME, Form.NUMBER}


Counted = Counter[Term]
Flags = list[int]  # 1 for each run that the name's own terms let through too, else 0


@dataclass(frozen=True, slots=True)
class Value:
    """One value: its name, how many runs have it (None: not known), and whether it is wanted."""

    term: Term
    called: str
    runs: int | None
    wanted: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of a name, the wanted ones first and then the most frequent."""

    name: str
    values: tuple[Value, ...]
    over: int  # the runs that were counted: the newest of those without this name's terms
    more: bool  # whether there are more of these
    left: int  # values that are not listed
    own: int | None  # of these runs those of the whole filter; None: not known, or not asked for


def facet(choice: RunFilter, name: str, *, people: bool) -> Facet:
    """The values of a name among the newest 10,000 runs of the rest of the filter.

    The terms of the name itself do not count, so that its other values can be chosen too.
    Without `people` persons have no names. Raises KeyError for a name that is not counted.
    """
    wanted = choice.query.of(name)
    others = replace(choice, query=choice.query.without_name(name))
    fits = _fits(choice, others)
    counts, flags = _tags(others, wanted, fits) if name == TAG else _counts(name, others, fits)
    counts, over = _called_so(counts, name, wanted), len(flags)
    terms = _with_wanted(counts, wanted, full=over > LIMIT)
    ordered = sorted(
        terms.items(), key=lambda each: (each[0] not in wanted, -(each[1] or 0), each[0].value)
    )
    shown = ordered[:MOST]
    texts = run_query.called(RunQuery(tuple(term for term, _ in shown)), people=people)
    values = (Value(term, texts[term], runs, term in wanted) for term, runs in shown)
    return Facet(
        name,
        tuple(values),
        over=min(over, LIMIT),
        more=over > LIMIT,
        left=len(ordered) - len(shown),
        own=_own(choice, name, flags),
    )


@dataclass(frozen=True, slots=True)
class Measured:
    """How many of the counted runs have each of some times or ranges of seconds."""

    name: str
    runs: Mapping[str, int]  # by the value as it was given; "-" are those not reported
    over: int  # as of a facet
    more: bool
    own: int | None


def measured(choice: RunFilter, name: str, values: Sequence[str]) -> Measured:
    """The counts of times or ranges among the newest 10,000 runs of the rest of the filter.

    The database says of each run which it has: reading moments takes longer than to find them.
    """
    others = replace(choice, query=choice.query.without_name(name))
    terms = {MISSING: _missing(name), **{value: _given(name, value) for value in values}}
    columns = [run_query.fitting([term], choice.zone) for term in terms.values()]
    rows = newest_rows.rows(others, *columns, _fits(choice, others))
    counted = Counter(rows[:LIMIT])
    runs = {
        value: sum(times for row, times in counted.items() if row[at])
        for at, value in enumerate(terms)
    }
    return Measured(
        name,
        runs,
        over=min(len(rows), LIMIT),
        more=len(rows) > LIMIT,
        own=_own(choice, name, [row[-1] for row in rows]),
    )


def _given(name: str, value: str) -> Term:
    """The term of a value that the name can have."""
    read = FIELDS[name].read(value, False)
    assert read is not None, value
    return Term(name, *read)


def _fits(choice: RunFilter, others: RunFilter) -> Combinable:
    """Whether a run of the others, which have less of the filter's terms, is one of its own."""
    rest = [term for term in choice.query.terms if term not in others.query.terms]
    return run_query.fitting(() if choice.pasted else rest, choice.zone)


def _own(choice: RunFilter, name: str, flags: Flags) -> int | None:
    """How many runs the whole filter has, up to 10,000: told by the rows unless there are more."""
    if not choice.query.of(name):
        return None
    fits = sum(flags)
    if len(flags) <= LIMIT or fits > LIMIT:
        return fits if fits <= LIMIT else None
    count = filter_counts.count(choice)
    return count.number if count and not count.more else None


def _counts(name: str, choice: RunFilter, fits: Combinable) -> tuple[Counted, Flags]:
    """How often each value is there, and the flags of the runs (one more than are counted)."""
    rows = newest_rows.rows(choice, *COLUMNS[name], fits)
    found: Counted = Counter()
    for row, runs in Counter(row[:-1] for row in rows[:LIMIT]).items():
        if term := READ.get(name, _first)(name, row):
            found[term] += runs
    return _environments(found) if name == ENVIRONMENT else found, [row[-1] for row in rows]


COLUMNS: Mapping[str, tuple[str, ...]] = {
    **{name: (run_query.COLUMNS[name],) for name in COUNTED if name in run_query.COLUMNS},
    ERROR: ("error_cause", "error_digest"),
    STARRED: ("starred",),
    PICKED: ("picked_count",),
    SLOW: ("slow",),
}


def _first(name: str, row: tuple[Any, ...]) -> Term | None:
    return term_of(name, row[0])


def _cause(name: str, row: tuple[Any, ...]) -> Term | None:
    """An error without a known cause is neither: it has no value of its own."""
    cause, digest = row
    return None if digest and not cause else term_of(name, cause)


def _flag(name: str, row: tuple[Any, ...]) -> Term:
    return term_of(name, YES if row[0] else None) or _missing(name)


READ: Mapping[str, Callable[[str, tuple[Any, ...]], Term | None]] = {
    ERROR: _cause,
    **dict.fromkeys(FLAGS, _flag),
    ENVIRONMENT: lambda name, row: _first(DEPLOYMENT, row),
}


def term_of(name: str, value: str | None) -> Term | None:
    """The term of a stored value; None where no filter can ask for it."""
    if not value:
        return _missing(name)
    read = FIELDS[name].read(value, False)
    if read is None or read[1] in GROUPS:
        return None
    term = Term(name, *read)
    return term if parse(pairs_of(RunQuery((term,)))).terms == (term,) else None


def _missing(name: str) -> Term:
    return Term(name, MISSING, Form.MISSING)


def _environments(deployments: Counted) -> Counted:
    """The counts of deployments as those of their environments."""
    ids = [term.value for term in deployments if term.form == Form.ID]
    rows = Deployment.objects.filter(pk__in=ids).exclude(environment="")
    known = {str(pk): word for pk, word in rows.values_list("pk", "environment")}
    found: Counted = Counter()
    for term, runs in deployments.items():
        if one := term_of(ENVIRONMENT, known.get(term.value)):
            found[one] += runs
    return found


def _tags(choice: RunFilter, wanted: Iterable[Term], fits: Combinable) -> tuple[Counted, Flags]:
    """As `_counts`; a tag is one however it is written, and written as the filter writes it."""
    rows = newest_rows.rows(choice, "pk", fits)
    counted = {pk for pk, _ in rows[:LIMIT]}
    found: Counted = Counter()
    tagged: set[int] = set()
    times: Counter[str] = Counter()
    texts = {folded(term.value): term.value for term in wanted if term.form == Form.TEXT}
    labels = Label.objects.filter(Q(OneOf([*counted], "run_id")), kind=TAG).order_by("-id")
    for pk, key, text in labels.values_list("run_id", "folded", "text"):
        tagged.add(pk)
        times[texts.setdefault(key, text)] += 1
    for text, runs in times.items():
        if term := term_of(TAG, text):
            found[term] += runs
    if untagged := len(counted) - len(tagged):
        found[_missing(TAG)] = untagged
    return found, [fit for _, fit in rows]


def _called_so(counts: Counted, kind: str, wanted: Iterable[Term]) -> Counted:
    """A value that the filter calls by its name, or a number, counts under that.

    As the filter reads it: what is shown in place of a name is none.
    """
    named = {term.value: term for term in wanted if term.form in BY_NAME}
    if not named:
        return counts
    rows = Name.objects.filter(kind=kind, text__in=named).values_list("upstream_id", "text")
    terms = {Term(kind, upstream_id, Form.ID): named[text] for upstream_id, text in rows}
    found: Counted = Counter()
    for term, runs in counts.items():
        found[terms.get(term, term)] += runs
    return found


def _with_wanted(counts: Counted, wanted: Iterable[Term], *, full: bool) -> dict[Term, int | None]:
    """With what the filter asks for and no counted run has; where not all were, nobody knows."""
    absent = (term for term in wanted if term not in counts)
    none = {term: 0 if not full and _plain(term) else None for term in absent}
    return {**none, **counts}


def _plain(term: Term) -> bool:
    """Whether the value is one run's own, not a group of values or another way to say one."""
    read = {STATUS: ("live", "finished", "attention"), ERROR: ("any",), START: (MISSING,)}
    return term.form != Form.FROM and term.value not in read.get(term.name, ())
