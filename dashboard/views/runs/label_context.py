"""What people put on a run, as its pages show it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest

from dashboard.access import may_administer, may_label
from dashboard.domain.text.labels import LONGEST
from dashboard.models import Run
from dashboard.services.accounts.account_name import LOCAL
from dashboard.services.runs import labels


@dataclass(frozen=True, slots=True)
class Byline:
    """Who did what, and when; a name that says nothing is empty."""

    act: str
    author: str
    at: datetime


def bylines(found: labels.Labels) -> list[Byline]:
    """Who gave the title, who the star, and who tagged last of each that did."""
    acts = [("titled", found.title), ("starred", found.star)]
    latest = {tag.by_id: tag for tag in sorted(found.tags, key=lambda tag: tag.at)}
    acts += [("tagged", tag) for tag in latest.values()]
    return [
        Byline(act, "" if label.author == LOCAL else label.author, label.at)
        for act, label in acts
        if label
    ]


def labels_context(run: Run) -> dict[str, Any]:
    """What people put on a run, to be read; the parts show controls where `labels_too` is true."""
    found = labels.of_run(run)
    told = {"tags": found.tags, "notes": found.notes, "bylines": bylines(found)}
    return {"run": run, **told}


def own_labels(request: HttpRequest, run: Run) -> dict[str, Any]:
    """The same with what this reader may do."""
    context = labels_context(run)
    every, own = may_administer(request.user), request.user.pk
    return {
        **context,
        "removable": {note.pk for note in context["notes"] if every or note.by_id == own},
        "labels_too": may_label(request.user),
        "longest": LONGEST,
        "nameless": LOCAL,
    }
