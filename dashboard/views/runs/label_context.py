"""The labels of a run, as its pages show them."""

from typing import Any

from django.http import HttpRequest

from dashboard.access import may_administer, may_label
from dashboard.domain.text.labels import LONGEST
from dashboard.models import Run
from dashboard.services.accounts.account_name import LOCAL
from dashboard.services.runs import labels
from dashboard.services.runs.bylines import bylines


def labels_context(run: Run) -> dict[str, Any]:
    """The labels to read; the parts show controls where `labels_too` is true."""
    found = labels.of_run(run)
    return {"run": run, "tags": found.tags, "notes": found.notes, "bylines": bylines(found)}


def own_labels(request: HttpRequest, run: Run) -> dict[str, Any]:
    """The labels with what this reader may do."""
    context = labels_context(run)
    every = may_administer(request.user)
    return {
        **context,
        "removable": labels.removable_notes(context["notes"], request.user, any_author=every),
        "labels_too": may_label(request.user),
        "longest": LONGEST,
        "nameless": LOCAL,
    }
