"""Python's tracebacks in a log: their exceptions, whatever their names, with all their lines."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.entries import is_bar

HEADER = "Traceback (most recent call last):"
MOST_LINES = 2_000  # of one traceback
MOST_TOLD = 60  # lines of one message
MOST_ABOVE = 3  # lines that introduce a traceback in its entry
_GROUP = "Exception Group Traceback"
_CHAINED = re.compile(
    r"(?:During handling of the above exception, another exception occurred"
    r"|The above exception was the direct cause of the following exception):"
)
_EXCEPTION = re.compile(r"(?P<type>[^\W\d][\w.<>]{0,200})(?:: ?(?P<message>.*))?$")
_FRAME = re.compile(r'\s+File "|\s+\[Previous line')
_MARGIN = re.compile(r"\s*(?:\|[ ]?|\+[-+ \d.]*)")
# What Python and torch put below a message at the left margin.
_GOES_ON = re.compile(
    r"CUDA kernel errors might|For debugging consider|Compile with `|Search for `cuda"
    r"|Device-side assertion|Exception raised from|frame #\d|stderr:|stdout:"
)
_ENDS_OPEN = (":", ",", "(", "[", "{", "\\")
_OPENERS, _CLOSERS = re.compile(r"[(\[{]"), re.compile(r"[)\]}]")
# Pydantic's: the name of a field at the margin, what is wrong with it indented below.
_VALIDATION = re.compile(r"\d+ validation errors? for ")
_STATUS = re.compile(r"\{\"(?:type|event)\":|\[[A-Za-z]")  # a line of its own all the same
_FIELD = re.compile(r"[\w.\[\]-]{1,200}$")
# Lines that no exception's message goes on with.
_LOG_LINE = re.compile(
    r"got prompt|Prompt executed in|Requested to load|loaded (?:completely|partially)"
    r"|!!! Exception|Traceback \(|Failed to validate|invalid prompt:|Error occurred when executing"
    r"|Runner terminated|\[[\w .:/-]{1,60}\] |\{|Using |Import times|Cannot import|Starting server"
    r"|Terminat|Killed|Segmentation fault|Exception ignored|Processing interrupted|model_type"
)


@dataclass(frozen=True, slots=True)
class Raised:
    """One exception: its name, and all lines of its message."""

    type: str
    message: str

    @property
    def text(self) -> str:
        return self.message or self.type


@dataclass(frozen=True, slots=True)
class Trace:
    """A traceback with what it is chained to; `chain` begins with the root."""

    chain: tuple[Raised, ...]
    first: int  # its lines: from the first header to after the last exception
    end: int
    text: str

    @property
    def root(self) -> Raised:
        """What was raised first; of a group, the first exception in it."""
        return next((each for each in self.chain if not each.type.endswith("Group")), self.chain[0])

    @property
    def last(self) -> Raised:
        return self.chain[-1]


def tracebacks(lines: Sequence[LogLine]) -> list[Trace]:
    """All tracebacks of a log that come to an exception, in order."""
    found: list[Trace] = []
    at = 0
    while at < len(lines):
        trace = _trace(lines, at) if HEADER in lines[at].text else None
        if trace:
            found.append(trace)
        at = trace.end if trace else at + 1
    return found


def _trace(lines: Sequence[LogLine], first: int) -> Trace | None:
    if _GROUP in lines[first].text:
        return _group(lines, first)
    chain: list[Raised] = []
    at, end = first, first
    while True:
        found = _one(lines, at)
        if found is None:
            break
        raised, end = found
        chain.append(raised)
        following = _chained_to(lines, end)
        if following is None:
            break
        if _GROUP in lines[following].text:
            inner = _group(lines, following)
            if inner:
                chain += inner.chain
                end = inner.end
            break
        at = following
    text = "\n".join(line.text for line in lines[first:end]).rstrip()
    return Trace(tuple(chain), first, end, text) if chain else None


def _chained_to(lines: Sequence[LogLine], end: int) -> int | None:
    """Where the traceback begins that this one's end leads over to."""
    for at in range(end, min(end + 4, len(lines))):
        if _CHAINED.search(lines[at].text):
            near = range(at + 1, min(at + 5, len(lines)))
            return next((n for n in near if HEADER in lines[n].text), None)
        if lines[at].text.strip():
            return None
    return None


def _group(lines: Sequence[LogLine], first: int) -> Trace | None:
    """An exception group: its margin taken off, its own exception and those inside."""
    end, most = first + 1, min(first + MOST_LINES, len(lines))
    while end < most and lines[end].text.lstrip().startswith(("|", "+")):
        if lines[end].text == lines[first].text:
            break  # another group
        end += 1
    # Groups inside are read flat, as the tracebacks that they are.
    texts = [HEADER if _GROUP in line.text else _off_margin(line.text) for line in lines[first:end]]
    inside = [LogLine(lines[first].at if n == 0 else None, text) for n, text in enumerate(texts)]
    chain = [each for trace in tracebacks(inside) for each in trace.chain]
    text = "\n".join(line.text for line in lines[first:end])
    return Trace(tuple(chain), first, end, text) if chain else None


def _off_margin(text: str) -> str:
    while found := _MARGIN.match(text):
        text = text[found.end() :]
        if not text.lstrip().startswith(("|", "+-")):
            break
    return text


def _one(lines: Sequence[LogLine], header: int) -> tuple[Raised, int] | None:
    """The exception below one header's frames, and where its message ends."""
    strange, framed = 0, False
    for at in range(header + 1, min(header + MOST_LINES, len(lines))):
        text = lines[at].text
        if HEADER in text:
            return None
        framed = framed or bool(_FRAME.match(text))
        if not text.strip() or text[0] in " \t" or is_bar(text):
            continue
        found = _EXCEPTION.match(text) if framed else None
        if found:
            end = _message_end(lines, at, header)
            below = [line.text for line in lines[at + 1 : end]]
            message = "\n".join([found["message"] or "", *below]).strip()
            return Raised(found["type"], message), end
        strange += 1  # another thread's line in between
        if strange > 3:
            return None
    return None


def _message_end(lines: Sequence[LogLine], at: int, header: int) -> int:
    """After the message's last line: all that is indented, in brackets, or of the same entry."""
    end, depth = _told_until(lines, at, header, brackets=True)
    if depth > 0:  # never closed: they say nothing
        end, _ = _told_until(lines, at, header, brackets=False)
    while end > at + 1 and not lines[end - 1].text.strip():
        end -= 1
    return end


def _told_until(
    lines: Sequence[LogLine], at: int, header: int, *, brackets: bool
) -> tuple[int, int]:
    """Where the message's lines end, and how many brackets are open there."""
    same_entry = any(line.at for line in lines[max(0, header - MOST_ABOVE) : at + 1])
    checks = bool(_VALIDATION.search(lines[at].text))
    end, before = at + 1, lines[at].text
    depth = _depth(before, 0) if brackets else 0
    while end < min(at + MOST_TOLD, len(lines)):
        line = lines[end]
        same_entry = same_entry and line.at is None
        field = checks and _FIELD.match(line.text) and _is_indented(lines, end + 1)
        if not field and not _continues(line.text, before, same_entry, depth > 0):
            break
        before = line.text
        depth = _depth(before, depth) if brackets else 0
        end += 1
    return end, depth


def _depth(text: str, depth: int) -> int:
    """How many brackets are open after a line; the first is one that a line ends with."""
    if depth <= 0 and not text.rstrip().endswith(("[", "{")):
        return 0
    return depth + len(_OPENERS.findall(text)) - len(_CLOSERS.findall(text))


def _is_indented(lines: Sequence[LogLine], at: int) -> bool:
    return at < len(lines) and lines[at].text.startswith("  ")


def _continues(text: str, before: str, same_entry: bool, within: bool) -> bool:
    """Whether a line goes on with a message; `within` is whether its brackets are open."""
    if _CHAINED.search(text) or HEADER in text or is_bar(text):
        return False
    opened = within or before.rstrip().endswith(_ENDS_OPEN)
    if opened and text.startswith(("{", "[")) and not _STATUS.match(text):
        return True
    if _LOG_LINE.match(text):
        return False
    if same_entry or within:
        return True
    return bool(text.strip()) and (text[0] in " \t" or opened or bool(_GOES_ON.match(text)))
