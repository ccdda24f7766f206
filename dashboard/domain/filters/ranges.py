"""Ranges of numbers as a filter writes them: `>60`, `<=5`, `10..30`."""

import re
from dataclasses import dataclass

_NUMBER = r"(\d{1,9}(?:\.\d{1,6})?)"
_ONE_SIDE = re.compile(rf"(>=|<=|>|<)\s*{_NUMBER}", re.ASCII)
_BETWEEN = re.compile(rf"{_NUMBER}\s*\.\.\s*{_NUMBER}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`; None is open to that side, `strict` leaves the ends out."""

    low: float | None
    high: float | None
    strict: bool = False

    def holds(self, value: float) -> bool:
        above = self.low is None or value > self.low or (value == self.low and not self.strict)
        below = self.high is None or value < self.high or (value == self.high and not self.strict)
        return above and below

    def times(self, factor: int) -> "Range":
        """The same range in a unit so many times smaller, in whole numbers."""
        low, high = (None if end is None else round(end * factor) for end in (self.low, self.high))
        return Range(low, high, self.strict)


def read_range(text: str) -> Range | None:
    """The range that a value writes; None where it is none, or holds no number."""
    if found := _ONE_SIDE.fullmatch(text.strip()):
        number, strict = float(found[2]), len(found[1]) == 1
        low = found[1][0] == ">"
        return Range(number if low else None, None if low else number, strict)
    if found := _BETWEEN.fullmatch(text.strip()):
        low_end, high_end = float(found[1]), float(found[2])
        return Range(low_end, high_end) if low_end <= high_end else None
    return None


def written(found: Range) -> str:
    """The range in its one form, which `read_range` reads as the same."""
    if found.low is not None and found.high is not None:
        return f"{_plain(found.low)}..{_plain(found.high)}"
    sign = "" if found.strict else "="
    if found.low is not None:
        return f">{sign}{_plain(found.low)}"
    return f"<{sign}{_plain(found.high or 0.0)}"


def _plain(number: float) -> str:
    return f"{number:.6f}".rstrip("0").rstrip(".")
