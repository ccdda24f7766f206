"""The list of runs as JSON: page by page, or whole with a run a line."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.domain.filters.query import Ignored
from dashboard.domain.filters.sorts import Key
from dashboard.domain.text.search_term import search_term
from dashboard.models import RunQuerySet
from dashboard.services import clock
from dashboard.views.responses import attachment
from dashboard.views.runs.chosen import takes_all_ids
from dashboard.views.runs.filter_reading import read_filter, read_limit
from dashboard.views.runs.filters import LIMIT
from dashboard.views.runs.list_pages import (
    older_url,
    page_of,
    whole_list,
)
from dashboard.views.runs.summaries import summaries

PAGE, LARGEST = 50, 200
COUNTED = 10_000  # runs; of more it is told that there are at least as many and one
AT_ONCE = 200  # runs of a stream that are in memory
LINES = "application/jsonl"


@require_safe
@never_cache
def runs_json(request: HttpRequest) -> JsonResponse:
    """A page of the list's filter in its order, live runs among them, and how many there are."""
    choice = read_filter(request)
    runs = choice.runs(every=True)
    page = page_of(request, choice, every=True, size=_limit(request))
    older = older_url(request, choice.sort, page, "runs_json")
    told = {
        "runs": summaries(request, page.keys, clock.now()),
        "next": settings.PUBLIC_URL + older if older else None,
        **_count(runs),
        "ignored": [_told(each) for each in choice.query.ignored],
    }
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})


def _limit(request: HttpRequest) -> int:
    number = read_limit(request.GET.get(LIMIT, ""))
    return PAGE if number is None else min(max(number, 1), LARGEST)


def _count(runs: RunQuerySet) -> dict[str, object]:
    count = runs.order_by()[: COUNTED + 1].count()
    return {"count": count, "count_is": "at-least" if count > COUNTED else "exact"}


def _told(ignored: Ignored) -> dict[str, str]:
    """What was left out; a name or a value that may be a secret is empty."""
    name, value = search_term(ignored.name), search_term(ignored.value)
    return {**asdict(ignored), "name": name, "value": value}


@require_safe
@never_cache
@takes_all_ids
def runs_jsonl(request: HttpRequest) -> HttpResponseBase:
    """All runs of the list's filter in its order, one a line."""
    choice = read_filter(request)
    headers = attachment(f"runs-{clock.now().astimezone(choice.zone):%Y-%m-%d}.jsonl")
    if request.method == "HEAD":
        return HttpResponse(content_type=LINES, headers=headers)
    lines = _lines(request, whole_list(choice))
    return StreamingHttpResponse(lines, content_type=LINES, headers=headers)


def _lines(request: HttpRequest, pieces: Iterable[Sequence[Key]]) -> Iterator[str]:
    written = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
    for piece in pieces:
        for first in range(0, len(piece), AT_ONCE):
            told = summaries(request, piece[first : first + AT_ONCE], clock.now())
            yield from (f"{written(summary)}\n" for summary in told)
