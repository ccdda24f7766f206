"""Who started runs, for the readers who may see it."""

from collections.abc import Iterable

from django.http import HttpRequest

from dashboard.access import may_see_starters
from dashboard.models import Run
from dashboard.presentation.run.starter import Starter
from dashboard.services.runs import starters


def starters_for(request: HttpRequest, user_ids: Iterable[str | None]) -> dict[str, Starter]:
    """Who is behind these IDs; nobody for readers who may not see it, without a query."""
    return starters.starters_of(user_ids) if may_see_starters(request.user) else {}


def starter_for(request: HttpRequest, run: Run) -> Starter | None:
    """Who started a run; None where it is not known or not for this reader."""
    return starters_for(request, [run.user_id]).get(run.user_id or "")
