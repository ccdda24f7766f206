"""Any two pictures of a run: next to each other, or one over the other with a slider."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.models import Run
from dashboard.services.runs import fetch
from dashboard.views.runs.file_address import run_address
from dashboard.views.runs.outputs import tiles_context
from dashboard.views.runs.pair_context import pair_context


@require_safe
@never_cache
def pair(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = fetch.open_listed(get_object_or_404(Run, uuid=run_id))
    tiles = tiles_context(run, run_address(run.uuid))["tiles"]
    context = pair_context(request, tiles, run.title, run.get_absolute_url())
    return render(request, "runs/side_by_side/page.html", context)
