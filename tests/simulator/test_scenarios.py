"""Every scenario through its whole life."""

import math
from datetime import timedelta
from itertools import pairwise

import pytest

from dashboard.simulator.api import state_of
from dashboard.simulator.ids import Ticket
from dashboard.simulator.scenarios import SCENARIOS
from dashboard.simulator.timeline import LIVE, SILENCE, State
from tests.simulator.conftest import NOON

NINE = {*LIVE, "success", "failed", "timeout", "cancelled"}
SEEDS = (0, 1, 6, 11)
HOUR = 3600.0
INSTANTS = [n / 2 for n in range(2 * 60)] + [60 + 5 * n for n in range(80)] + [SILENCE * 3]
ORDER = {word: n for n, word in enumerate(LIVE)}


def at(name: str, seconds: float, seed: int = 0, speed: float = 1.0) -> State:
    ticket = Ticket(SCENARIOS[name], NOON, seed)
    return state_of(ticket, NOON + timedelta(seconds=seconds), speed)


def life(name: str, seed: int = 0) -> list[State]:
    return [at(name, seconds, seed) for seconds in INSTANTS]


def words(name: str, seed: int = 0) -> list[str]:
    """The statuses of a life, each once, in order."""
    found: list[str] = []
    for state in life(name, seed):
        if not found or found[-1] != state.status:
            found.append(state.status)
    return found


@pytest.mark.parametrize("name", sorted(SCENARIOS))
@pytest.mark.parametrize("seed", SEEDS)
def test_a_life_goes_forward(name: str, seed: int) -> None:
    states = life(name, seed)
    for earlier, later in pairwise(states):
        assert later.updated >= earlier.updated
        assert later.created == earlier.created
        assert later.progress >= earlier.progress
        assert set(earlier.reports) <= set(later.reports)
        for stamp in ("queued", "started", "ended"):
            was, now = getattr(earlier, stamp), getattr(later, stamp)
            assert was is None or now == was or name == "retried"
        if earlier.status in ORDER and later.status in ORDER:
            assert ORDER[later.status] >= ORDER[earlier.status]
        if earlier.status not in ORDER and name != "stale":
            assert later.status == earlier.status


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_no_stamp_lies_in_the_future(name: str) -> None:
    for seconds in INSTANTS:
        state = at(name, seconds)
        stamps = [state.queued, state.started, state.ended, *(r.at for r in state.reports)]
        assert all(stamp <= seconds for stamp in stamps if stamp is not None)
        assert state.updated <= max(seconds, state.created)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_the_same_moment_is_the_same_state(name: str) -> None:
    backwards = [at(name, seconds) for seconds in reversed(INSTANTS)]
    assert life(name) == backwards[::-1]


@pytest.mark.parametrize("speed", [0.5, 4.0, 50.0])
@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_speed_divides_every_duration(name: str, speed: float) -> None:
    for seconds in (0.0, 3.0, 12.0, 45.0, 200.0, 500.0):
        slow, fast = at(name, seconds), at(name, seconds / speed, speed=speed)
        assert (slow.status, slow.progress) == (fast.status, fast.progress)
        assert len(slow.reports) == len(fast.reports)
        for stamp in ("created", "updated", "queued", "started", "ended"):
            was, now = getattr(slow, stamp), getattr(fast, stamp)
            assert (was is None) == (now is None)
            assert was is None or math.isclose(now, was / speed)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_only_one_scenario_uses_a_word_of_its_own(name: str) -> None:
    strange = {state.status for seed in SEEDS for state in life(name, seed)} - NINE
    assert strange == ({"paused"} if name == "unknown-word" else set())


def test_a_warm_run_boots_quickly_and_succeeds() -> None:
    end = at("warm", 60)
    assert words("warm")[0] == "not-started"
    assert words("warm")[-1] == "success"
    assert end.started is not None and end.queued is not None
    assert end.started - end.queued < 5
    assert len(end.reports) >= 1


def test_a_cold_run_boots_for_40_seconds() -> None:
    end = at("cold", 120)
    assert end.started is not None and end.queued is not None
    assert end.started - end.queued == pytest.approx(40, abs=0.5)
    assert at("cold", 30).status == "queued"


def test_some_runs_wait_for_minutes_and_boot_at_once() -> None:
    end = at("queue", 400)
    assert end.started is not None and end.queued is not None
    assert end.queued > 120
    assert end.started - end.queued < 2


def test_a_line_of_three_gets_shorter() -> None:
    positions = [at("ahead", seconds).queue_position for seconds in range(60)]
    assert [n for n, _ in pairwise([*positions, None]) if n is not None][0] == 3
    seen = list(dict.fromkeys(positions))
    assert seen[:4] == [3, 2, 1, 0]
    assert at("ahead", 120).queue_position is None


def test_a_failure_midway_keeps_what_was_saved_and_says_nothing_of_the_error() -> None:
    end = at("fail-midway", 120)
    assert (end.status, end.ended is None) == ("failed", False)
    assert end.progress < 0.9
    assert end.reports
    assert all(item.key == "images" for report in end.reports for item in report.items)


def test_a_failure_at_dispatch_leaves_nothing_but_the_word() -> None:
    end = at("fail-dispatch", 60)
    assert end.status == "failed"
    assert (end.queued, end.started, end.ended, end.reports) == (None, None, None, ())
    assert end.updated == end.created
    assert not end.details.spawned


def test_cancelled_before_and_after_the_start() -> None:
    early, late = at("cancel-early", 60), at("cancel-running", 60)
    assert (early.status, late.status) == ("cancelled", "cancelled")
    assert early.queued is None and early.ended is not None
    assert late.started is not None and late.ended is not None
    assert 0 < late.progress < 1


def test_a_timeout_comes_after_the_machine_s_limit() -> None:
    end = at("timeout", 400)
    assert end.status == "timeout"
    assert end.ended is not None and end.started is not None
    assert end.ended - end.started == pytest.approx(299.5, abs=0.2)
    assert at("timeout", 290).status == "running"


def test_a_silent_run_times_out_after_a_day_and_comes_back() -> None:
    assert at("stale", 20 * HOUR).status == "running"
    silent = at("stale", 26 * HOUR)
    assert (silent.status, silent.ended) == ("timeout", None)
    assert at("stale", 30 * HOUR + 140).status == "running"
    back = at("stale", 31 * HOUR)
    assert (back.status, back.ended is None) == ("success", False)
    assert back.reports


def test_a_silent_run_with_an_odd_seed_stays_away() -> None:
    gone = at("stale", 60 * HOUR, seed=1)
    assert (gone.status, gone.ended) == ("timeout", None)


def test_a_late_output_appears_12_seconds_after_success() -> None:
    ended = at("late", 120).ended
    assert ended is not None
    assert [len(at("late", ended + late).reports) for late in (0.1, 11.9, 12.1)] == [1, 1, 2]
    assert at("late", ended + 20).updated == ended


def test_400_images_arrive_in_four_parts() -> None:
    counts = [sum(len(report.items) for report in state.reports) for state in life("many")]
    assert sorted(set(counts)) == [0, 100, 200, 300, 400]


def test_every_kind_of_output_is_made() -> None:
    items = [item for report in at("kinds", 60).reports for item in report.items]
    endings = {item.name.rpartition(".")[2] for item in items if item.name}
    assert endings >= {"png", "jpg", "webp", "gif", "svg", "mp4", "mp3", "wav", "glb", "txt", "zip"}
    assert {item.key for item in items} >= {"images", "files", "gifs", "audio", "mesh", "text"}
    assert {type(item.value) for item in items} >= {str, bool}


def test_machines_that_report_less() -> None:
    runpod, workspace = at("runpod", 60), at("workspace", 60)
    assert (runpod.queued, runpod.started, runpod.details.gpu) == (None, None, None)
    assert words("runpod")[:2] == ["not-started", "running"]
    assert workspace.queued is not None and workspace.started is not None
    assert workspace.started - workspace.queued < 1e-4


def test_a_second_container_moves_the_start_past_the_end() -> None:
    end = at("retried", 120)
    assert end.status == "success"
    assert end.started is not None and end.ended is not None
    assert end.started > end.ended


def test_hostile_strings_stand_where_users_write() -> None:
    end = at("unicode", 60)
    assert "<script>" in str(end.live_status)
    assert "🏝️" in end.details.inputs["prompt"]
    names = [item.name for report in end.reports for item in report.items]
    assert any("\u202e" in name for name in names)
    assert any("onerror" in name for name in names)
