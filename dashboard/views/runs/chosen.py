"""The runs that an address or a form asks for: those of `ids`, else all of its filter."""

from collections.abc import Callable
from functools import wraps
from hashlib import blake2b

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from dashboard.domain.text.run_ids import MAX_IDS
from dashboard.models import RunQuerySet
from dashboard.services.runs import pasted
from dashboard.views.runs.filters import IDS, ListFilter


def chosen_runs(request: HttpRequest, choice: ListFilter) -> RunQuerySet:
    """The runs of a choice, live ones too; IDs of which none can be read are no runs, not all."""
    chosen = choice.runs(every=True)
    return chosen.none() if request.GET.get(IDS) and not choice.pasted else chosen


def fingerprint(choice: ListFilter) -> str:
    """The same for a filter as long as it is read as the same, whatever can't be read of it."""
    read = (choice.query.terms, choice.query.words, choice.pasted, str(choice.zone))
    return blake2b(repr(read).encode(), digest_size=16).hexdigest()


View = Callable[[HttpRequest], HttpResponseBase]


def takes_all_ids(view: View) -> View:
    """Refuses an address with more run IDs than are read: a file can't tell what is not in it."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponseBase:
        beyond = pasted.beyond(request.GET.get(IDS, ""))
        return _too_many(request, beyond + MAX_IDS) if beyond else view(request)

    return wrapped


def _too_many(request: HttpRequest, number: int) -> HttpResponse:
    text = f"An address takes the IDs of up to {MAX_IDS} runs. This one has {number:,}."
    if request.path.endswith(".jsonl"):
        return JsonResponse({"error": {"code": "too-many-ids", "message": text}}, status=400)
    context = {"headline": "Too many runs at once", "text": text}
    return render(request, "400.html", context, status=400)
