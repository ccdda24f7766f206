"""Responses and formats that several views share."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django_htmx.http import ptag


def see_other(url: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": url})


def attachment(name: str) -> dict[str, str]:
    """The header of a download; letters of any script may stand in its name."""
    return {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}


def tagged(
    request: HttpRequest, tag: str, render: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """304 where the polled part already has this ptag, else the response of `render`."""
    answer: HttpResponseBase = ptag(lambda _: tag)(lambda _: render())(request)
    return answer


def json_moment(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with `Z` and microseconds; None stays None."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
