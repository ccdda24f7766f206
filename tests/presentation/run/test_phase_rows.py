"""The five times of a run as rows of a table."""

from dataclasses import replace

import pytest

from dashboard.domain.run.facts import PHASES, RunFacts
from dashboard.domain.run.visibility import Visibility
from dashboard.presentation.format import THIN
from dashboard.presentation.run.phase_rows import PhaseRow, phase_rows
from tests.timed_run import CREATED, at, bare, done, live, lost, seen


def rows(run: RunFacts, visibility: Visibility | None = None) -> dict[str, PhaseRow]:
    return {row.name: row for row in phase_rows(run, visibility or seen())}


def shown(run: RunFacts, visibility: Visibility | None = None) -> list[str]:
    return [row.shown.replace(THIN, " ") for row in phase_rows(run, visibility or seen())]


def test_the_five_rows_stand_in_their_order() -> None:
    assert [row.name for row in phase_rows(done(), seen())] == list(PHASES)
    assert shown(done()) == ["1.4 s", "31.2 s", "32.6 s", "12.3 s", "44.9 s"]


def test_each_row_names_its_field_and_what_it_is() -> None:
    found = rows(done())
    assert found["cold_start"].field == "cold_start_duration"
    assert found["total"].field == "duration"
    assert all(row.sentence.endswith(".") for row in found.values())


def test_shares_add_up_and_agree_with_the_headline() -> None:
    shares = {row.name: row.share for row in phase_rows(done(), seen())}
    assert shares == {
        "queue_wait": 3,
        "cold_start": 69,
        "before_run": 72,
        "run": 28,
        "total": 100,
    }


def test_no_share_without_every_phase() -> None:
    assert all(row.share is None for row in phase_rows(done(queue_wait=None), seen()))
    assert all(row.share is None for row in phase_rows(live(), seen()))


def test_the_moments_come_from_the_stamps() -> None:
    row = rows(done())["cold_start"]
    assert (row.begin, row.end) == (at(1.4), at(32.6))


def test_a_running_phase_grows_from_its_stamp() -> None:
    found = rows(live())
    assert found["run"].growing
    assert found["run"].since == at(8.7)
    assert found["run"].shown == f"39.5{THIN}s"
    assert found["total"].growing
    assert found["total"].since == CREATED
    assert not found["before_run"].growing
    assert found["before_run"].shown == f"8.7{THIN}s"


@pytest.mark.parametrize(
    ("status", "texts"),
    [
        ("not-started", ["12.0 s", "not yet", "12.0 s", "not yet", "12.0 s"]),
        ("queued", ["900 ms", "11.1 s", "12.0 s", "not yet", "12.0 s"]),
        ("started", ["900 ms", "7.8 s", "8.7 s", "3.3 s", "12.0 s"]),
    ],
)
def test_each_state_grows_its_own_phase(status: str, texts: list[str]) -> None:
    assert shown(live(status), seen(12.0)) == texts


def test_a_retry_grows_the_start_again_whatever_the_older_stamps_say() -> None:
    run = live("queued", queued_at=at(60), started_at=at(8.7), warnings=("negative-cold_start",))
    assert rows(run, seen(70))["cold_start"].shown == f"10.0{THIN}s"


def test_lost_sight_gives_a_lower_bound_and_stops_ticking() -> None:
    found = rows(live(), lost(164.0, since=43.9))
    assert found["run"].shown == f"≥{THIN}35.2{THIN}s"
    assert found["run"].at_least
    assert not found["run"].growing
    assert found["run"].since is None


def test_a_clock_ahead_of_ours_is_no_negative_time() -> None:
    assert rows(live("not-started"), seen(-5))["queue_wait"].shown == f"<{THIN}1{THIN}ms"


def test_running_without_stamps_grows_the_total_alone() -> None:
    run = live(queued_at=None, started_at=None, queue_wait=None, cold_start=None, before_run=None)
    assert shown(run) == ["not reported", "not reported", "not reported", "not yet", "48.2 s"]


def test_what_is_missing_is_named() -> None:
    assert set(shown(bare("success"))) == {"not reported"}
    warned = ("negative-run", "absurd-total")
    run = replace(done(), run=None, total=None, warnings=warned)
    assert rows(run)["run"].shown == "times out of order"
    assert rows(run)["total"].shown == "implausible"


def test_a_start_that_never_ended_says_how_long_it_was() -> None:
    run = bare("cancelled", queued_at=at(22.4), ended_at=at(41.3), queue_wait=22.4, total=41.3)
    assert shown(run) == [
        "22.4 s",
        "not finished: 18.9 s",
        "not finished",
        "not reached",
        "41.3 s",
    ]
    assert not rows(run)["cold_start"].known


def test_a_success_without_stamps_is_no_unfinished_start() -> None:
    run = bare("success", queued_at=at(1), ended_at=at(9), queue_wait=1.0, total=9.0)
    assert rows(run)["cold_start"].shown == "not reported"
