"""All outputs of a run in one download."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.models import Run
from dashboard.presentation import archive_manifest
from dashboard.services.runs import fetch
from dashboard.views.runs.archive_response import archive_response


@require_safe
@never_cache
def outputs(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    run = fetch.open_listed(get_object_or_404(Run, uuid=run_id))
    title = run.label or run.workflow_name or "run"
    return archive_response(request, run, run, title, archive_manifest.EVERYTHING)
