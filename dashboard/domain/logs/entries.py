"""The lines of a log as it comes in: without escapes, prefixes, redraws and foreign lines."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from dashboard.domain.listing import LogLine
from dashboard.domain.text.terminal_text import final_lines, without_escapes

Entry = tuple[datetime | None, str]

MOST_PREFIXES = 4
LONGEST_BAR = 2_000
_END = re.compile(r"^\s*(?:__END__\s*){1,8}|(?:__END__\s*){1,8}$")
_LEVEL = r"(?:DEBUG|INFO|NOTICE|WARNING|WARN|ERROR|CRITICAL|FATAL|TRACE|SUCCESS)"
_ANY_CASE = f"(?i:{_LEVEL})"
_TIME = r"\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
_STAMP = rf"(?:\d{{4}}[-/]\d\d[-/]\d\d[T ])?{_TIME}(?:Z|[+-]\d\d:?\d\d)?"
_NEXT = r"(?:[ ]|$)"  # one space: what follows may be indented
_PREFIX = re.compile(
    "|".join(
        (
            # logging: `2026-11-26 21:40:59,068 - root - ERROR - `, loguru, a level in brackets
            rf"{_STAMP} -(?: [\w.\-]{{1,80}} -)? {_LEVEL} -{_NEXT}",
            rf"{_STAMP} \| {_LEVEL} *\| [^\s:]{{1,120}}:[^\s:]{{1,120}}:\d+ -{_NEXT}",
            rf"\[?{_STAMP}\]?:? \[{_ANY_CASE} *\]{_NEXT}",
            rf"\[?{_STAMP}\]?:? {_LEVEL}:?{_NEXT}(?![A-Z]+:)",
            rf"\[{_STAMP}\]{_NEXT}",
            rf"\[\d\d/\d\d/\d\d {_TIME}\]{_NEXT}",
            rf"{_STAMP}(?: -)?{_NEXT}",
            rf"\[{_ANY_CASE} *\]{_NEXT}",
            rf"{_LEVEL}:[\w.\-]{{1,80}}:(?!//)",
            rf"{_LEVEL}: ?",
            rf"{_LEVEL} -{_NEXT}",
            r"[EWIF]\d{4} \d\d:\d\d:\d\d\.\d{3,9} +\d+ [\w./\-]{1,120}:\d+\] ?",
        )
    )
)
# Rich pads the level to eight columns and may name file and line at the right.
_RICH = re.compile(
    r" {0,24}(?=(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) )[A-Z ]{8} (?P<text>.*?)"
    r"(?: {2,160}[\w.]{1,60}\.py:\d{1,6})?$"
)
_BAR = re.compile(r"(?P<name>[^|]*?)\s*(?P<share>\d{1,3})%\|.*?\|\s*(?P<total>\S+/\S+)?")
_COUNTED = re.compile(
    r"(?P<name>.*?)(?<!\d)(?P<share>\d{1,12})(?:it)? ?\[\d\d:\d\d(?::\d\d)?, .*?\]"
)
_NUMBERS = re.compile(r"[\d.]+")
_QUOTE = r"""\\{0,3}["']"""
# A delivery, also where a line has only a part of it.
_DELIVERS = re.compile(
    rf"{_QUOTE}type{_QUOTE}\s*:\s*{_QUOTE}webhook{_QUOTE}"
    rf"|{_QUOTE}latency_ms{_QUOTE}\s*:[^,]{{1,40}},\s*{_QUOTE}url{_QUOTE}"
    rf"|{_QUOTE}event_type{_QUOTE}\s*:\s*{_QUOTE}run\."
)
_OPENS_OBJECT = re.compile(r"(?:data:\s*)?\[?\s*\{?\s*\n")
STORED_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]{5,20}(?:Z|[+-]\d\d:\d\d) ")


def plain_lines(entries: Iterable[Entry]) -> Iterator[LogLine]:
    """A log's lines, each entry's first with its time, as everything else reads them.

    Escapes and logging prefixes are gone, a progress bar is one line however often it was
    redrawn, and what ComfyDeploy adds (the end's mark, deliveries of webhooks) is left out.
    """
    return without_redraws(read_entries(entries))


def shown_text(body: str) -> str:
    """A stored log without escapes and deliveries, which earlier releases stored."""
    kept = (line for line in without_escapes(body).split("\n") if not _is_foreign_stored(line))
    return "\n".join(kept)


def without_prefix(line: str) -> str:
    """A line without what logging puts before its message; indentation stays."""
    for _ in range(MOST_PREFIXES):
        found = _PREFIX.match(line)
        if not found or not found[0]:
            break
        line = line[found.end() :]
    rich = _RICH.match(line)
    return rich["text"] if rich else line


def read_entries(entries: Iterable[Entry]) -> Iterator[LogLine]:
    """The plain lines of entries, with every drawing of a bar that has an entry of its own."""
    for at, text in entries:
        if _is_printed_delivery(text):
            continue
        for drawn in final_lines(text):
            line = without_prefix(drawn)
            own = _END.sub("", line).rstrip()
            if (own or not line) and not _delivers(own):
                yield LogLine(at, own)
                at = None


def _is_foreign_stored(line: str) -> bool:
    plain = STORED_TIME.sub("", line, count=1)
    return _delivers(plain) or bool(plain and not _END.sub("", plain))


def _is_printed_delivery(entry: str) -> bool:
    """Whether an entry is one delivery, an object printed over several lines."""
    return bool(_OPENS_OBJECT.match(entry.strip())) and _delivers(entry)


def _delivers(text: str) -> bool:
    """Whether it tells of a webhook's delivery, with its address or its payload."""
    hinted = any(hint in text for hint in ("webhook", "latency_ms", "event_type"))
    return hinted and bool(_DELIVERS.search(text))


def without_redraws(lines: Iterable[LogLine]) -> Iterator[LogLine]:
    """Neighbouring drawings of one bar are the last of them, also over blank lines."""
    held: list[LogLine] = []  # a bar, and the blank lines behind it
    for line in lines:
        if held and not line.text:
            held.append(line)
            continue
        if held and _redraws(held[0].text, line.text):
            held = [replace(line, at=line.at or held[0].at)]
            continue
        yield from held
        held = [line] if _bar(line.text) else []
        if not held:
            yield line
    yield from held


def _redraws(before: str, now: str) -> bool:
    one, two = _bar(before), _bar(now)
    return bool(one and two and one[0] == two[0] and one[1] <= two[1])


def is_bar(line: str) -> bool:
    """Whether a line is a progress bar as tqdm draws it."""
    return _bar(line) is not None


def _bar(line: str) -> tuple[tuple[str, str], int] | None:
    """A bar's identity (what it is called, out of how many) and how far it is."""
    if len(line) > LONGEST_BAR or ("%|" not in line and "[" not in line):
        return None
    found = _BAR.match(line)
    if found:
        total = (found["total"] or "").rsplit("/", 1)[-1]
        return (_NUMBERS.sub("", found["name"]).strip(), total), int(found["share"])
    counted = _COUNTED.fullmatch(line.rstrip())
    if counted:
        return (_NUMBERS.sub("", counted["name"]).strip(), ""), int(counted["share"])
    return None
