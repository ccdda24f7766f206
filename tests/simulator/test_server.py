"""The simulator as other tests use it, and its command."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from django.core.management import CommandError, call_command

from dashboard.simulator import Simulator
from dashboard.simulator.http_replies import CUT, Reply
from tests.simulator.conftest import Clock, Wire

ROOT = Path(__file__).parents[2]
KEY = {"Authorization": "Bearer key"}


def test_scripted_answers_come_in_order_and_the_last_one_stays(
    simulator: Simulator, wire: Wire
) -> None:
    run_id = uuid4()
    simulator.script(
        run_id, [b'{"n":1}', {"n": 2}, (503, {"Retry-After": "9"}, "busy"), (200, {}, {"n": 4})]
    )
    got = [wire.run(run_id) for _ in range(5)]
    assert [one.status for one in got] == [200, 200, 503, 200, 200]
    assert [json.loads(got[n].body)["n"] for n in (0, 1, 3, 4)] == [1, 2, 4, 4]
    assert (got[2].body, got[2].named["retry-after"]) == (b"busy", "9")
    assert got[2].named["content-type"] == "application/json"


def test_a_script_replaces_a_simulated_run_but_not_the_key(
    simulator: Simulator, wire: Wire
) -> None:
    run_id = simulator.id("warm")
    simulator.script(run_id, ["scripted"])
    assert wire.run(run_id).body == b"scripted"
    assert wire.get(f"/api/run/{run_id}").status == 401


def test_a_scripted_cut_ends_the_connection(simulator: Simulator) -> None:
    run_id = uuid4()
    simulator.script(run_id, [CUT, Reply(200, b"x" * 100, sent=0.5), b"{}"])
    url = f"{simulator.url}/run/{run_id}"
    with pytest.raises(requests.ConnectionError):
        requests.get(url, headers=KEY, timeout=5)
    with pytest.raises(requests.RequestException):
        requests.get(url, headers=KEY, timeout=5)
    assert requests.get(url, headers=KEY, timeout=5).status_code == 200


def test_a_delay_holds_every_answer_back(simulator: Simulator, wire: Wire) -> None:
    run_id = uuid4()
    simulator.script(run_id, [b"{}"], delay=0.15)
    begin = time.monotonic()
    wire.run(run_id)
    assert time.monotonic() - begin >= 0.15


def test_requests_are_remembered_by_run(simulator: Simulator, wire: Wire, clock: Clock) -> None:
    run_id = simulator.id("warm")
    wire.run(run_id, "?queue_position=true")
    wire.get(f"/api/run?run_id={run_id.hex}")
    wire.run(uuid4())
    asked = simulator.requests_for(run_id)
    assert simulator.count(run_id) == 2
    assert [(one.method, one.status, one.time) for one in asked] == [
        ("GET", 200, clock.now),
        ("GET", 401, clock.now),
    ]
    assert asked[0].path == f"/api/run/{run_id}?queue_position=true"
    assert len(simulator.requests) == 3


def test_down_refuses_and_up_listens_on_the_same_port(simulator: Simulator, wire: Wire) -> None:
    url, run_id = simulator.url, simulator.id("warm")
    assert wire.run(run_id).status == 200
    simulator.down()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{url}/run/{run_id}", headers=KEY, timeout=5)
    with pytest.raises((ConnectionError, OSError)):
        socket.create_connection(("127.0.0.1", simulator.port), timeout=1).close()
    simulator.up()
    assert simulator.url == url
    assert requests.get(f"{url}/run/{run_id}", headers=KEY, timeout=5).status_code == 200


def test_one_connection_serves_many_requests(simulator: Simulator, wire: Wire) -> None:
    run_id = simulator.id("warm")
    wire.run(run_id)
    kept = wire.connection.sock
    posted = wire.get(f"/api/run/{run_id}", "POST", Authorization="Bearer key")
    wire.run(run_id)
    assert posted.status == 405
    assert wire.connection.sock is kept


def test_an_idle_connection_is_closed_after_5_seconds(simulator: Simulator) -> None:
    from dashboard.simulator.wire import IDLE, _Connection

    assert (IDLE, _Connection.timeout) == (5.0, 5.0)


def test_many_ask_at_once(simulator: Simulator) -> None:
    run_id = simulator.id("warm", age=60)
    statuses: list[int] = []

    def ask() -> None:
        got = requests.get(f"{simulator.url}/run/{run_id}", headers=KEY, timeout=10)
        statuses.append(got.status_code)

    threads = [threading.Thread(target=ask) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 30


def test_speed_is_kept_between_answers(clock: Clock) -> None:
    with Simulator(key="key", clock=clock, speed=10) as simulator:
        run_id = simulator.id("cold", age=4.0)
        with Wire(simulator) as wire:
            assert json.loads(wire.run(run_id).body)["status"] == "queued"
            clock.forward(3)
            done = json.loads(wire.run(run_id).body)
        assert done["status"] == "success"
        assert done["cold_start_duration"] == pytest.approx(4, abs=0.1)


def test_the_command_prints_where_it_listens_and_needs_no_database() -> None:
    environment = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    options = ["--workflows", "12", "--forbid", "users", "--feed", "html", "--list-lag", "2"]
    command = [sys.executable, "manage.py", "simulate", "--port", "0", "--key", "key", *options]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        url = process.stdout.readline().split()[-1]
        got = requests.get(f"{url}/run/{uuid4()}", headers=KEY, timeout=5)
        assert (got.status_code, got.json()) == (404, {"detail": "Run not found"})
        named = requests.get(f"{url}/workflows/all", headers=KEY, timeout=5).json()
        assert len(named) == 12
        assert requests.get(f"{url}/user/user_x", timeout=5).status_code == 403
        feed = f"{url}/v2/stream-progress?workflow_id={named[0]['id']}"
        assert b"<html>" in requests.get(feed, headers=KEY, timeout=5).content
    finally:
        process.terminate()
        process.communicate(timeout=5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"host": "0.0.0.0"}, "this computer only"),
        ({"host": "example.com"}, "this computer only"),
        ({"speed": 0}, "--speed"),
        ({"live": 0}, "--live"),
        ({"workflows": 0}, "--workflows"),
        ({"workflows": 257}, "--workflows"),
        ({"list_lag": -1}, "--list-lag"),
    ],
)
def test_the_command_refuses_what_it_cannot_do(options: dict[str, object], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("simulate", **options)


def test_the_command_names_a_port_in_use(simulator: Simulator) -> None:
    with pytest.raises(CommandError, match=str(simulator.port)):
        call_command("simulate", port=simulator.port)
