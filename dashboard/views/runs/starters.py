"""Who started runs, for members: in rows and pages, and their pictures."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dashboard.access import may_see_starters, needs
from dashboard.domain.roles import MEMBER
from dashboard.models import Run
from dashboard.presentation.run.starter import Starter
from dashboard.services.runs import starters

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, max-age=86400",
}


def starters_for(request: HttpRequest, user_ids: Iterable[str | None]) -> dict[str, Starter]:
    """Who is behind these IDs; nobody for readers who may not see it, without a query."""
    return starters.starters_of(user_ids) if may_see_starters(request.user) else {}


def starter_for(request: HttpRequest, run: Run) -> Starter | None:
    """Who started a run; None where it is not known or not for this reader."""
    return starters_for(request, [run.user_id]).get(run.user_id or "")


@require_safe
@needs(MEMBER)
def picture(request: HttpRequest, digest: str) -> HttpResponse:
    """The picture with this digest."""
    found = starters.picture_of(digest)
    if found is None:
        raise Http404
    return HttpResponse(found, content_type="image/webp", headers=HEADERS)
