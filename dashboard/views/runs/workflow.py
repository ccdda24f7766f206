"""A run's workflow as a file that ComfyUI's editor opens."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.access import needs
from dashboard.domain.nodes.apply_inputs import apply_inputs
from dashboard.domain.roles import MEMBER
from dashboard.models import Run
from dashboard.presentation.archive_manifest import file_stem
from dashboard.presentation.run.fields import json_text
from dashboard.presentation.run.workflow_text import UNKNOWN
from dashboard.services.runs import fetch
from dashboard.services.runs.workflow_forms import workflow_forms
from dashboard.views.responses import attachment


@require_safe
@never_cache
@needs(MEMBER)
def workflow_json(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """With `?inputs=1`, its input nodes hold the run's inputs."""
    run = fetch.open_listed(get_object_or_404(Run.objects.seen(), uuid=run_id))
    form = workflow_forms(run).editor
    if form is None:
        context = {**UNKNOWN, "back_url": run.get_absolute_url()}
        return render(request, "404.html", context, status=404)
    applied = request.GET.get("inputs") == "1"
    found = apply_inputs(form.value, run.inputs) if applied else form.value
    name = f"{file_stem(run.workflow_name or 'workflow', run.short_id)}.json"
    body = json_text(found, indent=2).encode("utf-8", "replace")
    return HttpResponse(body, content_type="application/json", headers=attachment(name))
