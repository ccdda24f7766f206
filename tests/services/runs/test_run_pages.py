"""Walks over generated runs, forward and back, in every order and however a page is found."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.domain.filters.sorts import NAMES, Key, Sort, rank
from dashboard.models import Run, RunQuerySet
from dashboard.services.runs import run_pages
from tests.builders import NOON

pytestmark = pytest.mark.django_db
SORTS = [Sort(name, descending) for name in NAMES for descending in (True, False)]


def make(count: int, draw: random.Random) -> None:
    """Runs with many ties, in values and in times, and many values that are not reported."""

    def seconds() -> float | None:
        return draw.choice((None, 0.0, 0.1, 1 / 3, float(draw.randrange(6)), draw.random() * 1e6))

    def micros() -> int | None:
        return draw.choice((None, 0, 1, draw.randrange(6), draw.randrange(10**15)))

    Run.objects.bulk_create(
        Run(
            uuid=UUID(int=n), status="success", finished=True, first_seen_at=NOON,
            sorted_at=NOON - timedelta(microseconds=draw.randrange(count)),
            gpu=draw.choice(("H100", "A10G")), total=seconds(), run=seconds(),
            cold_start=seconds(), queue_wait=seconds(), cost_micros=micros(),
        )
        for n in range(count)
    )  # fmt: skip
    Run.objects.create(uuid=UUID(int=10**6), first_seen_at=NOON, sorted_at=NOON)  # never seen


def in_python(runs: RunQuerySet, sort: Sort) -> list[Key]:
    column = run_pages.COLUMNS[sort.name]
    keys = [
        Key(None if sort.name == "created" else getattr(run, column), run.sorted_at, run.pk)
        for run in runs
    ]
    return sorted(keys, key=lambda key: rank(sort, key))


def paged(runs: RunQuerySet, sort: Sort, *, way: str = "", **how: Any) -> run_pages.Page:
    """A page as it is found in this way; by creation alone where that is the one order of it."""
    where = {name: how[name] for name in ("after", "before", "size") if name in how}
    if sort.name == "created" and way.startswith("among"):
        found = run_pages.among_next(partial(of_keys, runs), sort, **where)
        assert found is None or way != "among too few"
        if found:
            return found
    if sort.name == "created" and way == "few":
        return run_pages.of_few(runs, sort, **where)
    return run_pages.page(runs, sort, **how)


def forward(runs: RunQuerySet, sort: Sort, size: int, **how: Any) -> Iterator[list[Key]]:
    found = paged(runs, sort, size=size, **how)
    yield list(found.keys)
    while found.older:
        found = paged(runs, sort, after=found.keys[-1], size=size, **how)
        assert found.newer
        yield list(found.keys)


def back(runs: RunQuerySet, sort: Sort, last: Key, size: int, **how: Any) -> Iterator[list[Key]]:
    found = paged(runs, sort, before=last, size=size, **how)
    yield list(found.keys)
    while found.newer:
        found = paged(runs, sort, before=found.keys[0], size=size, **how)
        assert found.older
        yield list(found.keys)


def of_keys(runs: RunQuerySet, keys: Sequence[int]) -> RunQuerySet:
    return runs.filter(pk__in=keys)


PARTS: Mapping[str, Callable[[RunQuerySet], Sequence[RunQuerySet]]] = {
    "by the index": lambda runs: [runs],
    "in parts": lambda runs: [runs.filter(gpu=gpu) for gpu in ("H100", "A10G", "A10G")],
}
WAYS = {
    "by the index": {},
    "in parts": {},
    "among the next ones": {"NEAR": 30},
    "among the next ones after the first": {"NEAR": 20, "FAR": 100},
    "among too few": {"NEAR": 2, "FAR": 3},
    "few": {},
    "walked near": {"NEAR": 1_000},
    "sorted": {"NEAR": 2},
    "walked far": {"NEAR": 2, "MANY": 3},
    "walked in vain, then by the database": {"NEAR": 2, "MANY": 3, "FAR": 5},
}


@pytest.mark.parametrize("way", WAYS)
def test_every_walk_meets_each_run_once_and_in_order(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in WAYS[way].items():
        monkeypatch.setattr(run_pages, name, value)
    draw = random.Random(way)
    make(40, draw)
    for runs in (Run.objects.seen(), Run.objects.seen().filter(gpu="H100")):
        how = {"parts": PARTS.get(way, lambda _: ())(runs), "way": way}
        for sort in SORTS:
            expected, size = in_python(runs, sort), draw.randrange(4, 25)
            pages = list(forward(runs, sort, size, **how))
            assert [key for page in pages for key in page] == expected
            pages = list(back(runs, sort, expected[-1], size, **how))
            assert [key for page in reversed(pages) for key in page] == expected[:-1]


@pytest.mark.parametrize("many", [0, 10_000])
@pytest.mark.parametrize("way", ["by the index", "in parts", "walked"])
def test_a_whole_list_comes_in_pieces(many: int, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_pages, "MANY", many)
    monkeypatch.setattr(run_pages, "WHOLE_PIECE", 7)
    make(30, random.Random(5))
    runs = Run.objects.seen().filter(gpu="H100")
    parts = PARTS.get(way, lambda _: ())(runs)
    for sort in SORTS:
        found = list(run_pages.pieces(runs, sort, parts=parts))
        assert max(map(len, found)) <= 7
        assert [key for piece in found for key in piece] == in_python(runs, sort)


def test_a_page_of_a_run_that_is_gone_still_goes_on() -> None:
    make(20, random.Random(1))
    runs, sort = Run.objects.seen(), Sort("total")
    expected = in_python(runs, sort)
    Run.objects.get(pk=expected[4].pk).delete()
    found = run_pages.page(runs, sort, after=expected[4], size=3, parts=[runs])
    assert list(found.keys) == expected[5:8]


def test_a_page_beyond_the_end_is_empty() -> None:
    make(5, random.Random(1))
    sort = Sort("total", descending=False)
    last = in_python(Run.objects.seen(), sort)[-1]
    assert run_pages.page(Run.objects.seen(), sort, after=last) == run_pages.Page([], newer=True)


def test_no_more_are_looked_at_where_the_first_give_no_hope(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run_pages, "NEAR", 10)
    monkeypatch.setattr(run_pages, "FAR", 20)
    make(30, random.Random(2))
    newest = Run.objects.seen().newest()
    asked: list[int] = []

    def among(keys: Sequence[int]) -> RunQuerySet:
        asked.append(len(keys))
        return Run.objects.filter(pk__in=[*newest.values_list("pk", flat=True)[few:]])

    for few, looked in ((10, [10]), (4, [10, 20])):
        asked.clear()
        found = run_pages.among_next(among, Sort("created"), size=9)
        assert asked == looked
        assert (found is None) == (few == 10)


def test_the_runs_of_few_are_not_sought_among_all_by_the_lists_index() -> None:
    """However many of them there are said to be: an index of the order would be walked for them."""
    make(20, random.Random(1))
    way = run_pages._Way(Sort("created"))
    with CaptureQueriesContext(connection) as queries:
        run_pages._sorted(Run.objects.seen(), way, 5)
    assert "ORDER BY COALESCE" in queries[0]["sql"]
