"""The live feed over a real connection: what it sends, when it ends, and its moods."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from http.client import IncompleteRead
from typing import Any
from uuid import UUID

import pytest

from dashboard.simulator import Simulator
from dashboard.simulator.feed_events import events_of
from dashboard.simulator.ids import encode
from dashboard.simulator.run_book import entry, last_change
from dashboard.simulator.scenarios import SCENARIOS
from dashboard.simulator.things import FOREIGN_WORKFLOW
from dashboard.simulator.workflows import place, workflow_at
from tests.simulator.conftest import NOON, Clock
from tests.simulator.streams import KEY, OWN, Stream, listen, until

__all__ = ["listen"]

UNKNOWN = UUID("8d2f7c3e-9a41-4b6d-8e15-c0a1b2d3e4f5")


def of(run_id: object, events: list[Any]) -> list[Any]:
    return [event["status"] for event in events if event["run_id"] == str(run_id)]


def test_a_stream_begins_as_captured(simulator: Simulator, listen: Callable[..., Stream]) -> None:
    stream = listen()
    assert [(name.lower(), value) for name, value in stream.response.getheaders()[1:]] == [
        ("server", "uvicorn"),
        ("content-type", "text/event-stream; charset=utf-8"),
        ("transfer-encoding", "chunked"),
    ]
    channel = "progress:org:org_2demoNorthlightStudio000001"
    assert stream.next() == {"type": "connection_established", "channels": [channel]}
    assert stream.next() == {"type": "subscribed", "channel": channel}
    assert [one.status for one in simulator.requests_at("/v2/stream-progress")] == [200]


def test_every_change_of_a_run_is_told_once_and_in_order(
    simulator: Simulator, clock: Clock, listen: Callable[..., Stream]
) -> None:
    stream = listen(f"run_id={simulator.id('warm', age=900)}").hello()
    run_id = simulator.start_run("warm", seed=4)
    first = stream.next()
    assert list(first) == [
        "run_id",
        "workflow_id",
        "machine_id",
        "progress",
        "status",
        "node_class",
        "timestamp",
    ]
    assert (first["run_id"], first["progress"], first["node_class"]) == (str(run_id), 0, "input")
    assert (first["workflow_id"], first["machine_id"]) == (
        workflow_at(0).id,
        workflow_at(0).machine_id,
    )
    clock.forward(120)
    events = [first, *stream.until_end()]
    assert events[-1]["status"] in ("success", "failed")
    told = of(run_id, events)
    assert told[:4] == ["input", "queued", "started", "running"] and set(told[4:-1]) <= {"output"}
    moments = [event["timestamp"] for event in events[1:]]
    assert moments == sorted(moments) and all(one.endswith("+00:00") for one in moments)
    assert simulator.answer("GET", f"/api/run/{run_id}", {"x-api-key": "key"}).status == 200


@pytest.mark.parametrize("speed", [1.0, 10.0])
@pytest.mark.parametrize("scenario", sorted(SCENARIOS))
def test_events_and_states_agree(scenario: str, speed: float) -> None:
    for seed in range(6):
        run = entry(encode(scenario, NOON, place(seed, seed)))
        events = events_of(run, speed)
        assert events[0].status == "input" and last_change(run, speed) == events[-1].at
        for event, following in zip(events, [*events[1:], None], strict=True):
            soon = event.at + timedelta(milliseconds=1)
            if following and following.at <= soon:
                continue  # a workspace's runs start within microseconds
            status = run.state(soon, speed).status
            if event.status in ("queued", "running", "uploading", "success", "failed"):
                assert status == event.status
            if event.status is None:
                assert status == "cancelled"


def test_any_run_that_ends_ends_a_runs_stream(
    simulator: Simulator, clock: Clock, listen: Callable[..., Stream]
) -> None:
    stream = listen(f"run_id={simulator.start_run('queue')}").hello()
    other = simulator.start_run("warm", workflow=1)
    assert stream.next()["run_id"] == str(other)
    clock.forward(60)
    last = stream.until_end()[-1]
    assert last["status"] in ("success", "failed", "timeout")


def test_open_streams_may_be_cut(simulator: Simulator, listen: Callable[..., Stream]) -> None:
    stream = listen().hello()
    simulator.feed.cut()
    with pytest.raises(IncompleteRead):
        stream.response.read()
    listen().hello()


def test_a_workflows_stream_has_its_runs_alone_and_stays_open(
    simulator: Simulator, clock: Clock, listen: Callable[..., Stream]
) -> None:
    stream = listen(f"workflow_id={workflow_at(2).id}").hello()
    simulator.start_run(workflow=0)
    mine = simulator.start_run(workflow=2)
    assert stream.next()["run_id"] == str(mine)
    clock.forward(200)
    later = [stream.next()]
    while of(mine, later)[-1:] != ["success"]:
        later.append(stream.next())
    assert {event["workflow_id"] for event in later} == {workflow_at(2).id}
    again = simulator.start_run(workflow=2)
    while later[-1]["run_id"] != str(again):
        later.append(stream.next())
    assert simulator.feed.open == 1


def test_a_machines_stream_has_its_runs_alone(
    simulator: Simulator, listen: Callable[..., Stream]
) -> None:
    stream = listen(f"machine_id={workflow_at(1).machine_id}").hello()
    simulator.start_run(workflow=0)
    mine = simulator.start_run(workflow=1)
    assert stream.next()["run_id"] == str(mine)


def test_a_status_filter_passes_it_alone_and_keeps_a_runs_stream_open(
    simulator: Simulator, clock: Clock, listen: Callable[..., Stream]
) -> None:
    stream = listen(f"run_id={simulator.start_run()}&status=input").hello()
    first = simulator.start_run("warm")
    assert stream.next()["run_id"] == str(first)
    clock.forward(60)
    second = simulator.start_run("warm")
    seen = [stream.next()]
    while seen[-1]["run_id"] != str(second):
        seen.append(stream.next())
    assert {event["status"] for event in seen} == {"input"}


def test_a_cancel_has_no_status(
    simulator: Simulator, clock: Clock, listen: Callable[..., Stream]
) -> None:
    stream = listen(f"workflow_id={workflow_at(0).id}").hello()
    run_id = simulator.start_run("cancel-early")
    clock.forward(60)
    told = [stream.next()]
    while of(run_id, told)[-1:] != [None]:
        told.append(stream.next())
    assert of(run_id, told) == ["input", None]
    assert (told[-1]["progress"], told[-1]["node_class"]) == (0, "")


def test_strangers_runs_are_not_told(simulator: Simulator, listen: Callable[..., Stream]) -> None:
    stream = listen().hello()
    simulator.start_run(foreign=True)
    own = simulator.start_run()
    assert stream.next()["run_id"] == str(own)


def test_the_demos_own_runs_are_told(clock: Clock, simulator: Simulator) -> None:
    stream = Stream(simulator, f"machine_id={workflow_at(0).machine_id}").hello()
    clock.forward(300)
    event = stream.next()
    reply = simulator.answer("GET", f"/api/run/{event['run_id']}", {"x-api-key": "key"})
    assert reply.status == 200
    assert json.loads(reply.body)["machine_id"] == workflow_at(0).machine_id
    stream.connection.close()
    stream.response.close()
    until(lambda: simulator.feed.open == 0)


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("", 400, "Exactly one ID type must be provided"),
        (f"{OWN}&run_id={UNKNOWN}", 400, "Exactly one ID type must be provided"),
        (f"run_id={UNKNOWN}", 404, "Run not found"),
        (f"workflow_id={UNKNOWN}", 404, "Workflow not found"),
        (f"workflow_id={FOREIGN_WORKFLOW}", 403, "Not authorized to access this progress"),
        ("run_id=abc", 500, "invalid UUID 'abc': length must be between 32..36"),
    ],
)
def test_what_is_refused(simulator: Simulator, query: str, status: int, words: str) -> None:
    reply = simulator.answer("GET", f"/api/v2/stream-progress?{query}", KEY)
    assert (reply.status, words in json.loads(reply.body)["detail"]) == (status, True)
    assert simulator.answer("GET", f"/api/v2/stream-progress?{query}", {}).status == 401


def test_whose_runs_are_refused(simulator: Simulator) -> None:
    for run_id in (simulator.id("foreign"), simulator.start_run(foreign=True)):
        path = f"/api/v2/stream-progress?run_id={run_id}"
        assert simulator.answer("GET", path, KEY).status == 403
    simulator.workspace.delete(workflow_at(0).id)
    assert simulator.answer("GET", f"/api/v2/stream-progress?{OWN}", KEY).status == 200
    simulator.workspace.forbidden = {"feed"}
    assert simulator.answer("GET", f"/api/v2/stream-progress?{OWN}", KEY).status == 403


def test_streams_are_counted_and_end_when_their_readers_leave(
    simulator: Simulator, listen: Callable[..., Stream]
) -> None:
    streams = [listen().hello() for _ in range(3)]
    assert (simulator.feed.open, simulator.feed.opened) == (3, 3)
    streams[0].response.close()
    streams[0].connection.close()
    until(lambda: simulator.feed.open == 2)
    simulator.down()
    until(lambda: simulator.feed.open == 0)
    with pytest.raises((IncompleteRead, OSError)):
        streams[1].response.read()


def test_no_idle_time_ends_a_stream(
    simulator: Simulator, listen: Callable[..., Stream], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.simulator.wire import _Connection

    monkeypatch.setattr(_Connection, "timeout", 0.2)
    stream = listen().hello()
    time.sleep(0.6)
    run_id = simulator.start_run()
    assert stream.next()["run_id"] == str(run_id)
