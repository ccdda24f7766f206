"""Removing one run from Runboard, after a question."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.access import needs
from dashboard.domain.roles import ADMIN
from dashboard.models import Run
from dashboard.services.accounts import audit
from dashboard.services.ops import retention


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@needs(ADMIN)
def delete(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(Run, uuid=run_id)
    if request.method != "POST":
        return render(request, "runs/remove.html", {"run": run})
    retention.delete_run(run)
    audit.note(request.user, "run.deleted", run.uuid, title=run.title)
    return redirect("run_list")
