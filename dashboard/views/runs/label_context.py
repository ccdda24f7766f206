"""The labels of a run, as its pages show them."""

from collections.abc import Sequence
from typing import TypedDict

from django.http import HttpRequest

from dashboard.access import may_administer, may_label
from dashboard.domain.text.labels import LONGEST
from dashboard.http import Context
from dashboard.models import Label, Run
from dashboard.services.accounts.account_name import LOCAL
from dashboard.services.runs import labels
from dashboard.services.runs.bylines import Byline, bylines


class LabelsContext(TypedDict):
    """What the parts need to show labels."""

    run: Run
    tags: Sequence[Label]
    notes: Sequence[Label]
    bylines: Sequence[Byline]


def labels_context(run: Run) -> LabelsContext:
    """The labels to read; the parts show controls where `labels_too` is true."""
    found = labels.of_run(run)
    return {"run": run, "tags": found.tags, "notes": found.notes, "bylines": bylines(found)}


def own_labels(request: HttpRequest, run: Run) -> Context:
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
