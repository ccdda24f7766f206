"""Starts in bars of one second."""

from dashboard.domain.insights.start_histogram import StartHistogram, start_histogram
from dashboard.domain.insights.starts import starts_of
from tests.domain.insights.histories import cold_run, insight_run


def histogram(warm: list[float], cold: list[float]) -> StartHistogram:
    runs = [*(insight_run(cold_start=one) for one in warm), *map(cold_run, cold)]
    return start_histogram(starts_of(runs))


def test_a_bar_begins_with_its_second_and_the_last_has_no_end() -> None:
    found = histogram([0.0, 0.999, 1.0], [58.999, 59.0, 60.0, 4_000.0])
    assert found.warm == (2, 1, *[0] * 58)
    assert found.cold == (*[0] * 58, 1, 3)


def test_two_groups_are_apart_where_a_gap_is_between() -> None:
    warm, cold = [1 + n / 20 for n in range(40)], [16.0 + n for n in range(40)]
    assert histogram(warm, cold).apart
    assert not histogram([n / 8 for n in range(40)], [5.1 + n / 2 for n in range(40)]).apart
    assert not histogram(warm[:19], cold).apart
    assert not histogram(warm, cold[:19]).apart
