"""How far the reading of past runs is: the line above the list, which polls itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from zlib import crc32

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from dashboard import __version__
from dashboard.domain.polling.trouble import Trouble
from dashboard.presentation import reading
from dashboard.services import clock
from dashboard.services.comfydeploy import gate
from dashboard.services.runs import first_minute
from dashboard.services.runs.history import HistoryProgress
from dashboard.views.responses import tagged

PART = "runs/list/_history.html"
POLL_SECONDS, STOPPED_POLL_SECONDS = 3, 15
LIST_EVERY = 5  # seconds between two refreshes of the list below


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """The progress in words; `slow_until` while ComfyDeploy asks for fewer requests."""

    text: str
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
        "history_tag": _tag(_counts(progress), int(now.timestamp()), line),
        "history_poll": poll if line or waits else 0,
    }


def _counts(progress: HistoryProgress | None) -> str:
    return f"{progress.read}-{progress.of}" if progress else "none"


def _tag(listed: str, listed_at: int, line: HistoryLine | None) -> str:
    """The counts at the list's last refresh and its time, and what the line says."""
    return f"{listed}.{listed_at}.{crc32(repr(line).encode()):08x}.{__version__}"


@require_safe
@never_cache
def part(request: HttpRequest) -> HttpResponseBase:
    """The line; with the event that refreshes the list, at most every 5 s."""
    now = clock.now()
    waits = request.GET.get("waits") == "1"
    context = history_context(now, waits=waits)
    counts, _, _ = context["history_tag"].split(".", 2)
    listed, listed_at = _last_refresh(request.headers.get("HX-PTag", ""))
    over = context["history"] is None  # nothing asks again
    late = listed != counts and (over or now.timestamp() - listed_at >= LIST_EVERY)
    if not late:
        context["history_tag"] = _tag(listed, listed_at, context["history"])

    def answer() -> HttpResponse:
        response = render(request, PART, {**context, "history_waits": waits})
        return trigger_client_event(response, "runs-changed") if late else response

    return tagged(request, context["history_tag"], answer)


def _last_refresh(tag: str) -> tuple[str, int]:
    """What the page's tag says of the list's last refresh; ("", 0) of none."""
    listed, _, rest = tag.partition(".")
    at = rest.partition(".")[0]
    return (listed, int(at)) if at.isascii() and at.isdigit() and len(at) < 12 else ("", 0)
