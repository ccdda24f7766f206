"""The older list of runs agrees with GET run, and has what that leaves out."""

import json
from datetime import timedelta
from typing import Any

import pytest

from dashboard.simulator import Simulator
from dashboard.simulator.workflows import WORKFLOWS
from dashboard.upstream.run_details import read_details
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


def test_rows_have_the_fields_of_a_captured_one(quiet: Simulator) -> None:
    quiet.start_run("warm")
    captured = json.loads((SAMPLES / "nodes" / "v1-runs.json").read_text())[0]
    (row,) = json.loads(body(quiet))
    assert set(captured) - set(row) <= {"model_id", "is_realtime", "webhook"}
    assert set(row["outputs"][0] if row["outputs"] else captured["outputs"][0]) >= {"data", "id"}


@pytest.mark.parametrize("scenario", ["warm", "cold", "fail-midway", "cancel-running", "timeout"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_node_times_are_the_run_without_its_edges(
    quiet: Simulator, clock: Clock, scenario: str, seed: int
) -> None:
    run_id = quiet.start_run(scenario, seed=seed)
    assert not read_details(body(quiet))[0].nodes
    clock.now += timedelta(minutes=20)
    (found,) = read_details(body(quiet))
    run = asked(quiet, f"/run/{run_id}")
    total = sum(node.seconds for node in found.nodes)
    assert 0.5 * run["run_duration"] < total <= run["run_duration"]
    assert bool(found.error) == (scenario == "fail-midway")
    if found.error:
        assert found.error.node_type == run["live_status"].removeprefix("Executing ")


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
