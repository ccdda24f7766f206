"""Cells that spreadsheets open as what they are."""

import csv
import io
import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.presentation.csv_cells import (
    SEPARATORS,
    SIGNS,
    dollars_cell,
    lines,
    quoted,
    seconds_cell,
    text_cell,
    time_cell,
)


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
        ("\n=1+1", "'\n'=1+1"),
        ("\t=1", "'\t'=1"),
        ("\ra", "'\ra"),
        (" \n a", "' \n a"),
        ("a;=1", "a;'=1"),
        ("a;;+1;b;-2", "a;;'+1;b;'-2"),
        ("a\n=1", "a\n'=1"),
        ("a\r\n@sum", "a\r\n'@sum"),
        ("a\t＝1", "a\t'＝1"),
        ("a;  =1", "a;'  =1"),
        ('a;"=1', "a;'\"=1"),
        ("a;\0=1", "a;'=1"),
        ("1;=1", "1;'=1"),
        ("=1;=2", "'=1;'=2"),
        ("a; b=1\n\nc-2\r\n", "a; b=1\n\nc-2\r\n"),
        ("a,=1", "a,=1"),
        ("  =1", "'  =1"),
        ("a\0b", "ab"),
        ("\ud800", "?"),
        ("日本\n語", "日本\n語"),
    ],
)
def test_texts(text: str | None, cell: str) -> None:
    assert text_cell(text) == cell


@given(st.text() | st.text('ab ;\t\r\n=+-@＝"\0'))
def test_no_text_begins_a_formula_wherever_it_is_split(text: str) -> None:
    cell = text_cell(text)
    assert not cell.lstrip(" ").startswith(("\t", "\r", "\n", *SIGNS))
    first, *others = re.split(f"[{SEPARATORS}]", cell)
    assert not first.lstrip(" ").startswith(tuple(SIGNS))
    assert not any(part.lstrip(' "').startswith(tuple(SIGNS)) for part in others)
    cell.encode()


@pytest.mark.parametrize(
    ("seconds", "cell"), [(None, ""), (0.0, "0"), (12.0, "12"), (1.2345, "1.234"), (1e6, "1000000")]
)
def test_seconds(seconds: float | None, cell: str) -> None:
    assert seconds_cell(seconds) == cell


@pytest.mark.parametrize(
    ("at", "zone", "cell"),
    [
        (None, "UTC", ""),
        ("2026-07-01 12:00:00.123456", "UTC", "2026-07-01T12:00:00.123+00:00"),
        ("2026-07-01 12:00:00.123456+00", "UTC", "2026-07-01T12:00:00.123+00:00"),
        ("2026-07-01 12:00:00", "Europe/Berlin", "2026-07-01T14:00:00.000+02:00"),
        ("2026-07-01 12:00:00+00", "Europe/Berlin", "2026-07-01T14:00:00.000+02:00"),
        ("2026-12-31 23:59:59.1+00", "Europe/Berlin", "2027-01-01T00:59:59.100+01:00"),
        ("2026-10-25 00:59:59.999999", "Europe/Berlin", "2026-10-25T02:59:59.999+02:00"),
        ("2026-10-25 01:00:00", "Europe/Berlin", "2026-10-25T02:00:00.000+01:00"),
        ("2026-07-01 12:00:00.5", "Asia/Kathmandu", "2026-07-01T17:45:00.500+05:45"),
        ("1880-07-01 12:00:00", "Europe/Berlin", "1880-07-01T12:53:28.000+00:53:28"),
    ],
)
def test_times_have_the_offset_of_their_zone(at: str | None, zone: str, cell: str) -> None:
    assert time_cell(at, ZoneInfo(zone)) == cell


AT = st.datetimes(datetime(1850, 1, 1), datetime(2100, 1, 1))  # of UTC


@given(AT, st.sampled_from(["UTC", "America/New_York", "Australia/Lord_Howe", "Africa/Monrovia"]))
def test_times_are_those_of_the_zone(at: datetime, zone: str) -> None:
    moment = at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    assert time_cell(str(at), ZoneInfo(zone)) == moment.isoformat(timespec="milliseconds")


@given(st.lists(st.tuples(st.text('ab ,;"\t\r\n'), st.text()), min_size=1))
def test_lines_are_those_of_any_csv_file(rows: list[tuple[str, str]]) -> None:
    cells = [[text_cell(text) for text in row] for row in rows]
    file = io.StringIO()
    csv.writer(file).writerows(cells)
    assert lines(map(quoted, column) for column in zip(*cells, strict=True)) == file.getvalue()


def test_dollars_have_four_places_at_least() -> None:
    told = {None: "", 0: "0.0000", 1: "0.000001", 101_930: "0.10193", 43_500: "0.0435"}
    told |= {12_000_000: "12.0000", 10**15: "1000000000.0000"}
    assert {micros: dollars_cell(micros) for micros in told} == told
