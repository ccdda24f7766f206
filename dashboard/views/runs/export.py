"""The runs of a filter as a CSV file, streamed."""

import csv
from collections.abc import Iterator
from datetime import tzinfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.access import may_label
from dashboard.models import RunQuerySet
from dashboard.services import clock
from dashboard.services.runs import export
from dashboard.views.responses import attachment
from dashboard.views.runs.filters import read_filter

CSV = "text/csv; charset=utf-8"
BOM = "\ufeff"  # without it spreadsheets take UTF-8 for the letters of their own system


class _Line:
    """A file that gives back what is written: csv has no other way to make a line."""

    def write(self, text: str) -> str:
        return text


@require_safe
@never_cache
def runs_csv(request: HttpRequest) -> HttpResponseBase:
    """The rows of the list's filter in its order, all pages; live runs are among them."""
    choice, people = read_filter(request), may_label(request.user)
    headers = attachment(f"runs-{clock.now().astimezone(choice.zone):%Y-%m-%d}.csv")
    if request.method == "HEAD":
        return HttpResponse(content_type=CSV, headers=headers)
    lines = _lines(choice.runs(every=True), choice.zone, people=people)
    return StreamingHttpResponse(lines, content_type=CSV, headers=headers)


def _lines(chosen: RunQuerySet, zone: tzinfo, *, people: bool) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield BOM + writer.writerow(export.header(zone, people=people))
    for row in export.rows(chosen, zone, settings.PUBLIC_URL, people=people):
        yield writer.writerow(row)
