"""What a page holds of a long text: its head, its size, and whether the rest may be opened."""

from dataclasses import dataclass

from dashboard.domain.text.byte_sizes import size
from dashboard.presentation.format import count

HEAD = 2_000
"""Characters of a text that a page holds."""

HEAD_LINES = 40
"""Lines of a text that a page holds."""

LONGEST_OPENED = 100_000
"""Characters of the longest text that opens in the page; a longer one is a download."""


@dataclass(frozen=True, slots=True)
class Folded:
    """The head of a text; `amount` is the size of the whole, such as "3.0 MB"."""

    head: str
    amount: str
    cut: bool = False
    opens: bool = False  # the whole may be opened in the page


def fold(text: str, limit: int = HEAD, lines: int = HEAD_LINES) -> Folded:
    """A text of at most `limit` characters and `lines` lines as it is, of a longer one its head."""
    head = _first_lines(text[:limit], lines)
    if len(head) == len(text):
        return Folded(text, "")
    whole = len(text.encode("utf-8", "surrogatepass"))
    return Folded(f"{head.rstrip()}…", size(whole), True, len(text) <= LONGEST_OPENED)


def _first_lines(text: str, lines: int) -> str:
    kept = text.split("\n", lines)
    return text if len(kept) <= lines else "\n".join(kept[:lines])


def fold_line(line: str, limit: int = HEAD) -> str:
    """A line of at most `limit` characters; a longer one is cut and says its length."""
    return line if len(line) <= limit else f"{line[:limit]}… ({count(len(line))} characters)"


@dataclass(frozen=True, slots=True)
class FoldedLog:
    """What a page holds of a log."""

    text: str
    lines: int
    lines_left_out: int  # before the text
    cut: bool  # lines are left out or shortened


def fold_log(body: str) -> FoldedLog:
    """The end of a log, where its error stands, with its long lines cut."""
    lines = [fold_line(line) for line in body.split("\n")]
    room, first = LONGEST_OPENED, len(lines)
    while first and (room := room - len(lines[first - 1]) - 1) >= 0:
        first -= 1
    text = "\n".join(lines[first:])
    return FoldedLog(text, len(lines) - first, first, text != body)
