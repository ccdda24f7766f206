"""How far the reading of past runs is: the line above the list."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from zlib import crc32

from dashboard import __version__
from dashboard.domain.polling.trouble import Trouble
from dashboard.presentation import reading
from dashboard.services.comfydeploy import gate
from dashboard.services.runs import first_minute
from dashboard.services.runs.history import HistoryProgress

PART = "runs/list/_history.html"
POLL_SECONDS, STOPPED_POLL_SECONDS = 3, 15


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """The progress in words; `slow_until` while ComfyDeploy asks for fewer requests."""

    text: str
    title: str  # the same where `listing` stands beside it
    left: str
    listing: str
    percent: int
    stopped: bool
    slow_until: datetime | None


class HistoryContext(TypedDict):
    """What the line's template needs; nothing is drawn without a line."""

    history: HistoryLine | None
    history_tag: str
    history_poll: int


def history_line(progress: HistoryProgress, now: datetime) -> HistoryLine:
    p, listing = progress, progress.lists_done < progress.lists
    stop = gate.current_stop(now)
    slowed = stop is not None and stop.reason == Trouble.RATE_LIMITED and not p.stopped
    return HistoryLine(
        text=reading.reading_text(p.read, p.of, p.days, listing=listing, stopped=p.stopped),
        title=reading.reading_text(p.read, p.of, p.days, listing=False, stopped=p.stopped),
        left="" if p.stopped or slowed else reading.left_text(p.read, p.seconds_left),
        listing="" if p.stopped else reading.listing_text(p.lists_done, p.lists),
        percent=reading.share(p.read, p.of),
        stopped=p.stopped,
        slow_until=stop.until if stop and slowed else None,
    )


def history_context(now: datetime, *, waits: bool = False) -> HistoryContext:
    """The template context; `waits`: polls also while there is nothing to read yet."""
    progress = first_minute.reading(now)
    line = history_line(progress, now) if progress else None
    poll = STOPPED_POLL_SECONDS if line and line.stopped else POLL_SECONDS
    return {
        "history": line,
        "history_tag": line_tag(_counts(progress), int(now.timestamp()), line),
        "history_poll": poll if line or waits else 0,
    }


def _counts(progress: HistoryProgress | None) -> str:
    return f"{progress.read}-{progress.of}" if progress else "none"


def line_tag(listed: str, listed_at: int, line: HistoryLine | None) -> str:
    """The counts at the list's last refresh and its time, and what the line says."""
    return f"{listed}.{listed_at}.{crc32(repr(line).encode()):08x}.{__version__}"
