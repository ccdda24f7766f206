"""The chips above a list of runs, and the values of a facet, in words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dashboard.domain.filters import fields
from dashboard.domain.filters.fields import Form
from dashboard.domain.filters.query import Term
from dashboard.domain.logs.causes import Cause
from dashboard.domain.text.search_term import search_term
from dashboard.presentation.format import capitalized
from dashboard.presentation.query_text import CALLED, HIDDEN, REPORTED, value_text
from dashboard.presentation.run.cause_text import CAUSE_BRIEF
from dashboard.presentation.words import status_words

DURATION, MORE = "duration", "more"
DURATIONS = (fields.TOTAL, fields.RUN, fields.COLD_START, fields.QUEUE)
MORE_NAMES = (
    *(fields.START, fields.ERROR, fields.ENVIRONMENT, fields.DEPLOYMENT, fields.ORIGIN),
    *(fields.BY, fields.BATCH, fields.ENDED, fields.COST, *fields.FLAGS),
)
FACETS: Mapping[str, Sequence[str]] = {
    **{
        name: (name,)
        for name in (
            *(fields.CREATED, fields.WORKFLOW, fields.STATUS, fields.VERSION),
            *(fields.GPU, fields.MACHINE, fields.TAG),
        )
    },
    DURATION: DURATIONS,
    MORE: MORE_NAMES,
}
"""The facets in the order of their chips, with the names of a filter that each holds."""
PLURALS = {
    fields.STATUS: "statuses",
    fields.GPU: "GPUs",
    fields.BATCH: "batches",
    fields.BY: "people",
    fields.ERROR: "causes",
    fields.START: "kinds of start",
}
STARTS = {"cold": "Cold", "warm": "Warm", "unknown": "Unknown"}
GROUPS = {"attention": "Failed or timed out", "live": "Live", "finished": "Finished"}
STATUSES = {
    status: status_words(status).word
    for status in ("not-started", "queued", "started", "running", "uploading", "paused",
                   "success", "failed", "timeout", "cancelled")
}  # fmt: skip
_LAST = re.compile(r"(\d+)([hd])")
BRIEF = 24  # characters of several values that are told one by one


@dataclass(frozen=True, slots=True)
class ChipText:
    """A facet's name, and what is asked of it; "" where nothing is."""

    label: str
    value: str = ""


def facet_label(name: str) -> str:
    """`GPU`, `Cold start`, `Started by`."""
    return capitalized(CALLED.get(name, name))


def plural(name: str, number: int) -> str:
    """`1 workflow`, `6 workflows`, `2 statuses`."""
    word = CALLED.get(name, name) if number == 1 else PLURALS.get(name, f"{name}s")
    return f"{number} {word}"


def chip_of(shown: Mapping[Term, str]) -> ChipText:
    """The terms of one name, all wanted or all left out: (`Workflow`, `lighthouse-flux`)."""
    terms = list(shown)
    label = facet_label(terms[0].name)
    excluded = terms[0].excluded
    if all(term.form in (Form.FLAG, Form.MISSING) for term in terms):
        return _of_none(terms[0], label)
    said = f"Not {label if label.isupper() else label[0].lower() + label[1:]}"
    return ChipText(said if excluded else label, _values(shown))


def _of_none(term: Term, label: str) -> ChipText:
    if term.form == Form.FLAG:
        return ChipText(f"Not {label.lower()}" if term.excluded else label)
    if term.name in fields.FLAGS:
        return ChipText(label if term.excluded else f"Not {label.lower()}")
    if term.name in REPORTED:
        return ChipText(label, "reported" if term.excluded else "not reported")
    return ChipText(label, "any" if term.excluded else "none")


def _values(shown: Mapping[Term, str]) -> str:
    texts = [_one(term, text) for term, text in shown.items()]
    said = " or ".join(texts)
    return said if len(texts) == 1 or len(said) <= BRIEF else f"{len(texts)} values"


def _one(term: Term, called: str) -> str:
    if term.form == Form.MISSING:
        return "none"
    if term.name == fields.STATUS:
        return value_label(term, called).lower()
    if found := _LAST.fullmatch(term.value) if term.form == Form.TIME else None:
        return f"last {found[1]} {'hour' if found[2] == 'h' else 'day'}{'s'[: found[1] != '1']}"
    return _masked(value_text(term, called))


def _masked(text: str) -> str:
    return search_term(text) or HIDDEN


def value_label(term: Term, called: str) -> str:
    """A value in a facet's list; one that may be a secret is hidden."""
    if term.form == Form.MISSING:
        return f"Not {term.name}" if term.name in fields.FLAGS else _no_value(term.name)
    if term.form == Form.FLAG:
        return capitalized(term.name)
    if term.name == fields.ERROR:
        return "Any error" if term.value == fields.ANY else CAUSE_BRIEF[Cause(term.value)]
    if term.name == fields.START:
        return STARTS[term.value]
    if term.name == fields.STATUS:
        known = GROUPS.get(term.value) or STATUSES.get(term.value)
        return known or capitalized(_masked(called.replace("-", " ")))
    return _masked(value_text(term, called))


def _no_value(name: str) -> str:
    """Errors and tags are not reported by anybody: a run has them or not."""
    return {fields.ERROR: "No error", fields.TAG: "No tag"}.get(name, "Not reported")


def among(found: int | None, over: int, *, more: bool) -> str:
    """`307 of 600 runs`; `10,000+ runs` where there are more than were counted."""
    total = f"{over:,}{'+' if more else ''} run{'' if over == 1 and not more else 's'}"
    return total if found is None else f"{found:,} of {total}"


def bars(runs: Iterable[int | None]) -> list[float]:
    """The widths of bars in percent, the longest of which is 100."""
    counts = [number or 0 for number in runs]
    most = max(counts, default=0)
    return [round(100 * number / most, 1) if most else 0.0 for number in counts]
