"""What the simulator tells of machines agrees with what it tells of their runs."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from dashboard.simulator import Simulator
from dashboard.simulator.workflows import WORKFLOWS
from dashboard.upstream.machines import read_containers, read_prices
from tests.builders import NOON
from tests.conftest import SAMPLES

KEY = {"Authorization": "Bearer demo"}
MACHINE = WORKFLOWS[0].machine_id


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def quiet(clock: Clock) -> Simulator:
    return Simulator(clock=clock, quiet=True)


def asked(simulator: Simulator, path: str) -> Any:
    reply = simulator.answer("GET", f"/api{path}", KEY)
    return json.loads(reply.body) if reply.status == 200 else reply.status


def events(simulator: Simulator) -> list[dict[str, Any]]:
    return asked(simulator, f"/machine/{MACHINE}/events")


def test_rows_have_the_fields_of_a_captured_one(quiet: Simulator, clock: Clock) -> None:
    quiet.start_run("cold")
    clock.now += timedelta(minutes=10)
    captured = json.loads((SAMPLES / "machines" / "machine-events.json").read_text())
    (row,) = events(quiet)
    assert list(row) == list(captured[0])


def test_a_run_names_its_container_from_its_first_node_on(quiet: Simulator, clock: Clock) -> None:
    run_id = quiet.start_run("cold")
    told: list[tuple[str, bool]] = []
    for _ in range(80):
        answer = asked(quiet, f"/run/{run_id}")
        told.append((answer["status"], answer["gpu_event_id"] is not None))
        clock.now += timedelta(seconds=1)
    assert {named for status, named in told if status in ("not-started", "queued")} == {False}
    assert told[-1] == ("success", True)
    (row,) = events(quiet)
    assert row["id"] == asked(quiet, f"/run/{run_id}")["gpu_event_id"]
    assert row["end_time"] is None
    clock.now += timedelta(minutes=5)
    assert events(quiet)[0]["end_time"]


def test_every_demo_run_that_reached_a_node_fits_in_its_container() -> None:
    simulator = Simulator(clock=lambda: NOON)
    listed = {row["id"]: row for row in events(simulator)}
    checked = 0
    for row in asked(simulator, f"/v2/workflow/{WORKFLOWS[0].id}/runs"):
        run = asked(simulator, f"/run/{row['id']}")
        container = listed.get(run["gpu_event_id"])
        if run["machine_type"] != "comfy-deploy-serverless" or container is None:
            continue
        checked += 1
        started = datetime.fromisoformat(run["started_at"])
        assert datetime.fromisoformat(container["start_time"]) <= started
        if run["ended_at"] and container["end_time"]:
            ended = datetime.fromisoformat(container["end_time"])
            assert datetime.fromisoformat(run["ended_at"]) <= ended
    assert checked >= 3


def test_only_a_day_is_told(quiet: Simulator, clock: Clock) -> None:
    quiet.add_history(0, 60, timedelta(days=3))
    rows = events(quiet)
    assert rows
    starts = [datetime.fromisoformat(row["start_time"]) for row in rows]
    assert starts == sorted(starts, reverse=True)
    assert min(starts) >= NOON - timedelta(hours=24)


def test_an_unknown_machine_has_nothing(quiet: Simulator) -> None:
    assert asked(quiet, f"/machine/{UUID(int=1)}/events") == []
    assert asked(quiet, f"/machine/serverless/{UUID(int=1)}/versions") == []
    assert len(asked(quiet, f"/machine/serverless/{MACHINE}/versions")) == 3


def test_the_settings_say_how_long_a_container_stays_up(quiet: Simulator) -> None:
    told = asked(quiet, f"/machine/{MACHINE}")
    assert (told["idle_timeout"], told["concurrency_limit"], told["run_timeout"]) == (60, 2, 300)


def test_prices_are_those_of_the_captured_list(quiet: Simulator) -> None:
    captured = read_prices((SAMPLES / "machines" / "gpu-pricing.json").read_bytes())
    assert read_prices(json.dumps(asked(quiet, "/platform/gpu-pricing")).encode()) == captured


def test_a_key_that_may_not_read_them_is_refused(quiet: Simulator) -> None:
    quiet.workspace.forbidden = {"containers", "prices"}
    assert events(quiet) == asked(quiet, "/platform/gpu-pricing") == 403  # type: ignore[comparison-overlap]


def test_odd_rows_are_of_no_use(quiet: Simulator, clock: Clock) -> None:
    quiet.start_run("cold")
    clock.now += timedelta(minutes=10)
    quiet.workspace.odd = True
    found = read_containers(json.dumps(events(quiet)).encode(), MACHINE, clock.now)
    assert [bool(one.started_at and one.ended_at) for one in found] == [False, False, True]
