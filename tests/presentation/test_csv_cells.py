"""Cells that spreadsheets open as what they are."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.presentation.csv_cells import FORMULA, seconds_cell, text_cell, time_cell


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        (None, ""),
        ("a cat", "a cat"),
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-2", "'-2"),
        ("@sum", "'@sum"),
        ("＝1+1", "'＝1+1"),
        ("\n=1+1", "'\n=1+1"),
        ("\t=1", "'\t=1"),
        ("  =1", "'  =1"),
        ("a\0b", "ab"),
        ("\ud800", "?"),
        ("日本\n語", "日本\n語"),
    ],
)
def test_texts(text: str | None, cell: str) -> None:
    assert text_cell(text) == cell


@given(st.text())
def test_no_text_begins_a_formula(text: str) -> None:
    cell = text_cell(text)
    assert not cell.lstrip(" ").startswith(FORMULA)
    cell.encode()


@pytest.mark.parametrize(
    ("seconds", "cell"), [(None, ""), (0.0, "0"), (12.0, "12"), (1.2345, "1.234"), (1e6, "1000000")]
)
def test_seconds(seconds: float | None, cell: str) -> None:
    assert seconds_cell(seconds) == cell


def test_times_have_the_offset_of_their_zone() -> None:
    at = datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=UTC)
    assert time_cell(at, ZoneInfo("Europe/Berlin")) == "2026-07-01T14:00:00.123+02:00"
    assert time_cell(at, UTC) == "2026-07-01T12:00:00.123+00:00"
    assert time_cell(None, UTC) == ""
