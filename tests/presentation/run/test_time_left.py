"""What earlier runs say of a live one: its place among them, the time left, a stuck start."""

from dataclasses import replace

import pytest

from dashboard.domain.run.usual import Band
from dashboard.presentation.run.phase_bar import PhaseBar, draw_bar
from dashboard.presentation.run.time_left import range_text, rank_text, time_left
from tests.timed_run import done, live, lost, seen, usual


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "Faster than all 23 runs"),
        (43, "Faster than 91\u202f% of 23 runs"),
        (60, "As usual"),
        (79, "Slower than 86\u202f% of 23 runs"),
        (900, "Slower than all 23 runs"),
    ],
)
def test_a_place_is_told_in_words(seconds: float, said: str) -> None:
    band = usual().run
    assert band and rank_text(seconds, band) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (22.5, 33.0, "About 20–35\u202fs left"),
        (0.2, 12.0, "Up to about 15\u202fs left"),
        (-8.0, 0.1, "Up to about 5\u202fs left"),
        (61.0, 118.0, "About 1\u202fm\u00a000\u202fs to 2\u202fm\u00a000\u202fs left"),
    ],
)
def test_time_left_is_a_range_in_steps_of_five_that_never_is_zero(
    low: float, high: float, said: str
) -> None:
    assert range_text(low, high) == said


def test_a_running_run_has_a_range_and_its_sample() -> None:
    found = time_left(live("running"), seen(48.7), usual())
    assert found and found.text == "About 20–40\u202fs left (23 runs)"
    assert found.likely == (62.0, pytest.approx(79.6))


def test_past_nine_in_ten_nothing_is_counted_down() -> None:
    found = time_left(live("running"), seen(8.7 + 90), usual())
    assert found and found.over and found.likely is None
    assert found.text == "Slower than 90\u202f% of 23 runs"


def test_nothing_is_estimated_for_a_run_that_we_do_not_see() -> None:
    assert time_left(live("running"), lost(), usual()) is None
    assert time_left(done(), seen(), usual()) is None
    assert time_left(live("running"), seen(), None) is None


def test_a_start_that_is_stuck_is_named() -> None:
    found = time_left(live("queued"), seen(0.9 + 190), usual())
    assert found and found.stuck
    assert (
        found.text == "Starting for over 3\u202fm\u00a010\u202fs, longer than all 23 runs on A10G"
    )


def test_a_range_from_both_kinds_of_start_says_so() -> None:
    found = time_left(live("running"), seen(48.7), usual(kind=None))
    assert found and found.text == "About 20–40\u202fs left (23 cold and warm starts)"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1.1, 39.4, "1–39\u202fs"),
        (0.2, 39.4, "0–39\u202fs"),
        (0.2, 0.9, "under 1\u202fs"),
        (11.9, 12.3, "12\u202fs"),
        (40.0, 66.0, "40\u202fs to 1\u202fm\u00a006\u202fs"),
        (0.3, 66.0, "up to 1\u202fm\u00a006\u202fs"),
    ],
)
def test_a_usual_wait_is_a_range_in_whole_seconds(low: float, high: float, said: str) -> None:
    past = replace(usual(), queue_wait=Band((low, high), low, low, high))
    found = time_left(live("not-started"), seen(0.1), past)
    assert found and found.text == f"Usually queued {said} (2 runs)"
    assert found.brief == f"usually queued {said}"


def test_the_likely_end_is_drawn_on_a_scale_that_holds_it() -> None:
    visibility = seen(48.7)
    bar = draw_bar(live("running"), visibility, time_left(live("running"), visibility, usual()))
    assert isinstance(bar, PhaseBar) and bar.zone
    assert bar.scale == 120.0 and bar.zone.label == "likely end"
    assert bar.zone.x == "58.917%"  # 8.7 s of start and a run of 62 s
    late = seen(8.7 + 90)
    over = draw_bar(live("running"), late, time_left(live("running"), late, usual()))
    assert isinstance(over, PhaseBar) and over.zone
    assert (over.zone.label, over.zone.width) == ("slower than 90\u202f%", "0.000%")


@pytest.mark.parametrize("status", ["not-started", "queued", "running"])
def test_the_likely_end_moves_on_with_a_late_start(status: str) -> None:
    """What is to come after the phase lies before the end, however long the phase has taken."""
    past = usual()
    rest = {"not-started": past.from_queued, "queued": past.run}.get(status)
    begun = {"not-started": 0.0, "queued": 0.9, "running": 8.7}[status]
    for seconds in (0, 5, 30, 60, 90, 190, 1000):
        found = time_left(live(status), seen(begun + seconds), past)
        assert found
        if rest:
            assert found.likely
            assert found.likely[0] >= seconds + rest.p50 - 1e-6
            assert found.likely[1] >= seconds + rest.p90 - 1e-6
