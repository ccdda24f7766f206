"""How far a node's own progress bar is: steps done, the time of one, and the time left."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.entries import LONGEST_BAR

MOST = 100_000  # steps; a larger count is of bytes or the like
LONGEST = 86_400.0  # seconds of a step, and of what is left
_TIME = r"(?:\d{1,4}:)?\d{1,2}:\d\d"
# tqdm: ` 40%|████      | 10/25 [00:03<00:04,  3.20it/s]`, a step's time unknown at first.
_STEPS = re.compile(
    r"[^|]{0,200}?\d{1,3}%\|[^|]{0,1000}\|\s{0,8}(?P<done>\d{1,6})/(?P<total>\d{1,6})"
    rf"(?: \[{_TIME}<(?P<left>{_TIME}|\?),\s{{0,8}}"
    r"(?P<rate>\d{1,9}(?:\.\d{1,9})?|\?)\s?(?P<unit>it/s|s/it)\b.{0,100}\])?\s*"
)


@dataclass(frozen=True, slots=True)
class Steps:
    """A bar's steps; the times in seconds, None where the bar does not tell them."""

    done: int
    total: int
    step: float | None = None
    left: float | None = None


def steps_of(line: str) -> Steps | None:
    """The steps of a bar as tqdm draws it; None for any other line and for bars of bytes."""
    found = _STEPS.fullmatch(line) if "%|" in line and len(line) <= LONGEST_BAR else None
    if found is None:
        return None
    done, total = int(found["done"]), int(found["total"])
    if not 0 < total <= MOST or done > total:
        return None
    step = _step(found["rate"], found["unit"])
    left = _seconds(found["left"])
    if left is None and step is not None:
        left = step * (total - done)
    return Steps(done, total, step, left if left is not None and left <= LONGEST else None)


def current_steps(lines: Sequence[LogLine]) -> Steps | None:
    """The steps that a live run is at: those of its last line, where they are not all done."""
    last = next((line for line in reversed(lines) if line.text.strip()), None)
    steps = steps_of(last.text) if last else None
    return steps if steps and steps.done < steps.total else None


def _step(rate: str | None, unit: str | None) -> float | None:
    number = float(rate) if rate and rate != "?" else 0.0
    if number <= 0:
        return None
    step = number if unit == "s/it" else 1 / number
    return step if step <= LONGEST else None


def _seconds(time: str | None) -> float | None:
    if not time or time == "?":
        return None
    seconds = 0.0
    for part in time.split(":"):
        seconds = seconds * 60 + int(part)
    return seconds
