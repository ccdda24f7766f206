"""The runs of a filter as a CSV file, streamed."""

from itertools import chain

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.access import may_label
from dashboard.services import clock
from dashboard.services.runs import export
from dashboard.views.responses import attachment
from dashboard.views.runs.chosen import takes_all_ids
from dashboard.views.runs.filter_reading import read_filter
from dashboard.views.runs.list_pages import whole_list
from dashboard.views.runs.story_context import may_see_costs

CSV = "text/csv; charset=utf-8"
BOM = "\ufeff"  # without it spreadsheets take UTF-8 for the letters of their own system


@require_safe
@never_cache
@takes_all_ids
def runs_csv(request: HttpRequest) -> HttpResponseBase:
    """The rows of the list's filter in its order, all pages; live runs are among them."""
    choice = read_filter(request)
    headers = attachment(f"runs-{clock.now().astimezone(choice.zone):%Y-%m-%d}.csv")
    if request.method == "HEAD":
        return HttpResponse(content_type=CSV, headers=headers)
    lines = export.written(
        whole_list(choice),
        choice.zone,
        settings.PUBLIC_URL,
        people=may_label(request.user),
        costs=may_see_costs(request),
    )
    return StreamingHttpResponse(chain([BOM], lines), content_type=CSV, headers=headers)
