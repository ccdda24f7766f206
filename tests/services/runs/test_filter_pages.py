"""A filter's pages are those of a plain sort, whatever finds its runs."""

import random
from datetime import timedelta
from uuid import UUID

import pytest

from dashboard.domain.filters.query import parse
from dashboard.domain.filters.sorts import NEWEST, Sort
from dashboard.models import Run, RunQuerySet
from dashboard.services.runs import filter_pages, run_pages, run_search, search_index
from dashboard.services.runs.run_filter import RunFilter
from tests.builders import NOON

pytestmark = pytest.mark.django_db
RUNS = 120
SEARCHES = {
    "all": [("q", "sea")],
    "some": [("q", "light")],
    "old ones": [("q", "former")],
    "old ones of a GPU": [("q", "former"), ("gpu", "T4")],
    "old ones less some": [("q", "former -light")],
    "left out": [("q", "-former")],
    "none": [("q", "nothing")],
    "no words": [("gpu", "T4")],
}


@pytest.fixture
def runs() -> None:
    draw = random.Random(8)
    made = Run.objects.bulk_create(
        Run(
            uuid=UUID(int=n), status="success", finished=True, first_seen_at=NOON,
            sorted_at=NOON - timedelta(seconds=n // 2), total=draw.choice((None, 1.0, 2.0)),
            gpu=draw.choice(("T4", "H100")),
            inputs={"prompt": f"sea{' light' * (n % 5 == 2)}{' former' * (n >= RUNS - 20)}"},
        )
        for n in range(RUNS)
    )  # fmt: skip
    search_index.index_runs([run.pk for run in made])


@pytest.mark.parametrize("pairs", SEARCHES.values(), ids=SEARCHES)
@pytest.mark.parametrize("few", [0, 1000])
@pytest.mark.parametrize("sort", [NEWEST, Sort("created", descending=False), Sort("total")])
def test_each_run_is_on_one_page_in_order(
    runs: None, monkeypatch: pytest.MonkeyPatch, pairs: list[tuple[str, str]], few: int, sort: Sort
) -> None:
    monkeypatch.setattr(run_search, "FEW", few)
    monkeypatch.setattr(run_pages, "NEAR", 20)
    monkeypatch.setattr(run_pages, "FAR", 30)
    choice = RunFilter(parse(pairs))
    every = run_pages.page(choice.runs(), sort, size=RUNS, parts=[choice.runs()]).keys
    assert {key.pk for key in every} == set(choice.runs().values_list("pk", flat=True))
    found, page = [], filter_pages.page_of(choice, sort, size=7)
    while True:
        found += page.keys
        if not page.older:
            break
        page = filter_pages.page_of(choice, sort, after=page.keys[-1], size=7)
    assert found == list(every)
    if every:
        before = filter_pages.page_of(choice, sort, before=every[-1], size=7)
        assert list(before.keys) == list(every[:-1])[-7:]


def test_a_word_of_old_runs_is_read_in_its_index_and_the_list_is_not_walked(
    runs: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_pages, "NEAR", 20)
    few: list[RunQuerySet] = []
    of_few = run_pages.of_few

    def seen(found: RunQuerySet, sort: Sort, **where: object) -> run_pages.Page:
        few.append(found)
        return of_few(found, sort, **where)  # type: ignore[arg-type]

    monkeypatch.setattr(run_pages, "of_few", seen)
    monkeypatch.setattr(run_pages, "page", None)  # would walk
    page = filter_pages.page_of(RunFilter(parse([("q", "former")])), NEWEST, size=7)
    assert len(page.keys) == 7 and page.older and len(few) == 1
    assert filter_pages.page_of(RunFilter(parse([("q", "sea")])), NEWEST, size=7).older
    assert len(few) == 1
