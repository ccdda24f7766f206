"""The log of a run, loaded when its fold is opened and polled while the run is live."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.http import Context
from dashboard.models import LiveLog, Run, RunLog, SharedState
from dashboard.presentation.folding import fold_log
from dashboard.presentation.run.live_log import Archived, LiveLogShown, live_log_shown, steps_text
from dashboard.services import clock
from dashboard.services.comfydeploy import shared_state
from dashboard.services.runs import live_logs, logs
from dashboard.views.responses import tagged

AGAIN = 10  # seconds until an open fold asks again for a log that is awaited


@require_safe
@never_cache
def log(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    run = get_object_or_404(Run.objects.seen(), uuid=run_id)
    now, shared = clock.synchronized_now(), SharedState.read()
    kept = logs.open_log(run, shared, now)
    if kept and kept.body:
        return _archived(request, run, kept)
    alive = shared_state.watcher_alive(shared, now)
    live = live_logs.look(run, now) if alive else live_logs.find(run)
    crowded = alive and not run.finished and live_logs.is_crowded_out(live, now)
    known = (run.finished, run.log_tries, kept is None, alive, crowded)
    tag = "-".join(map(str, (live_logs.tag_of(live, now), *known)))

    def answer() -> HttpResponse:
        far = _how_far(run, kept)
        shown = _shown(run, live, now, archived=far, alive=alive, crowded=crowded)
        if shown is None:
            return _archived(request, run, kept)
        return render(request, "runs/detail/_log.html", _live(run, live, shown, now, tag))

    return tagged(request, tag, answer)


def _archived(request: HttpRequest, run: Run, kept: RunLog | None) -> HttpResponse:
    """The log that ComfyDeploy keeps of an ended run, or what is known of it."""
    context = {
        "run": run,
        "log": kept,
        "shown": fold_log(kept.body) if kept else None,
        "again": None if kept else AGAIN,
    }
    return render(request, "runs/detail/_log.html", context)


def _how_far(run: Run, kept: RunLog | None) -> Archived:
    if kept is None:
        return Archived.NOT_YET if run.log_tries else Archived.AWAITED
    return Archived.NOT_GIVEN if kept.trouble else Archived.NONE


def _shown(
    run: Run, live: LiveLog | None, now: datetime, *, archived: Archived, alive: bool, crowded: bool
) -> LiveLogShown | None:
    return live_log_shown(
        live.body if live else "",
        live.left_out if live else 0,
        finished=run.finished,
        archived=archived,
        crowded=crowded,
        read=live is not None and live_logs.is_read(live, now),
        refused=not alive or (live is not None and live_logs.is_refused(live)),
    )


def _live(run: Run, live: LiveLog | None, shown: LiveLogShown, now: datetime, tag: str) -> Context:
    steps = live_logs.steps_of(run, live, now) if live else None
    return {
        "run": run,
        "live": shown,
        "again": shown.again,
        "steps": steps_text(steps) if steps else "",
        "tag": tag,
    }
