"""What people put on a run, as its pages show it."""

from typing import Any

from django.http import HttpRequest

from dashboard.access import may_administer, may_label
from dashboard.domain.labels import LONGEST
from dashboard.models import Run
from dashboard.services import labels
from dashboard.services.accounts import LOCAL


def labels_context(run: Run) -> dict[str, Any]:
    """What people put on a run, to be read; the parts show controls where `labels_too` is true."""
    found = labels.of_run(run)
    return {"run": run, "star": found.star, "tags": found.tags, "notes": found.notes}


def own_labels(request: HttpRequest, run: Run) -> dict[str, Any]:
    """The same with what this reader may do."""
    every = may_administer(request.user)
    context = labels_context(run)
    for note in context["notes"]:
        note.removable = every or note.by_id == request.user.pk
    return {
        **context,
        "labels_too": may_label(request.user),
        "longest": LONGEST,
        "nameless": LOCAL,
    }
