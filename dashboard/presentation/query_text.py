"""The filters of a list in words."""

from collections.abc import Mapping

from dashboard.domain.filters.query import NAMES, Form, Ignored, Term
from dashboard.domain.text.search_term import search_term
from dashboard.presentation.format import capitalized

HIDDEN = "•••"


def chip_text(term: Term, shown: str) -> str:
    """A term on its chip: `Workflow lighthouse-flux`, `Not machine h100`, `No batch`."""
    return capitalized(_one(term, _value(term, shown)))


def query_text(shown: Mapping[Term, str]) -> str:
    """All terms in one line: `workflow a or b, not machine h100, no batch`."""
    parts: dict[tuple[str, bool, bool], list[tuple[Term, str]]] = {}
    for term, text in shown.items():
        key = (term.name, term.excluded, term.form == Form.MISSING)
        parts.setdefault(key, []).append((term, _value(term, text)))
    ordered = sorted(parts.items(), key=lambda part: (NAMES.index(part[0][0]), part[0][1:]))
    return ", ".join(
        _one(found[0][0], " or ".join(text for _, text in found)) for _, found in ordered
    )


def _one(term: Term, values: str) -> str:
    if term.form == Form.MISSING:
        return f"{'any' if term.excluded else 'no'} {term.name}"
    return f"{'not ' if term.excluded else ''}{term.name} {values}"


def _value(term: Term, shown: str) -> str:
    return f"{term.value.removeprefix('>=')} or newer" if term.form == Form.FROM else shown


def ignored_text(ignored: Ignored) -> str:
    """What was left out of a filter, and why; a value that may be a secret is hidden."""
    name, shown = ignored.name.removesuffix("!"), search_term(ignored.value)
    value = f"“{shown}”" if shown else HIDDEN
    return f"{name} {value} ({ignored.why})"
