"""The filters of a list in words."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from dashboard.domain.filters import fields
from dashboard.domain.filters.fields import NAMES, Form
from dashboard.domain.filters.moments import TODAY, YESTERDAY
from dashboard.domain.filters.query import Ignored, Term
from dashboard.domain.filters.ranges import read_range
from dashboard.domain.logs.causes import Cause
from dashboard.domain.text.search_term import search_term
from dashboard.presentation.format import THIN, capitalized, took
from dashboard.presentation.run.cause_text import CAUSE_BRIEF

HIDDEN = "•••"
CALLED = {
    fields.GPU: "GPU",
    fields.BY: "started by",
    fields.START: "start",
    fields.COLD_START: "cold start",
}
REPORTED = frozenset(
    {
        *(fields.GPU, fields.ORIGIN, fields.BY, fields.START, fields.STATUS),
        *(fields.ERROR, fields.CREATED, fields.ENDED),
        *(fields.TOTAL, fields.RUN, fields.COLD_START, fields.QUEUE, fields.COST),
    }
)
SIDES = {">=": "from", "<=": "until", ">": "after", "<": "before"}


def chip_text(term: Term, shown: str) -> str:
    """A term on its chip: `Workflow lighthouse-flux`, `Not machine h100`, `No batch`."""
    return capitalized(_one(term, value_text(term, shown)))


def query_text(shown: Mapping[Term, str]) -> str:
    """All terms in one line: `workflow a or b, not machine h100, no batch`."""
    parts: dict[tuple[str, bool, bool], list[tuple[Term, str]]] = {}
    for term, text in shown.items():
        key = (term.name, term.excluded, term.form == Form.MISSING)
        parts.setdefault(key, []).append((term, value_text(term, text)))
    ordered = sorted(parts.items(), key=lambda part: (NAMES.index(part[0][0]), part[0][1:]))
    return ", ".join(
        _one(found[0][0], " or ".join(text for _, text in found)) for _, found in ordered
    )


def _one(term: Term, values: str) -> str:
    name = CALLED.get(term.name, term.name)
    if term.form == Form.FLAG:
        return f"{'not ' if term.excluded else ''}{name}"
    if term.form == Form.MISSING:
        if term.name in REPORTED:
            return f"{name} {'' if term.excluded else 'not '}reported"
        return f"{'any' if term.excluded else 'no'} {name}"
    return f"{'not ' if term.excluded else ''}{name} {values}"


def value_text(term: Term, shown: str) -> str:
    """A term's value alone: `lighthouse-flux`, `v15 or newer`, `10 s to 30 s`."""
    if term.form == Form.FROM:
        return f"{term.value.removeprefix('>=')} or newer"
    if term.name == fields.ERROR and term.form == Form.WORD:
        return shown if shown == fields.ANY else f"“{CAUSE_BRIEF[Cause(shown)].lower()}”"
    if term.form == Form.RANGE:
        return _range(term.value, dollars if term.name == fields.COST else _plain)
    return _time(term.value) if term.form == Form.TIME else shown


def _range(value: str, shown: Callable[[float], str]) -> str:
    """A range: `over 1 m 30 s`, `up to 5 s`, `10 s to 30 s`, `over $0.10`."""
    found = read_range(value)
    if found is None:
        return value
    low, high = (None if end is None else shown(end) for end in (found.low, found.high))
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"{'over' if found.strict else 'from'} {low}"
    return f"{'under' if found.strict else 'up to'} {high}"


def _plain(seconds: float) -> str:
    """Whole numbers without a tenth, and whole minutes without seconds, as people write limits."""
    return re.sub(r"\s00\s\w$", "", took(seconds).replace(f".0{THIN}", THIN))


def dollars(amount: float) -> str:
    """Whole dollars without cents, else as many places as are given: `$5`, `$0.10`, `$0.1255`."""
    places = len(f"{amount:.6f}".rstrip("0").partition(".")[2])
    return f"${amount:,.{max(places, 2) if places else 0}f}"


def _time(value: str) -> str:
    """A stretch of time: `today`, `in the last 24 h`, `20 Nov 2026 to 26 Nov 2026`, `after …`."""
    if value in (TODAY, YESTERDAY):
        return value
    if value[-1] in "hd" and value[:-1].isdecimal():
        return f"in the last {value[:-1]}{THIN}{value[-1]}"
    for sign, word in SIDES.items():
        if value.startswith(sign):
            return f"{word} {_moment(value.removeprefix(sign))}"
    return " to ".join(_moment(day) for day in value.split(".."))


def _moment(text: str) -> str:
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    if len(text) == len("2026-11-20"):
        return _day(at)
    zone = " UTC" if at.tzinfo else ""
    return f"{_day(at)}, {at:%H:%M}{zone}"


def _day(at: datetime) -> str:
    return f"{at.day} {at:%b %Y}"


def ignored_text(ignored: Ignored) -> str:
    """What was left out of a filter, and why; a value that may be a secret is hidden."""
    name, shown = ignored.name.removesuffix("!"), search_term(ignored.value)
    value = f"“{shown}”" if shown else HIDDEN
    return f"{name} {value} ({ignored.why})"
