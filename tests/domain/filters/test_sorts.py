"""The orders of a list and its pages' places, as a query string writes them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.filters.sorts import (
    NAMES,
    NEWEST,
    Key,
    Sort,
    rank,
    read_key,
    read_sort,
    written,
    written_key,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SORTS = st.builds(Sort, st.sampled_from(NAMES), st.booleans())
MOMENTS = st.datetimes(timezones=st.just(UTC))
VALUES = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("-created", NEWEST),
        ("created", Sort("created", descending=False)),
        ("-total", Sort("total", descending=True)),
        ("cold_start", Sort("cold_start", descending=False)),
        ("-cost", Sort("cost", descending=True)),
        *((text, None) for text in ("", "-", "--total", "costs", "Total", "total ", "ended")),
    ],
)
def test_what_an_order_is(text: str, sort: Sort | None) -> None:
    assert read_sort(text) == sort


@given(SORTS)
def test_an_order_is_read_as_it_was_written(sort: Sort) -> None:
    assert read_sort(written(sort)) == sort


@given(SORTS, VALUES, MOMENTS, st.integers(1, 10**18 - 1))
def test_a_place_is_read_exactly(
    sort: Sort, value: float | None, moment: datetime, pk: int
) -> None:
    key = Key(None if sort.name == "created" else value, moment, pk)
    assert read_key(sort, written_key(sort, key)) == key


@given(SORTS, SORTS, VALUES)
def test_a_place_in_another_order_is_none(one: Sort, other: Sort, value: float | None) -> None:
    key = Key(None if one.name == "created" else value, NOON, 7)
    assert one == other or read_key(other, written_key(one, key)) is None


@given(SORTS, st.text())
def test_any_text_is_a_place_or_none(sort: Sort, text: str) -> None:
    assert read_key(sort, text) is None or read_key(sort, text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "5", "_", "1_2_3", "1_x", "9" * 18 + "_1", "-total~1.5", "-total~1e999~5_5"),
        *("-total~nan~5_5", "-total~inf~5_5", "-total~1_0~5_5", "-total~1.5~5_٣", "~1~5_5"),
    ],
)
@pytest.mark.parametrize("sort", [NEWEST, Sort("total")])
def test_nonsense_is_no_place(sort: Sort, text: str) -> None:
    assert read_key(sort, text) is None


def test_what_is_not_reported_comes_last_the_newest_first() -> None:
    known, old = Key(5.0, NOON, 1), Key(None, NOON, 2)
    new = Key(None, NOON.replace(hour=13), 3)
    for descending in (True, False):
        sort = Sort("total", descending)
        assert sorted((old, new, known), key=lambda key: rank(sort, key)) == [known, new, old]
