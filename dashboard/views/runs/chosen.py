"""The runs that an address or a form asks for: those of `ids`, else all of its filter."""

from django.http import HttpRequest

from dashboard.models import RunQuerySet
from dashboard.views.runs.filters import IDS, ListFilter


def chosen_runs(request: HttpRequest, choice: ListFilter) -> RunQuerySet:
    """The runs of a choice, live ones too; IDs of which none can be read are no runs, not all."""
    chosen = choice.runs(every=True)
    return chosen.none() if request.GET.get(IDS) and not choice.pasted else chosen
