"""Numbers, moments and words out of any JSON value."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.run.values import (
    parse_count,
    parse_id,
    parse_moment,
    parse_name,
    parse_number,
    parse_word,
)

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (7, 7.0),
        ("41.332918", 41.332918),
        (" 7.770000 ", 7.77),
        ("-1e3", -1000.0),
        (True, None),
        ("nan", None),
        ("Infinity", None),
        ("1e999", None),
        ("1_000", None),
        ("١٢", None),
        ("", None),
        ("7 s", None),
        (10**400, None),
        ("9" * 5000, None),
        ([7], None),
        (None, None),
    ],
)
def test_numbers_also_come_as_strings(sent: Any, read: float | None) -> None:
    assert parse_number(sent) == read


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (3, 3), (3.0, 3), ("3", 3), (0, 0), (3.5, None), (-1, None),
        (2**63 - 1, 2**63 - 1), (2**63, None), (1e19, None), (True, None),
    ],
)  # fmt: skip
def test_counts_are_whole_and_fit_64_bits(sent: Any, read: int | None) -> None:
    assert parse_count(sent) == read


@pytest.mark.parametrize(
    "sent",
    [
        "2026-11-23T12:00:00.000000Z",
        "2026-11-23T12:00:00Z",
        "2026-11-23T12:00Z",
        "2026-11-23t12:00:00z",
        "2026-11-23T12:00:00",
        "2026-11-23 12:00:00+00",
        "2026-11-23T14:00:00+02:00",
        " 2026-11-23T12:00:00.000Z ",
        1795435200,
        1795435200.0,
        1795435200000,
        "1795435200",
    ],
)
def test_one_moment_in_many_spellings(sent: Any) -> None:
    assert parse_moment(sent) == NOON
    read = parse_moment(sent)
    assert read is not None and read.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "sent",
    [
        None, "", "soon", True, [], {}, "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00", "2026-13-01T00:00:00Z", 1e300, -1e300, "9" * 500, float("nan"),
    ],
)  # fmt: skip
def test_what_is_no_usable_moment_is_unknown(sent: Any) -> None:
    assert parse_moment(sent) is None


def test_words_are_strings_cut_to_their_column() -> None:
    assert parse_word("A10G") == "A10G"
    assert parse_word("x" * 300, 200) == "x" * 200
    assert parse_word("") == ""
    assert parse_word(5) is None


def test_names_may_come_as_whole_numbers() -> None:
    assert [parse_name(9), parse_name("9"), parse_name(True), parse_name([9]), parse_name(1.5)] == [
        "9",
        "9",
        None,
        None,
        None,
    ]


@given(ANYTHING)
def test_no_value_is_too_strange_to_read(value: Any) -> None:
    for read in (parse_number, parse_count, parse_moment, parse_word, parse_name):
        read(value)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("2CA3F0A3-9056-4E34-A0F1-EDC4786B7985", "2ca3f0a3-9056-4e34-a0f1-edc4786b7985"),
        ("2ca3f0a390564e34a0f1edc4786b7985", "2ca3f0a3-9056-4e34-a0f1-edc4786b7985"),
        ("Flux Live", "Flux Live"),
        ("", ""),
        (None, None),
        (7, None),
        ("x" * 300, "x" * 200),
    ],
)
def test_ids_are_read_in_one_spelling(sent: object, read: str | None) -> None:
    assert parse_id(sent, 200) == read
