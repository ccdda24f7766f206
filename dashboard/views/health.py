"""Health checks: `healthz` for the process, `readyz` for database, watcher, upstream and feed."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.models import SharedState
from dashboard.services import clock
from dashboard.services.comfydeploy import feed_lease, shared_state
from dashboard.views.responses import json_moment


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    try:
        shared = SharedState.read()
    except DatabaseError:
        return JsonResponse({"database": "does not answer"}, status=503)
    now = clock.now()
    beat, answer = shared.get(shared_state.WATCHER), shared.get(shared_state.UPSTREAM)
    return JsonResponse(
        {
            "database": "ok",
            "watcher_last_beat": json_moment(beat.at) if beat else None,
            "watcher_alive": shared_state.watcher_alive(shared, now),
            "upstream_last_success": json_moment(answer.at) if answer else None,
            "feed": feed_lease.feed_state(shared, now),
        }
    )
