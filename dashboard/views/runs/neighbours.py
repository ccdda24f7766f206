"""From a run to the next one of the list's filter and order; past its end, to the list."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.models import Run
from dashboard.views.runs.filter_reading import read_filter
from dashboard.views.runs.list_pages import beside


@require_safe
@never_cache
def older(request: HttpRequest, run_id: UUID) -> HttpResponse:
    return _to(request, run_id)


@require_safe
@never_cache
def newer(request: HttpRequest, run_id: UUID) -> HttpResponse:
    return _to(request, run_id, back=True)


def _to(request: HttpRequest, run_id: UUID, *, back: bool = False) -> HttpResponse:
    choice = read_filter(request)
    found = beside(choice, get_object_or_404(Run, uuid=run_id), back=back)
    return redirect(found.get_absolute_url() if found else choice.url)
