"""From a run to the next one of the list's order; past its end, to the list."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.models import Run, RunQuerySet
from dashboard.services.runs import run_query
from dashboard.views.runs.filters import read_query, zone_of


@require_safe
@never_cache
def older(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(Run, uuid=run_id)
    return _to(_chosen(request).after(run.sorted_at, run.pk).newest())


@require_safe
@never_cache
def newer(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(Run, uuid=run_id)
    return _to(_chosen(request).before(run.sorted_at, run.pk).order_by("sorted_at", "id"))


def _chosen(request: HttpRequest) -> RunQuerySet:
    seen = run_query.narrowed(Run.objects.seen(), read_query(request), zone=zone_of(request))
    return seen.attention() if request.GET.get("show") == "attention" else seen


def _to(chosen: RunQuerySet) -> HttpResponse:
    found = chosen.only("uuid").first()
    return redirect(found.get_absolute_url() if found else "run_list")
