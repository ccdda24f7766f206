"""The nodes of a run as JSON."""

from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.models import Run
from dashboard.views.runs.node_context import nodes_as_json


@require_safe
@never_cache
def nodes_json(request: HttpRequest, run_id: UUID) -> JsonResponse:
    run = get_object_or_404(Run.objects.seen(), uuid=run_id)
    return JsonResponse(nodes_as_json(run), json_dumps_params={"ensure_ascii": False})
