"""The pages of a list in the order that its address asks for, and their addresses."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from dashboard.domain.filters.sorts import Key, Sort, read_key
from dashboard.domain.filters.sorts import written_key as written
from dashboard.models import Run
from dashboard.services.runs import filter_pages, run_pages
from dashboard.services.runs.run_pages import PAGE, Page
from dashboard.views.runs.filters import AFTER, BEFORE, PLACES, ListFilter


def page_of(
    request: HttpRequest, choice: ListFilter, *, every: bool = False, size: int = PAGE
) -> Page:
    """The page of a choice's runs that an address asks for; `every` as of `RunFilter.runs`."""
    after, before = (read_key(choice.sort, request.GET.get(name, "")) for name in PLACES)
    return filter_pages.page_of(
        choice, choice.sort, after=after, before=before, every=every, size=size
    )


def beside(choice: ListFilter, run: Run, *, back: bool = False) -> Run | None:
    """The next run of a choice in its order, or the one before; None at the end."""
    key = run_pages.key_of(run, choice.sort)
    after, before = (None, key) if back else (key, None)
    page = filter_pages.page_of(choice, choice.sort, after=after, before=before, every=True, size=1)
    found = page.keys
    return Run.objects.filter(pk=found[0].pk).only("uuid").first() if found else None


def whole_list(choice: ListFilter) -> Iterator[list[Key]]:
    """All runs of a choice in order, live ones too, piece by piece."""
    runs, parts = filter_pages.runs_of(choice, choice.sort, every=True)
    return run_pages.pieces(runs, choice.sort, parts=parts)


def older_url(request: HttpRequest, sort: Sort, page: Page, of: str = "run_list") -> str | None:
    """The same list further down; None at its end."""
    return _url(request, of, AFTER, sort, page.keys[-1]) if page.older and page.keys else None


def newer_url(request: HttpRequest, sort: Sort, page: Page, of: str = "run_list") -> str | None:
    """The same list further up; None at its beginning."""
    return _url(request, of, BEFORE, sort, page.keys[0]) if page.newer and page.keys else None


def _url(request: HttpRequest, of: str, name: str, sort: Sort, key: Key) -> str:
    query = request.GET.copy()
    for each in PLACES:
        query.pop(each, None)
    query[name] = written(sort, key)
    return f"{reverse(of)}?{query.urlencode()}"
