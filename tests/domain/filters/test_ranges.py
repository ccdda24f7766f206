"""Ranges of numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.filters.ranges import Range, read_range, written

NUMBERS = st.integers(0, 10**9).map(lambda n: n / 1000)


@pytest.mark.parametrize(
    ("text", "found", "form"),
    [
        (">60", Range(60, None, strict=True), ">60"),
        (" >= 1.50 ", Range(1.5, None), ">=1.5"),
        ("<5", Range(None, 5, strict=True), "<5"),
        ("<=0", Range(None, 0), "<=0"),
        ("10..30", Range(10, 30), "10..30"),
        ("10 .. 10", Range(10, 10), "10..10"),
    ],
)
def test_what_is_a_range(text: str, found: Range, form: str) -> None:
    assert read_range(text) == found and written(found) == form


@pytest.mark.parametrize(
    "text",
    [
        "",
        "60",
        ">",
        "30..10",
        "1..2..3",
        ">-1",
        ">1e9",
        ">1,5",
        "١..٢",
        ">12345678901",
        "a..b",
        "=5",
    ],
)
def test_what_is_none(text: str) -> None:
    assert read_range(text) is None


def test_a_range_of_dollars_is_one_of_whole_millionths() -> None:
    for text, found in ((">0.1", Range(100_000, None, strict=True)), ("<=0.000003", Range(None, 3)),
                        ("0.07..1.005", Range(70_000, 1_005_000))):  # fmt: skip
        read = read_range(text)
        assert read and read.times(1_000_000) == found
    most = read_range("<999999999.999999")
    assert most and most.times(1_000_000).high == 999_999_999_999_999


@given(NUMBERS, NUMBERS, st.sampled_from([">", ">=", "<", "<="]))
def test_its_one_form_is_read_as_the_same(one: float, other: float, sign: str) -> None:
    low, high = sorted((one, other))
    for text in (f"{sign}{low}", f"{low}..{high}"):
        found = read_range(text)
        assert found and read_range(written(found)) == found


@given(NUMBERS, NUMBERS)
def test_its_ends_belong_to_it_unless_it_is_strict(end: float, value: float) -> None:
    above, from_on = read_range(f">{end}"), read_range(f">={end}")
    assert above and from_on
    assert above.holds(value) == (value > end) and from_on.holds(value) == (value >= end)
