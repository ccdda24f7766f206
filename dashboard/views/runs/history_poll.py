"""How far the reading of past runs is, as the open list polls it."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from dashboard.services import clock
from dashboard.views.responses import tagged
from dashboard.views.runs.history_line import PART, history_context, line_tag

LIST_EVERY = 5  # seconds between two refreshes of the list below


@require_safe
@never_cache
def part(request: HttpRequest) -> HttpResponseBase:
    """The line; with the event that refreshes the list, at most every 5 s."""
    now = clock.now()
    waits = request.GET.get("waits") == "1"
    context = history_context(now, waits=waits)
    counts, _, _ = context["history_tag"].split(".", 2)
    listed, listed_at = _last_refresh(request.headers.get("HX-PTag", ""))
    over = context["history"] is None  # nothing asks again
    late = listed != counts and (over or now.timestamp() - listed_at >= LIST_EVERY)
    if not late:
        context["history_tag"] = line_tag(listed, listed_at, context["history"])

    def answer() -> HttpResponse:
        response = render(request, PART, {**context, "history_waits": waits})
        return trigger_client_event(response, "runs-changed") if late else response

    return tagged(request, context["history_tag"], answer)


def _last_refresh(tag: str) -> tuple[str, int]:
    """What the page's tag says of the list's last refresh; ("", 0) of none."""
    listed, _, rest = tag.partition(".")
    at = rest.partition(".")[0]
    return (listed, int(at)) if at.isascii() and at.isdigit() and len(at) < 12 else ("", 0)
