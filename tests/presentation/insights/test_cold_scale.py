"""Scales of seconds and of days."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.insights.period import Period
from dashboard.presentation.insights.cold_scale import DaysScale, last_day_text, seconds_scale
from tests.domain.insights.histories import PERIOD

LONG_DAY = Period(
    datetime(2026, 10, 23, 22, tzinfo=UTC),
    datetime(2026, 10, 26, 13, tzinfo=UTC),
    ZoneInfo("Europe/Berlin"),
)


@pytest.mark.parametrize(
    ("most", "labels"),
    [
        (0, "0 1\u202fs"),
        (3.2, "0 1 2 3 4\u202fs"),
        (41, "0 15 30 45\u202fs"),
        (60, "0 15 30 45 60\u202fs"),
        (500, "0 5 10\u202fmin"),
        (9_000, "0 1 2 3\u202fh"),
        (40_000, "0 3 6 9 12\u202fh"),
    ],
)
def test_up_to_four_round_steps_reach_the_most(most: float, labels: str) -> None:
    scale = seconds_scale(most)
    assert " ".join(label for _, label in scale.marks) == labels
    assert scale.top >= most


def test_what_is_beyond_stands_at_its_end() -> None:
    scale = seconds_scale(40)
    assert (scale.share(0), scale.share(20), scale.share(900)) == (0, 0.5, 1)


def test_moments_lie_within_their_day() -> None:
    days = DaysScale(PERIOD, 0, 300)
    assert days.middle(0) == 5
    assert days.place(PERIOD.begin + timedelta(days=2, hours=12)) == 25
    assert days.place(PERIOD.end) == 300


def test_a_day_of_25_hours_is_no_wider() -> None:
    days = DaysScale(LONG_DAY, 0, 30)
    assert days.width == 10
    places = [days.place(LONG_DAY.begin + timedelta(hours=n)) for n in range(63)]
    assert places[24] == 10 and places[49] == 20
    assert max(places) <= 30


def test_named_days_have_room_and_the_last_is_one_of_them() -> None:
    days = DaysScale(PERIOD, 44, 730)
    labels = days.labels(90)
    assert labels[0][1] == "31 Oct" and labels[-1] == (29, "29 Nov")
    places = [days.middle(n) for n, _ in labels]
    assert all(after - before >= 90 for before, after in zip(places, places[1:], strict=False))


def test_an_unfinished_day_says_so() -> None:
    assert last_day_text(LONG_DAY) == "26 Oct so far"
    assert last_day_text(PERIOD) == "29 Nov"
