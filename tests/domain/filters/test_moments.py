"""Stretches of time: days of a zone, the last hours, before and after."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.filters.moments import Stretch, is_of_days, read_moments, stretch_of

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)  # in Berlin it is the 27th


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("today", "2026-11-26T23:00Z", "2026-11-27T23:00Z"),
        ("Yesterday", "2026-11-25T23:00Z", "2026-11-26T23:00Z"),
        ("24h", "2026-11-25T23:30Z", None),
        ("7d", "2026-11-19T23:30Z", None),
        ("2026-11-20", "2026-11-19T23:00Z", "2026-11-20T23:00Z"),
        ("2026-11-20..2026-11-26", "2026-11-19T23:00Z", "2026-11-26T23:00Z"),
        ("2026-03-29", "2026-03-28T23:00Z", "2026-03-29T22:00Z"),  # 23 hours long
        ("2026-10-25", "2026-10-24T22:00Z", "2026-10-25T23:00Z"),  # 25 hours long
        (">=2026-11-20", "2026-11-19T23:00Z", None),
        (">2026-11-20", "2026-11-20T23:00Z", None),
        ("<2026-11-20", None, "2026-11-19T23:00Z"),
        ("<=2026-11-20", None, "2026-11-20T23:00Z"),
        (">=2026-11-20T10:00Z", "2026-11-20T10:00Z", None),
        ("<2026-11-20T10:00+02:00", None, "2026-11-20T08:00Z"),
        ("<2026-11-20T10:00 02:00", None, "2026-11-20T08:00Z"),  # a plus sign of an address
        (">=2026-11-20T10:00", "2026-11-20T09:00Z", None),  # of the reader's zone
    ],
)
def test_what_they_stretch_over(text: str, begin: str | None, end: str | None) -> None:
    value = read_moments(text)
    assert value is not None
    found = stretch_of(value, NOW, BERLIN)
    assert found == Stretch(*(at(each) if each else None for each in (begin, end)))


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "0d", "7w", "12345d", "2026-13-01", "2026-02-30", "2026-11-26..2026-11-20",
     "..", "2026-11-20..", ">", ">yesterday", "<=9999-01-01", ">1969-12-31", "٧d", "now",
     ">20261120", ">2026-W47-5", ">2026-11-20x10:00", "<9999-12-31T23:59-23:59",
     ">1971-01-01T00:00+02:00", "<2999-12-31T23:00-02:00"],
)  # fmt: skip
def test_what_is_none(text: str) -> None:
    assert read_moments(text) is None


@given(
    st.datetimes(datetime(1971, 1, 2), datetime(2999, 1, 1)),
    st.sampled_from([">", ">=", "<", "<="]),
    st.sampled_from(["Z", "", "+05:30"]),
)
def test_the_one_form_is_read_as_the_same(moment: datetime, sign: str, offset: str) -> None:
    value = read_moments(f"{sign}{moment.isoformat()}{offset}")
    assert value is not None and read_moments(value) == value


@given(st.integers(0, 10_000_000), st.sampled_from(["today", "yesterday", "24h", "7d"]))
def test_every_moment_of_the_past_is_in_its_day_alone(seconds: int, word: str) -> None:
    moment = NOW - timedelta(seconds=seconds)
    age = (NOW.astimezone(BERLIN).date() - moment.astimezone(BERLIN).date()).days
    holds = {
        "today": age == 0,
        "yesterday": age == 1,
        "24h": seconds <= 86_400,
        "7d": seconds <= 7 * 86_400,
    }
    assert stretch_of(word, NOW, BERLIN).holds(moment) == holds[word]


@pytest.mark.parametrize(
    ("value", "own"),
    {
        "today": True,
        "yesterday": True,
        "24h": False,
        "7d": False,
        "2026-11-20": True,
        "2026-11-20..2026-11-26": True,
        ">=2026-11-20": True,
        ">2026-11-20T10:00": True,
        ">2026-11-20T10:00Z": False,
        "<=2026-11-20T10:00+05:30": False,
    }.items(),
)
def test_a_value_of_days_means_another_stretch_in_another_zone(value: str, own: bool) -> None:
    read = read_moments(value)
    assert read and is_of_days(read) == own
    zones = (UTC, ZoneInfo("Pacific/Kiritimati"))
    assert (len({stretch_of(read, NOW, zone) for zone in zones}) == 2) == own
