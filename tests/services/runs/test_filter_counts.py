"""How many runs fit a filter: bounded, remembered, and not told where it took long."""

import pytest

from dashboard.domain.filters.query import parse
from dashboard.services.runs import filter_counts
from dashboard.services.runs.filter_counts import Count, count, count_each, known
from dashboard.services.runs.run_filter import RunFilter
from tests.builders import answer, running, store

pytestmark = pytest.mark.django_db
FAILED = RunFilter(query=parse([("status", "failed")]))


def test_live_runs_count_too() -> None:
    store(answer())
    store(running())
    assert count(RunFilter()) == Count(2)


def test_a_count_goes_to_its_limit_and_says_that_there_are_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(filter_counts, "LIMIT", 2)
    for expected in (Count(1), Count(2), Count(2, more=True)):
        store(answer(status="failed"))
        filter_counts.forget()
        assert count(FAILED) == expected


def test_a_count_is_remembered_by_its_filter() -> None:
    store(answer(status="failed"))
    assert known(FAILED) is None and count(FAILED) == Count(1)
    store(answer(status="failed"))
    again = RunFilter(query=parse([("status", "failed"), ("nonsense", "x")]))
    assert count(again) == known(again) == Count(1)
    filter_counts.forget()
    assert count(FAILED) == Count(2)


def test_what_took_too_long_is_not_told_and_no_other_is_counted_after_it(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    store(answer(status="failed"))
    assert count(RunFilter()) == Count(1)
    monkeypatch.setattr(filter_counts, "SLOW", -1.0)
    other = RunFilter(query=parse([("gpu", "H100")]))
    with django_assert_num_queries(1):
        assert count_each([FAILED, other, RunFilter()]) == [None, None, Count(1)]
