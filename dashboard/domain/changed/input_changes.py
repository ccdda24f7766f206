"""What differs between the inputs of two runs."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation
from enum import StrEnum

from dashboard.domain.changed.equality import is_masked, is_number, same_value
from dashboard.domain.changed.same_inputs import is_seed
from dashboard.domain.changed.word_diff import WordDiff, word_diff
from dashboard.domain.json_types import JsonObject, JsonValue

MOST_TEXTS = 20  # that are compared word by word; of more, equal ends alone are told
# Two floats have at most 617 digits between them: a difference is exact, or there is none.
_EXACT = Context(prec=700, traps=[Inexact, InvalidOperation])


class InputChangeKind(StrEnum):
    """How an input of the later run stands to the earlier one's; equal ones are not told."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class InputChange:
    """One input that differs; of a hidden one neither value is told, nor whether it differs.

    `difference` is that of two numbers, to the digit; seeds have none, for it means nothing.
    """

    name: str
    kind: InputChangeKind
    before: JsonValue = None
    after: JsonValue = None
    difference: Decimal | None = None
    words: WordDiff | None = None


@dataclass(frozen=True, slots=True)
class InputChanges:
    """The inputs that differ or may differ, in their order, and how many are equal."""

    changes: tuple[InputChange, ...]
    equal: int

    @property
    def hidden(self) -> int:
        """How many inputs nobody can compare."""
        return sum(change.kind is InputChangeKind.HIDDEN for change in self.changes)

    @property
    def differs(self) -> bool:
        """Whether any difference is known."""
        return len(self.changes) > self.hidden


def input_changes(before: JsonValue, after: JsonValue) -> InputChanges | None:
    """The differences from one run's inputs to another's; None where either has none to read.

    The order is that of the later run; what it lacks stands behind what it followed before.
    """
    if not isinstance(before, dict) or not isinstance(after, dict):
        return None
    changes: list[InputChange] = []
    equal = texts = 0
    for name in _in_order(before, after):
        change = _change(name, before, after, whole=texts >= MOST_TEXTS)
        if change is None:
            equal += 1
        else:
            changes.append(change)
            texts += change.words is not None
    return InputChanges(tuple(changes), equal)


def _in_order(before: JsonObject, after: JsonObject) -> Iterator[str]:
    """All names: the later run's, each followed by the gone ones that it led before."""
    gone: dict[str | None, list[str]] = {}
    last = None
    for name in before:
        if name in after:
            last = name
        else:
            gone.setdefault(last, []).append(name)
    yield from gone.get(None, ())
    for name in after:
        yield name
        yield from gone.get(name, ())


def _change(name: str, before: JsonObject, after: JsonObject, *, whole: bool) -> InputChange | None:
    if name not in before:
        return InputChange(name, InputChangeKind.ADDED, after=after[name])
    if name not in after:
        return InputChange(name, InputChangeKind.REMOVED, before=before[name])
    old, new = before[name], after[name]
    if is_masked([name, old, new]):
        return InputChange(name, InputChangeKind.HIDDEN)
    if same_value(old, new):
        return None
    both_texts = isinstance(old, str) and isinstance(new, str)
    words = word_diff(str(old), str(new), whole=whole) if both_texts else None
    difference = None if is_seed(name) else _difference(old, new)
    return InputChange(name, InputChangeKind.CHANGED, old, new, difference, words)


def _difference(old: JsonValue, new: JsonValue) -> Decimal | None:
    """By how much a number grew, from its digits as they are written: 0.3 − 0.1 is 0.2."""
    if not is_number(old) or not is_number(new):
        return None
    try:
        grown = _EXACT.normalize(_EXACT.subtract(_decimal(new), _decimal(old)))
        whole = grown == grown.to_integral_value()
        return grown.quantize(Decimal(1), context=_EXACT) if whole else grown
    except (Inexact, InvalidOperation, OverflowError):  # no digits, or too many
        return None


def _decimal(value: int | float) -> Decimal:
    number = Decimal(repr(value) if isinstance(value, float) else value)
    if not number.is_finite():
        raise OverflowError
    return number
