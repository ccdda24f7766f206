"""The bands of earlier runs, and the kind of start to compare with."""

from dashboard.domain.run.usual import PastRun, current_start_kind, usual_of
from tests.timed_run import live, past, seen, usual


def test_a_band_needs_five_runs() -> None:
    assert usual(past(4)).run is None and usual(past(4)).size == 4
    assert usual(past(5)).run is not None


def test_bands_are_quantiles() -> None:
    band = usual(past(21)).run
    assert band and (band.p25, band.p50, band.p90, band.size) == (50.0, 60.0, 76.0, 21)


def test_a_run_is_not_compared_with_itself_and_failures_lend_their_start_alone() -> None:
    rows = [*past(5), PastRun(99, False, 1.0, 6.0, 400.0, 407.0)]
    found = usual_of(rows, start_kind="cold", gpu=None, without=0)
    assert found.size == 5 and found.run is None
    assert found.cold_start and found.cold_start.size == 5


def test_a_start_past_the_limit_is_cold_before_it_ends() -> None:
    assert current_start_kind(live("queued"), seen(3), 5) is None
    assert current_start_kind(live("queued"), seen(9), 5) == "cold"
    assert current_start_kind(live("running"), seen(), 5) == "cold"
    assert current_start_kind(live("not-started"), seen(90), 5) is None
