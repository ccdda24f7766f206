"""The log of a run, loaded when its fold is opened."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.models import Run, SharedState
from dashboard.presentation.folding import fold_log
from dashboard.services import clock
from dashboard.services.runs import logs

AGAIN = 10  # seconds until an open fold asks again for a log that is awaited


@require_safe
@never_cache
def log(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(Run.objects.seen(), uuid=run_id)
    now = clock.synchronized_now()
    kept = logs.open_log(run, SharedState.read(), now)
    again = None if kept or not run.finished else AGAIN
    shown = fold_log(kept.body) if kept else None
    context = {"run": run, "log": kept, "shown": shown, "again": again}
    return render(request, "runs/detail/_log.html", context)
