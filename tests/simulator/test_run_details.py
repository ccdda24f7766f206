"""The older list of runs agrees with GET run, and has what that leaves out."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from dashboard.domain.logs.causes import Cause, cause_in
from dashboard.domain.logs.run_log import read_error
from dashboard.domain.run.facts import RunError
from dashboard.simulator import Simulator
from dashboard.simulator.ids import decode
from dashboard.simulator.scenarios import SCENARIOS
from dashboard.simulator.timeline import Plan
from dashboard.simulator.workflows import WORKFLOWS
from dashboard.upstream.directory import read_log
from dashboard.upstream.run_details import RunDetail, read_details
from tests.builders import NOON
from tests.conftest import SAMPLES
from tests.simulator.test_machines import KEY, Clock, asked

WORKFLOW = WORKFLOWS[0].id
PATH = f"/workflow/{WORKFLOW}/runs"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def quiet(clock: Clock) -> Simulator:
    return Simulator(clock=clock, quiet=True)


def body(simulator: Simulator, query: str = "") -> bytes:
    return simulator.answer("GET", f"/api{PATH}{query}", KEY).body


def finished(simulator: Simulator, clock: Clock, scenario: str, seed: int) -> tuple[Any, Any]:
    """A run after its end: its row, and what GET run tells of it."""
    run_id = simulator.start_run(scenario, seed=seed)
    clock.now += timedelta(hours=40)
    run = asked(simulator, f"/run/{run_id}")
    rows = asked(simulator, f"/workflow/{run['workflow_id']}/runs")
    return next(row for row in rows if row["id"] == run["id"]), run


def plan_of(run: Any) -> Plan:
    ticket = decode(UUID(run["id"]))
    assert ticket
    return ticket.scenario.timetable(ticket.seed)


def detail(row: Any) -> RunDetail:
    (found,) = read_details(json.dumps([row]).encode())
    return found


def test_rows_have_the_fields_of_a_captured_one(quiet: Simulator, clock: Clock) -> None:
    row, _ = finished(quiet, clock, "warm", 0)
    captured = json.loads((SAMPLES / "nodes" / "v1-runs.json").read_text())[0]
    assert set(row) == set(captured)
    for output in row["outputs"]:
        assert set(output) == set(captured["outputs"][0])


@pytest.mark.parametrize("scenario", sorted(set(SCENARIOS) - {"foreign"}))
@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("speed", [1.0, 7.0])
def test_every_run_that_reached_a_node_has_node_times(
    clock: Clock, scenario: str, seed: int, speed: float
) -> None:
    simulator = Simulator(clock=clock, quiet=True, speed=speed)
    row, run = finished(simulator, clock, scenario, seed)
    plan = plan_of(run)
    found = detail(row)
    assert bool(found.nodes) == (bool(plan.steps) and plan.ended is not None)
    assert found.report.left_out == 0
    assert (found.status, row["live_status"]) == (run["status"], run["live_status"])
    if found.nodes and plan.ended:
        work = (plan.uploading or plan.ended) - plan.steps[0].at
        assert sum(node.seconds for node in found.nodes) == pytest.approx(work / speed, abs=1e-4)


@pytest.mark.parametrize("scenario", ["warm", "cold", "fail-midway", "cancel-running", "timeout"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_node_times_are_the_run_without_its_loading(
    quiet: Simulator, clock: Clock, scenario: str, seed: int
) -> None:
    run_id = quiet.start_run(scenario, seed=seed)
    loaded = None
    while loaded is None:
        clock.now += timedelta(milliseconds=50)
        run = asked(quiet, f"/run/{run_id}")
        loaded = clock.now if run["live_status"] else None
        assert not detail(asked(quiet, f"/workflow/{run['workflow_id']}/runs")[0]).nodes
    clock.now += timedelta(minutes=20)
    run = asked(quiet, f"/run/{run_id}")
    found = detail(asked(quiet, f"/workflow/{run['workflow_id']}/runs")[0])
    work = (found.ended_at - loaded).total_seconds() if found.ended_at else 0.0
    assert sum(node.seconds for node in found.nodes) == pytest.approx(work, abs=0.06)
    assert sum(node.seconds for node in found.nodes) < run["run_duration"]


def test_what_is_posted_has_the_time_of_the_end(quiet: Simulator, clock: Clock) -> None:
    row, _ = finished(quiet, clock, "fail-midway", 0)
    posted = [output for output in row["outputs"] if output["node_meta"] is None]
    assert [output["created_at"] for output in posted] == [row["ended_at"]] * 2


def test_outputs_of_get_run_are_among_them_in_any_order(quiet: Simulator, clock: Clock) -> None:
    orders = set()
    for seed in range(6):
        row, run = finished(quiet, clock, "kinds", seed)
        shown = {output["id"]: output["data"] for output in run["outputs"]}
        told = {output["id"]: output["data"] for output in row["outputs"]}
        assert set(shown) < set(told)
        orders.add([output["id"] in shown for output in row["outputs"]].index(False))
    assert len(orders) > 1


@pytest.mark.parametrize("scenario", sorted(set(SCENARIOS) - {"foreign"}))
def test_only_failed_runs_of_a_machine_have_an_error(
    quiet: Simulator, clock: Clock, scenario: str
) -> None:
    row, run = finished(quiet, clock, scenario, 0)
    failed = run["status"] == "failed" and run["started_at"] is not None
    assert bool(detail(row).error) == failed


@pytest.mark.parametrize("seed", range(4))
def test_the_error_of_a_node_names_the_last_one_reached(
    quiet: Simulator, clock: Clock, seed: int
) -> None:
    row, run = finished(quiet, clock, "fail-midway", seed)
    error = detail(row).error
    assert error and error.node_id
    assert error.node_type == run["live_status"].removeprefix("Executing ")
    assert row["workflow_api"][error.node_id]["class_type"] == error.node_type
    logged = log_error(quiet, run["id"])
    assert logged and logged.exception_type == error.exception_type
    assert error.message.strip() in logged.message


def test_a_refused_prompt_is_told_as_the_log_tells_it(quiet: Simulator, clock: Clock) -> None:
    row, run = finished(quiet, clock, "fail-early", 0)
    error, logged = detail(row).error, log_error(quiet, run["id"])
    assert error and logged
    assert (error.node_id, error.node_type) == (logged.node_id, logged.node_type)
    assert (error.message, error.exception_type) == (logged.message, logged.exception_type)
    assert cause_in(error.message, error.exception_type or "") == Cause.MISSING_MODEL
    assert error.node_id and row["workflow_api"][error.node_id]["class_type"] == error.node_type
    assert (run["gpu_event_id"], run["live_status"]) == (None, None)


def test_an_exception_before_the_prompt_is_told_with_its_stack(
    quiet: Simulator, clock: Clock
) -> None:
    row, _ = finished(quiet, clock, "fail-early", 1)
    error = detail(row).error
    assert error and (error.exception_type, error.node_id) == ("KeyError", None)
    assert error.traceback and error.traceback.startswith("Traceback")


def log_error(simulator: Simulator, run_id: str) -> RunError | None:
    body = simulator.answer("GET", f"/api/v2/clickhouse-run-logs/{run_id}", KEY).body
    found = read_error(read_log(body))
    return found.error if found else None


def test_pages_and_others_workflows(quiet: Simulator, clock: Clock) -> None:
    ids = quiet.add_history(0, 30)
    first, second = (read_details(body(quiet, f"?limit=20&offset={at}")) for at in (0, 20))
    assert [one.id for one in (*first, *second)] == ids
    assert asked(quiet, "/workflow/5b2f84a8-4daf-47da-b9ec-d7ef160e3103/runs") == []


def test_strangers_runs_are_not_in_it(quiet: Simulator) -> None:
    quiet.start_run("warm", foreign=True)
    assert json.loads(body(quiet)) == []


def test_it_names_the_container_as_get_run_does() -> None:
    simulator = Simulator(clock=lambda: NOON)
    rows: list[dict[str, Any]] = json.loads(body(simulator, "?limit=10"))
    assert rows
    for row in rows:
        assert row["gpu_event_id"] == asked(simulator, f"/run/{row['id']}")["gpu_event_id"]
