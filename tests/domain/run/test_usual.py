"""What earlier runs say of one: bands, places, time left, and when a start is stuck."""

from dataclasses import replace

import pytest

from dashboard.domain.run.usual import PastRun, Usual, current_start_kind, usual_of
from dashboard.presentation.run.comparison import compare_with_usual
from dashboard.presentation.run.phase_bar import PhaseBar, draw_bar
from dashboard.presentation.run.time_left import range_text, rank_text, time_left
from tests.timed_run import done, live, lost, seen


def past(count: int = 23, **values: float) -> list[PastRun]:
    """Runs whose times rise evenly: run 40 to 84 s, cold start 5 to 9.4 s, queue 0.5 s up."""
    return [
        PastRun(
            pk=n,
            done=True,
            **{
                "queue_wait": 0.5 + n / 10,
                "cold_start": 5 + n / 5,
                "run": 40.0 + 2 * n,
                "total": 50.0 + 2 * n,
                **values,
            },
        )
        for n in range(count)
    ]


def usual(rows: list[PastRun] | None = None, kind: str | None = "cold") -> Usual:
    return usual_of(past() if rows is None else rows, start_kind=kind, gpu="A10G")


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


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (1, "faster than all 23"),
        (43, "faster than 91\u202f%"),
        (60, "usual"),
        (79, "slower than 86\u202f%"),
        (900, "slower than all 23"),
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
    assert found and found.text == "About 20–40\u202fs left, from 23 runs."
    assert found.likely == (62.0, pytest.approx(79.6))


def test_past_nine_in_ten_nothing_is_counted_down() -> None:
    found = time_left(live("running"), seen(8.7 + 90), usual())
    assert found and found.over and found.likely is None
    assert found.text == "Longer than 9 in 10, from 23 runs."


def test_nothing_is_estimated_for_a_run_that_we_do_not_see() -> None:
    assert time_left(live("running"), lost(), usual()) is None
    assert time_left(done(), seen(), usual()) is None
    assert time_left(live("running"), seen(), None) is None


def test_a_start_that_is_stuck_is_named() -> None:
    found = time_left(live("queued"), seen(0.9 + 190), usual())
    assert found and found.stuck
    assert found.text == (
        "Starting for over 3\u202fm\u00a010\u202fs, "
        "longer than all 23 runs of this workflow on A10G."
    )


def test_a_wait_is_compared_with_both_kinds_of_start_and_says_so() -> None:
    found = time_left(live("not-started"), seen(0.8), usual(kind=None))
    assert found and found.text == (
        "Usually 1.1\u202fs to 2.5\u202fs in the queue, "
        "from 23 runs, cold and warm starts together."
    )


def test_a_start_past_the_limit_is_cold_before_it_ends() -> None:
    assert current_start_kind(live("queued"), seen(3), 5) is None
    assert current_start_kind(live("queued"), seen(9), 5) == "cold"
    assert current_start_kind(live("running"), seen(), 5) == "cold"
    assert current_start_kind(live("not-started"), seen(90), 5) is None


def test_the_likely_end_is_drawn_on_a_scale_that_holds_it() -> None:
    visibility = seen(48.7)
    bar = draw_bar(live("running"), visibility, time_left(live("running"), visibility, usual()))
    assert isinstance(bar, PhaseBar) and bar.zone
    assert bar.scale == 120.0 and bar.zone.label == "likely to end here"
    assert bar.zone.x == "58.917%"  # 8.7 s of start and a run of 62 s
    late = seen(8.7 + 90)
    over = draw_bar(live("running"), late, time_left(live("running"), late, usual()))
    assert isinstance(over, PhaseBar) and over.zone
    assert (over.zone.label, over.zone.width) == ("longer than 9 in 10", "0.000%")


def test_strips_place_each_phase_and_state_their_scale() -> None:
    drawn = compare_with_usual(done(queue=1.4, cold=7.0, run=60.0), seen(), usual())
    assert drawn and [row.label for row in drawn.rows] == ["Queue", "Cold start", "Run", "Total"]
    assert drawn.caption == "p25 to p90 of 23 runs of this workflow on A10G, started cold"
    run = drawn.rows[2]
    assert run.dot and run.place == "usual" and run.scale == "2\u202fm"


def test_a_failed_run_is_compared_up_to_its_start() -> None:
    drawn = compare_with_usual(done(cold=7.0, status="failed"), seen(), usual())
    assert drawn and drawn.rows[1].dot
    assert drawn.rows[2].dot is None and drawn.rows[2].place == "not compared: it did not finish"


def test_a_finished_run_whose_time_is_not_known_is_not_called_unfinished() -> None:
    drawn = compare_with_usual(replace(done(cold=7.0), run=None), seen(), usual())
    assert drawn and drawn.rows[2].place == "not compared: its time is not known"


def test_a_row_from_fewer_runs_than_the_caption_says_how_many() -> None:
    mixed = [replace(row, done=row.pk % 3 > 0) for row in past()]
    well = sum(row.done for row in mixed)
    drawn = compare_with_usual(done(queue=1.4, cold=7.0, run=60.0), seen(), usual(mixed))
    assert drawn and drawn.caption.startswith("p25 to p90 of 23 runs")
    queue, cold, run, total = drawn.rows
    for row in (run, total):
        assert row.usually.endswith(f", of {well} runs"), row
        assert row.name.count(f"of {well} runs") == 1 and "23" not in row.name
    for row in (queue, cold):
        assert " runs" not in row.usually and row.name.endswith(", of 23 runs.")


def test_a_growing_phase_has_no_dot() -> None:
    drawn = compare_with_usual(live("running"), seen(), usual())
    assert drawn and [bool(row.dot) for row in drawn.rows] == [True, True, False, False]
    assert drawn.rows[2].place == "under way"


def test_too_few_runs_are_counted_and_none_say_nothing() -> None:
    few = compare_with_usual(done(), seen(), usual(past(4)))
    assert few and few.few == "4 runs so far, too few to compare" and not few.rows
    assert compare_with_usual(done(), seen(), usual([])) is None
