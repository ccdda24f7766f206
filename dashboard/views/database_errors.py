"""What readers meet when the database does not take what a page has to write."""

from collections.abc import Callable

from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from dashboard.services import database_health

RETRY = "10"


class StorageMiddleware:
    """A full disk or a read-only database is told in a sentence, with status 503."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        if not isinstance(exception, OperationalError) and "read-only" not in str(exception):
            return None
        told = database_health.record_failure(exception)
        response: HttpResponseBase
        if request.path.endswith(".json"):
            response = JsonResponse({"error": {"code": "storage", "message": told}}, status=503)
        else:
            response = _page(request, told)
        response["Retry-After"] = RETRY
        return response


def _page(request: HttpRequest, told: str) -> HttpResponse:
    try:
        return render(request, "503.html", {"told": told}, status=503)
    except DatabaseError:  # the frame around it reads, too
        return HttpResponse(told, status=503, content_type="text/plain; charset=utf-8")
