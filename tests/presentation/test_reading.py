"""How far the reading of past runs has come, in words."""

import pytest

from dashboard.presentation import reading

THIN = "\u202f"


@pytest.mark.parametrize(
    ("read", "of", "days", "listing", "stopped", "told"),
    [
        (214, 600, 7, False, False, "Reading the last 7 days: 214 of 600 runs"),
        (214, 600, 7, True, False, "Reading the last 7 days: 214 of 600 runs listed so far"),
        (0, 0, 7, True, False, "Reading the last 7 days"),
        (1, 1, 1, False, False, "Reading the last day: 1 of 1 run"),
        (1234, 5678, 30, True, True, "Stopped reading the last 30 days: 1,234 of 5,678 runs"),
    ],
)
def test_progress(read: int, of: int, days: int, listing: bool, stopped: bool, told: str) -> None:
    assert reading.reading_text(read, of, days, listing=listing, stopped=stopped) == told


def test_the_listing_is_told_until_it_ends() -> None:
    assert reading.listing_text(7, 12) == "Listing… 7 of 12 workflows"
    assert reading.listing_text(0, 1) == "Listing… 0 of 1 workflow"
    assert reading.listing_text(12, 12) == ""


@pytest.mark.parametrize(
    ("read", "seconds", "told"),
    [
        (19, 180.0, ""),
        (20, None, ""),
        (20, 180.0, f"about 3{THIN}min left"),
        (20, 121.0, f"about 3{THIN}min left"),
        (500, 31.0, f"about 40{THIN}s left"),
        (500, 0.0, f"about 10{THIN}s left"),
        (500, 55.0, f"about 1{THIN}min left"),
        (500, 7300.0, f"about 2{THIN}h left"),
    ],
)
def test_the_time_left(read: int, seconds: float | None, told: str) -> None:
    assert reading.left_text(read, seconds) == told


@pytest.mark.parametrize(("read", "of"), [(0, 0), (0, 5), (1, 3), (999, 1000), (5, 5), (7, 5)])
def test_a_full_bar_means_all(read: int, of: int) -> None:
    percent = reading.share(read, of)
    assert 0 <= percent <= 100
    assert (percent == 100) == (of > 0 and read >= of)
