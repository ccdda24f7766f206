"""The comparison with usual: one row a phase, its scale, its place and its sample."""

from dataclasses import replace

from dashboard.presentation.run.comparison import compare_with_usual
from tests.timed_run import done, live, past, seen, usual


def test_strips_place_each_phase_and_state_their_scale() -> None:
    drawn = compare_with_usual(done(queue=1.4, cold=7.0, run=60.0), seen(), usual())
    assert drawn and [row.label for row in drawn.rows] == ["Queue", "Cold start", "Run", "Total"]
    assert drawn.caption == "vs 23 cold starts on A10G (p25–p90)"
    run = drawn.rows[2]
    assert run.dot and run.place == "As usual" and run.scale == "2\u202fm"


def test_a_failed_run_is_compared_up_to_its_start() -> None:
    drawn = compare_with_usual(done(cold=7.0, status="failed"), seen(), usual())
    assert drawn and drawn.rows[1].dot
    assert drawn.rows[2].dot is None and drawn.rows[2].place == "Didn't finish, not compared"


def test_a_finished_run_whose_time_is_not_known_is_not_called_unfinished() -> None:
    drawn = compare_with_usual(replace(done(cold=7.0), run=None), seen(), usual())
    assert drawn and drawn.rows[2].place == "Time unknown, not compared"


def test_a_row_from_fewer_runs_than_the_caption_says_how_many() -> None:
    mixed = [replace(row, done=row.pk % 3 > 0) for row in past()]
    well = sum(row.done for row in mixed)
    drawn = compare_with_usual(done(queue=1.4, cold=7.0, run=60.0), seen(), usual(mixed))
    assert drawn and drawn.caption.startswith("vs 23 ")
    queue, cold, run, total = drawn.rows
    for row in (run, total):
        assert row.usually.endswith(f" ({well} runs)"), row
        assert row.name.count(f"({well} runs)") == 1 and "23" not in row.name
    for row in (queue, cold):
        assert " runs" not in row.usually and row.name.endswith(" (23 runs).")


def test_a_growing_phase_has_no_dot() -> None:
    drawn = compare_with_usual(live("running"), seen(), usual())
    assert drawn and [bool(row.dot) for row in drawn.rows] == [True, True, False, False]
    assert drawn.rows[2].place == "In progress"


def test_too_few_runs_are_counted_and_none_say_nothing() -> None:
    few = compare_with_usual(done(), seen(), usual(past(4)))
    assert few and few.few == "Too few runs to compare (4 so far)" and not few.rows
    assert compare_with_usual(done(), seen(), usual([])) is None
