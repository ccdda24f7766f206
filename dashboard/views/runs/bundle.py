"""What is known for running a run again, in one download."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.access import needs
from dashboard.domain.roles import MEMBER
from dashboard.models import Run
from dashboard.presentation.archive_manifest import file_stem
from dashboard.services.runs import fetch
from dashboard.services.runs.bundle import bundle
from dashboard.views.responses import attachment


@require_safe
@never_cache
@needs(MEMBER)
def bundle_zip(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = fetch.open_listed(get_object_or_404(Run.objects.seen(), uuid=run_id))
    name = f"{file_stem(run.workflow_name or 'workflow', run.short_id)}-bundle.zip"
    body = bundle(run, run.title)
    return HttpResponse(body, content_type="application/zip", headers=attachment(name))
