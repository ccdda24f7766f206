"""The answer 404: as JSON where the address ends in .json, else as a page."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    if request.path.endswith((".json", ".jsonl")):
        error = {"code": "not-found", "message": "There is nothing at this address."}
        return JsonResponse({"error": error}, status=404)
    return render(request, "404.html", status=404)
