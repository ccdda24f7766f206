"""What the form of a facet shows."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from django.urls import reverse

from dashboard.domain.filters.fields import BY, COST, CREATED, ENDED, MISSING, TAG, TOTAL, Form
from dashboard.domain.filters.query import RunQuery, Term, pairs_of
from dashboard.domain.filters.ranges import read_range
from dashboard.http import Context
from dashboard.presentation import facet_text
from dashboard.presentation.facet_text import DURATION, DURATIONS, MORE, MORE_NAMES, facet_label
from dashboard.presentation.format import capitalized
from dashboard.services.runs import facets
from dashboard.services.runs.facets import Value
from dashboard.views.runs.facet_chips import facet_url
from dashboard.views.runs.filters import AT, ZONE, ListFilter

AT_FIRST = 10
TIMES = (
    ("today", "Today"),
    ("yesterday", "Yesterday"),
    ("24h", "Last 24 hours"),
    ("7d", "Last 7 days"),
    ("30d", "Last 30 days"),
)
SECONDS = ("<10", "10..30", "30..60", "60..300", ">300")
DOLLARS = ("<0.01", "0.01..0.05", "0.05..0.2", "0.2..1", ">1")


def facet_context(choice: ListFilter, name: str, hidden: Collection[str]) -> Context:
    """What a facet's form shows; the names that are hidden from its reader are not offered."""
    query = choice.query
    for each in DURATIONS if name == DURATION else (name,):
        query = query.without_name(each)
    one = _opened(choice) if name == DURATION else name
    context: Context = {
        "name": name,
        "label": facet_label(name),
        "list_url": choice.url,
        "clear_url": choice.address(query) if query.terms != choice.query.terms else "",
        "form_url": urlsplit(choice.url).path,
        "set_url": reverse("run_facet_set", args=[one]),
        "kept": _kept(choice, one),
    }
    if name == MORE:
        names = [one for one in MORE_NAMES if one not in hidden]
        return context | {"kind": "more", "more": [_named(choice, one) for one in names]}
    if one in (CREATED, ENDED):
        return context | {"kind": "times"} | _times(choice, one)
    if one in (COST, *DURATIONS):
        return context | {"kind": "range"} | _range(choice, one)
    return context | {"kind": "values"} | _values(choice, name, people=BY not in hidden)


def _opened(choice: ListFilter) -> str:
    """The duration that the facet of all of them shows: the one that is set, else the total."""
    return next((one for one in DURATIONS if choice.query.of(one)), TOTAL)


def _kept(choice: ListFilter, name: str) -> list[tuple[str, str]]:
    """What the form sends beside its own fields: the rest of the address."""
    given = parse_qsl(urlsplit(choice.url).query)
    kept = [pair for pair in given if pair[0] not in (name, ZONE)]
    kept += [(AT, choice.at)] if choice.at else []
    named = choice.names_zone(choice.query, dated=True)
    rest = [*kept, *([(ZONE, str(choice.zone))] if named else [])]
    return rest or parse_qsl(urlsplit(choice.all_url).query)  # the bare address may open a view


@dataclass(frozen=True, slots=True)
class Named:
    """A further facet, and whether it is set."""

    label: str
    url: str
    is_set: bool


def _named(choice: ListFilter, name: str) -> Named:
    there = any(term.name == name for term in choice.query.terms)
    return Named(facet_label(name), facet_url(name, choice.url, choice.at), there)


@dataclass(frozen=True, slots=True)
class Row:
    """A value to tick."""

    text: str
    sent: str  # as an address writes it
    runs: int | None
    wanted: bool
    bar: float  # percent of the longest


def _values(choice: ListFilter, name: str, *, people: bool) -> Context:
    found = facets.facet(choice, name, people=people)
    widths = facet_text.bars(value.runs for value in found.values)
    rows = [_row(value, width) for value, width in zip(found.values, widths, strict=True)]
    first = max(AT_FIRST, sum(row.wanted for row in rows))
    rest = rows[first:]
    return {
        "rows": rows[:first],
        "rest": rest,
        "rest_text": facet_text.plural(name, len(rest)).replace(" ", " more ", 1),
        "rest_runs": sum(row.runs or 0 for row in rest) if name != TAG else None,
        "searched": len(rows) > AT_FIRST,
        "left": found.left,
        **_foot(found),
    }


def _row(value: Value, width: float) -> Row:
    text = facet_text.value_label(value.term, value.called)
    sent = pairs_of(RunQuery((value.term,)))[0][1]
    return Row(text, sent, value.runs, value.wanted, width)


def _foot(found: facets.Facet | facets.Measured) -> Context:
    """This filter's runs of those without the facet."""
    among = facet_text.among(found.own, found.over, more=found.more)
    return {"among": among, "sampled": found.more}


@dataclass(frozen=True, slots=True)
class Preset:
    """A value that is chosen with one click, in place of the facet's others."""

    text: str
    url: str
    on: bool
    runs: int


def _times(choice: ListFilter, name: str) -> Context:
    found = facets.measured(choice, name, [value for value, _ in TIMES])
    wanted = [term.value for term in choice.query.of(name)]
    return {
        "presets": _presets(choice, found, dict(TIMES)),
        **_ends(wanted[0] if len(wanted) == 1 else ""),
        **_foot(found),
    }


def _range(choice: ListFilter, name: str) -> Context:
    """Some ranges of one of the durations, or of the cost, and two fields for another."""
    of_cost = name == COST
    ranges = DOLLARS if of_cost else SECONDS
    found = facets.measured(choice, name, ranges)
    set_ones = [read_range(term.value) for term in choice.query.of(name)]
    one = set_ones[0] if len(set_ones) == 1 else None
    ends = (one.low, one.high) if one else (None, None)
    low, high = ("" if end is None else f"{end:g}" for end in ends)
    return {
        "presets": _presets(
            choice,
            found,
            {value: _label(Term(name, value, Form.RANGE)) for value in ranges},
        ),
        "which": name,
        "unit": "$" if of_cost else "s",
        "durations": [] if of_cost else [_duration(choice, one) for one in DURATIONS],
        "low": low,
        "high": high,
        **_foot(found),
    }


def _duration(choice: ListFilter, name: str) -> tuple[str, str, str]:
    return name, facet_label(name), facet_url(name, choice.url, choice.at)


def _label(term: Term) -> str:
    return capitalized(facet_text.value_label(term, ""))


def _presets(
    choice: ListFilter,
    found: facets.Measured,
    texts: Mapping[str, str],
) -> list[Preset]:
    """The values with their counts; "not reported" where there are such runs."""
    wanted = [term.value for term in choice.query.of(found.name)]
    if found.runs[MISSING] or MISSING in wanted:
        texts = {**texts, MISSING: "Not reported"}
    others = choice.query.leaving_out(choice.query.of(found.name), "")
    return [
        Preset(
            text,
            choice.address(others.adding((found.name, value))),
            value in wanted,
            found.runs[value],
        )
        for value, text in texts.items()
    ]


def _ends(value: str) -> Mapping[str, str]:
    """The two days of a value, as far as it has such."""
    low, dots, high = value.partition("..")
    ends = (low, high) if dots else (value.removeprefix(">="), value.removeprefix("<="))
    sides = ("low", "high")
    if not dots and not value.startswith((">=", "<=")):
        ends = (value, value)
    days = (end if re.fullmatch(r"\d{4}-\d{2}-\d{2}", end) else "" for end in ends)
    return dict(zip(sides, days, strict=True))
