"""The table of an ended run's phases, with what is usual in its rows."""

from dataclasses import replace

from dashboard.domain.run.facts import Phase, RunFacts
from dashboard.presentation.run.comparison import compare_with_usual
from dashboard.presentation.run.phase_rows import phase_rows
from dashboard.presentation.run.phase_table import NOT_SPLIT, PhaseTable, phase_table
from tests.timed_run import done, past, seen, usual


def drawn(run: RunFacts, earlier: int = 23) -> PhaseTable:
    comparison = compare_with_usual(run, seen(), usual(past(earlier)) if earlier else usual([]))
    return phase_table(phase_rows(run, seen()), comparison)


def test_each_phase_has_its_strip_rank_and_median() -> None:
    table = drawn(done(queue=1.4, cold=7.0, run=600.0))
    assert [line.row.label for line in table.lines] == ["Queue", "Cold start", "Run", "Total"]
    assert table.caption == "Against 23 cold starts on A10G"
    run = table.lines[2].strip
    assert run and run.rank == "slower than all" and run.median.startswith("median ")
    assert table.shares and table.foot.startswith("Band p25 to p90")


def test_what_it_leaves_out_is_told_in_the_fold() -> None:
    table = drawn(done())
    meant = [row.name for row in table.meanings]
    assert Phase.BEFORE_RUN in meant and Phase.BEFORE_RUN not in [x.row.name for x in table.lines]
    assert table.fields.split(", ")[1:] == [
        *("cold_start_duration", "cold_start_duration_total", "run_duration", "duration"),
    ]


def test_a_phase_that_did_not_finish_has_words_and_no_strip() -> None:
    table = drawn(done(cold=7.0, status="failed"))
    assert [bool(line.strip) for line in table.lines] == [True, True, False, False]
    assert table.lines[2].note == "Didn't finish, not compared"


def test_under_five_runs_nothing_is_compared_and_the_foot_says_so() -> None:
    table = drawn(done(), earlier=4)
    assert not any(line.strip or line.note for line in table.lines)
    assert table.foot == "Too few runs to compare (4 so far)"
    assert drawn(done(), earlier=0).foot == ""


def test_without_the_stamp_between_them_queue_and_start_are_one_row() -> None:
    run = replace(done(), queue_wait=None, cold_start=None, queued_at=None)
    table = drawn(run)
    assert [line.row.label for line in table.lines] == ["Queue and start", "Run", "Total"]
    assert table.lines[0].note == NOT_SPLIT and table.lines[0].row.shown == "32.6\u202fs"
