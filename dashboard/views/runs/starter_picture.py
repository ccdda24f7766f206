"""Pictures of people who started runs: for members, as pictures alone."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dashboard.access import needs
from dashboard.domain.roles import MEMBER
from dashboard.services.runs import starters

DIGEST = re.compile("[0-9a-f]{16}")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, max-age=86400",
}


@require_safe
@needs(MEMBER)
def picture(request: HttpRequest, digest: str) -> HttpResponse:
    """The picture with this digest."""
    found = starters.picture_of(digest) if DIGEST.fullmatch(digest) else None
    if found is None:
        raise Http404
    return HttpResponse(found, content_type="image/webp", headers=HEADERS)
