"""Patterns of the first minute with a key, and of the line that tells how past runs are read."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest

from dashboard.http import Context
from dashboard.presentation import reading
from dashboard.presentation.run.display import row_display
from dashboard.services.runs.first_minute import FoundWorkflow, Totals
from dashboard.styleguide import payloads
from dashboard.styleguide.drawing import Pattern, Patterns, drawn, main_of
from dashboard.styleguide.runs import run_of
from dashboard.views.runs.first_context import Ticks
from dashboard.views.runs.history_line import HistoryLine

PAGE, LINE = "runs/first/page.html", "runs/list/_history.html"


def first_minutes(request: HttpRequest, now: datetime) -> Patterns:
    """The page while it reads, slowed down, stopped and done; ticks of a member."""
    states: dict[str, Context] = {
        "reading": {"line": _line(listing="Listing… 7 of 12 workflows")},
        "slowed down": {"line": replace(_line(), slow_until=now + timedelta(seconds=40))},
        "stopped": {"line": replace(_line(), stopped=True, left="")},
        "read": {"line": None},
        "seen by a member": {"line": _line(), "ticks": _ticks(now, may_choose=False)},
    }
    for name, more in states.items():
        yield Pattern(name, main_of(request, PAGE, **{**_page(now), **more}))


def history_lines(request: HttpRequest, now: datetime) -> Patterns:
    """The line above the list."""
    lines = {
        "reading": _line(),
        "slowed down": replace(_line(), slow_until=now + timedelta(seconds=40)),
        "stopped": replace(_line(), stopped=True, left=""),
    }
    for name, line in lines.items():
        shown = {"history": line, "history_poll": 3, "may_label": True}
        yield Pattern(name, drawn(shown, LINE, request=request))


def _line(listing: str = "") -> HistoryLine:
    title = reading.reading_text(214, 600, 7, listing=False, stopped=False)
    left = reading.left_text(214, 190.0)
    return HistoryLine(title, title, left, listing, 35, stopped=False, slow_until=None)


def _page(now: datetime) -> Context:
    run, _ = run_of(payloads.states(now)["failed"], now)
    return {
        "first_state": "found",
        "plain": False,
        "watched": True,
        "period_read": "last 7 days",
        "ticks": _ticks(now),
        "totals": Totals(fetched=214, cold=61, failed=9, live=2),
        "coming": [{"run": run, "row": row_display(run, 1.0), "image": None}],
    }


def _ticks(now: datetime, *, may_choose: bool = True) -> Ticks:
    rows = [
        FoundWorkflow(
            id=UUID(int=number),
            name=name,
            environments=environments,
            last_run_at=now - timedelta(hours=hours) if hours else None,
            answered=True,
            ticked=ticked,
            read=read,
            listed=listed,
        )
        for number, (name, environments, hours, ticked, read, listed) in enumerate(
            (
                ("lighthouse-flux", ("production",), 1, True, 64, 176),
                ("packshot-studio", ("production", "staging"), 30, True, 131, 131),
                ("flux-lora-test", (), 1400, False, 0, 0),
                ("old-sdxl-demo", (), 0, False, 0, 0),
            )
        )
    ]
    return Ticks(rows, 12, 8, 10, 2, 4, joins=True, may_choose=may_choose)
