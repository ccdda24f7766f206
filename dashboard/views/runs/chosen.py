"""The runs that an address or a form asks for: those of `ids`, else all of its filter."""

from hashlib import blake2b

from django.http import HttpRequest

from dashboard.models import RunQuerySet
from dashboard.views.runs.filters import IDS, ListFilter


def chosen_runs(request: HttpRequest, choice: ListFilter) -> RunQuerySet:
    """The runs of a choice, live ones too; IDs of which none can be read are no runs, not all."""
    chosen = choice.runs(every=True)
    return chosen.none() if request.GET.get(IDS) and not choice.pasted else chosen


def fingerprint(choice: ListFilter) -> str:
    """The same for a filter as long as it is read as the same, whatever can't be read of it."""
    read = (choice.query.terms, choice.query.words, choice.pasted, str(choice.zone))
    return blake2b(repr(read).encode(), digest_size=16).hexdigest()
