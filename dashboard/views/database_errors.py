"""The answer to a request whose page cannot write to the database."""

from collections.abc import Callable

from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from dashboard.services import database_health

RETRY = "10"


class StorageMiddleware:
    """Answers 503 with a sentence for a full disk or a database that is read-only."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        if not isinstance(exception, OperationalError) and "read-only" not in str(exception):
            return None
        message = database_health.record_failure(exception)
        response: HttpResponseBase
        if request.path.endswith((".json", ".jsonl")):
            response = JsonResponse({"error": {"code": "storage", "message": message}}, status=503)
        else:
            response = _page(request, message)
        response["Retry-After"] = RETRY
        return response


def _page(request: HttpRequest, message: str) -> HttpResponse:
    try:
        return render(request, "503.html", {"message": message}, status=503)
    except DatabaseError:  # the page's frame reads the database, too
        return HttpResponse(message, status=503, content_type="text/plain; charset=utf-8")
