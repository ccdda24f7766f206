"""What the first minute's polled part shows: on its own page, and on a board without a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from zlib import crc32

from django.conf import settings
from django.http import HttpRequest

from dashboard import __version__
from dashboard.access import may_administer
from dashboard.models import Run, SharedState
from dashboard.presentation import reading
from dashboard.presentation.run.display import RowDisplay, row_display
from dashboard.services import clock
from dashboard.services.comfydeploy import shared_state
from dashboard.services.runs import board, first_minute
from dashboard.services.runs.first_minute import FOUND, FoundWorkflow, Totals, Workspace
from dashboard.views.runs.history_line import HistoryLine, history_line
from dashboard.views.runs.rows import row_images

PART = "runs/first/_part.html"
POLL_SECONDS = 2
ONE_SCALE = 1.0  # no bar is drawn here
LIST = "list"


@dataclass(frozen=True, slots=True)
class Ticks:
    """The workflows as the table shows them, and what its heading counts."""

    rows: Sequence[FoundWorkflow]
    number: int
    more: int
    ticked: int
    quiet: int
    deployments: int
    joins: bool
    may_choose: bool


class Coming(TypedDict):
    """One of the newest runs."""

    run: Run
    row: RowDisplay
    image: str | None


class FirstContext(TypedDict):
    """What the templates of the part need."""

    first_state: str
    first_tag: str
    first_poll: int
    at_list: bool
    plain: bool  # nothing but the box: neither workflows nor runs to show
    shows_all: bool
    chosen_mode: bool
    ticks: Ticks | None
    line: HistoryLine | None
    period_read: str
    totals: Totals | None
    coming: Sequence[Coming]
    watched: bool


def first_context(request: HttpRequest, *, at_list: bool) -> FirstContext:
    """The context of the part; its tag changes with all that it shows."""
    now = clock.now()
    joins = board.follows_all()
    state = first_minute.discovery_state()
    progress = first_minute.reading(now)
    days = progress.days if progress else settings.BACKFILL_DAYS or 1
    given = {**request.GET.dict(), **request.POST.dict()}
    context: FirstContext = {
        "first_state": state,
        "first_tag": "",
        "first_poll": POLL_SECONDS if settings.COMFYDEPLOY_API_KEY else 0,
        "at_list": at_list,
        "plain": state != FOUND or (at_list and not joins),
        "shows_all": given.get("whole") == "1",
        "chosen_mode": not joins,
        "ticks": None,
        "line": history_line(progress, now) if progress else None,
        "period_read": reading.period_text(days).removeprefix("the "),
        "totals": None,
        "coming": [],
        "watched": shared_state.watcher_alive(SharedState.read(), now),
    }
    if state == FOUND:
        context["ticks"] = _ticks(first_minute.workspace(now), context["shows_all"], request, now)
        context["totals"] = first_minute.totals(days, now)
        context["coming"] = _coming()
    context["first_tag"] = _tag(context)
    return context


def _ticks(found: Workspace, whole: bool, request: HttpRequest, now: datetime) -> Ticks:
    shown = found.workflows if whole else found.workflows[: first_minute.SHOWN]
    number = len(found.workflows)
    return Ticks(
        rows=shown,
        number=number,
        more=number - len(shown),
        ticked=found.ticked,
        quiet=sum(row.quiet(now) for row in found.workflows),
        deployments=found.deployments,
        joins=found.joins,
        may_choose=may_administer(request.user) and not settings.FOLLOW_IS_SET,
    )


def _coming() -> list[Coming]:
    runs = {run.pk: run for run in first_minute.newest_runs()}
    images = row_images(runs)
    return [
        {"run": run, "row": row_display(run, ONE_SCALE), "image": images[pk]}
        for pk, run in runs.items()
    ]


def _tag(context: FirstContext) -> str:
    shown = {name: value for name, value in context.items() if name not in ("coming", "first_tag")}
    runs = [
        (each["run"].pk, each["run"].shown_version, each["image"]) for each in context["coming"]
    ]
    return f"{crc32(repr((shown, runs)).encode()):08x}.{__version__}"
