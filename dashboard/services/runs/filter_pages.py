"""The pages of a filter's runs in any order, whatever the filter asks for."""

from typing import TypedDict

from dashboard.domain.filters.fields import CREATED
from dashboard.domain.filters.sorts import Key, Sort
from dashboard.models import RunQuerySet
from dashboard.services.runs import run_pages
from dashboard.services.runs.run_filter import RunFilter
from dashboard.services.runs.run_pages import PAGE, Page


class Where(TypedDict):
    """Which page: the runs after a key, or those before one."""

    after: Key | None
    before: Key | None
    size: int


def page_of(
    choice: RunFilter,
    sort: Sort,
    *,
    after: Key | None = None,
    before: Key | None = None,
    every: bool = False,
    size: int = PAGE,
) -> Page:
    """A page of a choice's runs; `every` as of `RunFilter.runs`."""
    where = Where(after=after, before=before, size=size)
    if choice.query.words and sort.name == CREATED and (found := _searched(choice, sort, where)):
        return found
    runs, parts = runs_of(choice, sort, every=every)
    return run_pages.page(runs, sort, parts=parts, stretch=choice.stretch(), **where)


def runs_of(choice: RunFilter, sort: Sort, *, every: bool) -> tuple[RunQuerySet, list[RunQuerySet]]:
    """The runs of a choice, whole and in parts."""
    in_order = sort.name == CREATED or not choice.any
    parts = choice.parts(every=every) if in_order else []
    return parts[0] if len(parts) == 1 else choice.runs(every=every), parts


def _searched(choice: RunFilter, sort: Sort, where: Where) -> Page | None:
    """A page of what words find: among the next runs, else by the index of words if it has few.

    None of many that are far away: the list is walked in its order.
    """
    near = run_pages.among_next(choice.among, sort, **where)
    if near is not None:
        return near
    few = choice.few()
    return None if few is None else run_pages.of_few(few, sort, **where)
