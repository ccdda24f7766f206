"""Shares and whole percents."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.run.progress import percent, read_progress


def as_float32(value: float) -> float:
    return struct.unpack("f", struct.pack("f", value))[0]


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (None, None),
        (float("nan"), None),
        (float("inf"), None),
        (-3.0, 0.0),
        (0.0, 0.0),
        (0.43, 0.43),
        (1.0, 1.0),
        (1.5, 1.0),
        (1.999, 1.0),
        (2.0, 0.02),
        (62.0, 0.62),
        (100.0, 1.0),
        (100.1, 1.0),
        (1e300, 1.0),
    ],
)
def test_progress_is_a_share_or_unknown(sent: float | None, read: float | None) -> None:
    assert read_progress(sent, "running") == read


@pytest.mark.parametrize("sent", [None, 0.0, 0.92, float("nan")])
def test_a_success_is_complete_whatever_is_reported(sent: float | None) -> None:
    assert read_progress(sent, "success") == 1.0


@pytest.mark.parametrize("status", ["failed", "cancelled", "timeout"])
def test_other_ends_keep_the_last_value(status: str) -> None:
    assert read_progress(0.78, status) == 0.78


@pytest.mark.parametrize("hundredths", range(101))
def test_what_upstream_sends_reads_as_the_percent_it_meant(hundredths: int) -> None:
    assert percent(as_float32(hundredths / 100)) == hundredths
    assert percent(hundredths / 100) == hundredths


@pytest.mark.parametrize(
    ("progress", "shown"), [(0.996, 99), (0.99999999, 99), (0.999, 99), (0.009, 0), (1.0, 100)]
)
def test_percents_are_rounded_down(progress: float, shown: int) -> None:
    assert percent(progress) == shown


@given(st.floats())
def test_any_number_gives_a_share_and_only_a_whole_one_gives_100(value: float) -> None:
    progress = read_progress(value, "running")
    if progress is not None:
        assert 0 <= progress <= 1
        assert 0 <= percent(progress) <= 100
        assert (percent(progress) == 100) == (progress == 1)
