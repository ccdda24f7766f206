"""The stored files of a run, for those who are signed in."""

from uuid import UUID

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from dashboard.models import StoredFile
from dashboard.views.runs.file_response import serve


@require_safe
def file(request: HttpRequest, run_id: UUID, pk: int, name: str) -> HttpResponseBase:
    return serve(request, get_object_or_404(StoredFile, pk=pk, run__uuid=run_id), name)
