"""The wire: paths, tokens, errors and headers as captured."""

import json
import time
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from dashboard.simulator import Simulator
from dashboard.simulator.http_replies import malformed
from dashboard.simulator.run_answers import PUBLISHED, PUBLISHED_ID
from tests.conftest import SAMPLES
from tests.simulator.conftest import Clock, Wire

CAPTURES = SAMPLES / "captures"


def captured(name: str) -> tuple[str, list[str], bytes]:
    """Status line, header names and body of a captured answer."""
    lines = (CAPTURES / f"{name}.headers").read_text().strip().splitlines()
    body = (CAPTURES / f"{name}.json").read_bytes()
    return lines[0], [line.split(":")[0] for line in lines[1:]], body


def test_a_run_answers_like_the_captured_one(simulator: Simulator, wire: Wire) -> None:
    got = wire.run(simulator.id("warm", age=60))
    _, names, body = captured("023_life_success")
    assert got.status == 200
    assert [name for name, _ in got.headers] == names
    assert got.named["server"] == "uvicorn"
    assert got.named["content-type"] == "application/json"
    assert got.named["date"] == "Mon, 23 Nov 2026 12:00:00 GMT"
    assert b": " not in body[:200]
    assert got.body.startswith(b'{"id":"')
    assert list(json.loads(got.body)) == list(json.loads(body))


@pytest.mark.parametrize(
    ("capture", "path", "headers"),
    [
        ("061_auth_none", "/api/run/{known}", {}),
        ("061_auth_none", "/api/run/not-a-uuid", {}),
        ("061_auth_none", "/api/run/{known}", {"Authorization": "bearer key"}),
        ("061_auth_none", "/api/run/{known}", {"Authorization": "Basic key"}),
        ("062_auth_garbage", "/api/run/{known}", {"Authorization": "Bearer garbage"}),
        ("062_auth_garbage", "/api/run/{known}", {"Authorization": "Bearer  key"}),
        ("062_auth_garbage", "/api/run/not-a-uuid", {"x-api-key": "garbage"}),
        ("071_auth_revoked", "/api/run/{known}", {"Authorization": "Bearer key-revoked"}),
        (
            "072_auth_machine_token_on_get_run",
            "/api/run/{known}",
            {"Authorization": "Bearer key-machine"},
        ),
        ("079_err_unknown_uuid", "/api/run/{unknown}", {"Authorization": "Bearer key"}),
        ("080_err_nil_uuid", f"/api/run/{UUID(int=0)}", {"Authorization": "Bearer key more"}),
        ("081_err_malformed_id", "/api/run/not-a-uuid", {"Authorization": "Bearer key"}),
        ("082_err_numeric_id", "/api/run/123", {"x-api-key": "key"}),
        ("101_other_users_run", "/api/run/{foreign}", {"x-api-key": "key"}),
    ],
)
def test_errors_answer_like_the_captured_ones(
    simulator: Simulator, wire: Wire, capture: str, path: str, headers: dict[str, str]
) -> None:
    ids = {
        "known": simulator.id("warm", age=9),
        "unknown": uuid4(),
        "foreign": simulator.id("foreign"),
    }
    got = wire.get(path.format(**ids), **headers)
    line, names, body = captured(capture)
    assert got.status == int(line.split()[1])
    assert [name for name, _ in got.headers] == names
    assert got.body == body


def test_the_token_may_come_by_cookie_query_or_header(simulator: Simulator, wire: Wire) -> None:
    path = f"/api/run/{simulator.id('warm')}"
    assert wire.get(path, Cookie="__session=key").status == 200
    assert wire.get(f"{path}?cd_token=key").status == 200
    assert wire.get(path, x_api_key="key").status == 200
    assert wire.get(path, Cookie="__session=wrong", Authorization="Bearer key").status == 401


def test_the_query_form_answers_like_the_path(simulator: Simulator, wire: Wire) -> None:
    run_id = simulator.id("warm", age=60)
    asked = wire.get(f"/api/run?run_id={run_id}", x_api_key="key")
    assert asked.body == wire.run(run_id).body
    assert wire.get("/api/run", x_api_key="key").status == 422
    assert json.loads(wire.get("/api/run?run_id=1", x_api_key="key").body)["detail"][0]["loc"] == [
        "query",
        "run_id",
    ]


@pytest.mark.parametrize("spelling", ["{0}", "{1}", "{2}", "%7B{0}%7D", "urn:uuid:{0}"])
def test_ids_are_read_in_every_spelling(simulator: Simulator, wire: Wire, spelling: str) -> None:
    run_id = simulator.id("warm", age=60)
    written = spelling.format(run_id, run_id.hex, str(run_id).upper())
    assert json.loads(wire.run(written).body)["id"] == str(run_id)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("zz", "invalid character"),
        ("灯", "found `灯` at 1"),
        ("{12}", "invalid group count: expected 5, found 1"),
        ("1-2-3-4", "invalid group count: expected 5, found 4"),
        ("1-2-3-4-5", "invalid group length in group 0: expected 8, found 1"),
    ],
)
def test_a_malformed_id_is_told_why(given: str, reason: str) -> None:
    problem = json.loads(malformed("path", given).body)["detail"][0]
    assert reason in problem["msg"]
    assert problem["input"] == given


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(simulator: Simulator, wire: Wire, method: str) -> None:
    run_id = simulator.id("warm")
    got = wire.get(f"/api/run/{run_id}", method, Authorization="Bearer key")
    assert got.status == 405
    assert got.body == (b"" if method == "HEAD" else b'{"detail":"Method Not Allowed"}')


def test_a_slash_at_the_end_is_sent_on(simulator: Simulator, wire: Wire) -> None:
    run_id = simulator.id("warm")
    got = wire.run(f"{run_id}/", "?queue_position=true")
    assert (got.status, got.body) == (307, b"")
    assert got.named["location"] == f"{simulator.url}/run/{run_id}?queue_position=true"


@pytest.mark.parametrize("path", ["/", "/api", "/api/runs", "/api/run/a/b", "//api/run/x", "/docs"])
def test_other_paths_are_not_found(wire: Wire, path: str) -> None:
    got = wire.get(path, Authorization="Bearer key")
    assert (got.status, got.body) == (404, b'{"detail":"Not Found"}')


def test_the_published_id_answers_with_the_published_sample(wire: Wire) -> None:
    assert json.loads(wire.run(PUBLISHED_ID).body) == PUBLISHED


def test_a_run_of_the_future_is_unknown(simulator: Simulator, wire: Wire, clock: Clock) -> None:
    run_id = simulator.id("warm", start=clock.now + timedelta(seconds=5))
    assert wire.run(run_id).status == 404
    clock.forward(6)
    assert wire.run(run_id).status == 200


def test_a_restarted_simulator_knows_its_runs(clock: Clock) -> None:
    bodies = []
    for _ in range(2):
        with Simulator(key="key", clock=clock) as simulator:
            run_id = simulator.id("kinds", seed=5, age=30)
            with Wire(simulator) as wire:
                body = wire.run(run_id).body
            bodies.append(body.replace(simulator.origin.encode(), b""))
    assert bodies[0] == bodies[1]


def test_a_server_in_trouble_is_in_trouble_again_at_the_same_second(
    simulator: Simulator, wire: Wire, clock: Clock
) -> None:
    run_id = simulator.id("flaky", seed=3)
    first: list[tuple[int, float, float]] = []
    again: list[tuple[int, float, float]] = []
    start = clock.now
    for seen in (first, again):
        clock.now = start
        for _ in range(80):
            reply = simulator.answer("GET", f"/api/run/{run_id}", {"x-api-key": "key"})
            seen.append((reply.status, reply.delay, reply.sent))
            clock.forward(1)
    assert first == again
    assert {status for status, _, _ in first} >= {200, 429, 500}
    assert any(502 <= status <= 504 for status, _, _ in first)
    assert any(delay for _, delay, _ in first)
    assert any(sent < 1 for _, _, sent in first)
    assert first[:3] == [(200, 0.0, 1.0)] * 3
    clock.forward(60)
    assert wire.run(run_id).status == 200


def test_a_500_is_plain_text_and_a_429_says_when(simulator: Simulator, clock: Clock) -> None:
    found = {}
    run_id = simulator.id("flaky", seed=3)
    for _ in range(80):
        reply = simulator.answer("GET", f"/api/run/{run_id}", {"x-api-key": "key"})
        found[reply.status] = reply
        clock.forward(1)
    assert found[500].content_type == "text/plain; charset=utf-8"
    assert found[500].body == b"Internal Server Error"
    assert int(dict(found[429].headers)["retry-after"]) > 0


def test_hundreds_of_answers_a_second(simulator: Simulator, wire: Wire) -> None:
    run_id = simulator.id("warm", age=60)
    wire.run(run_id)
    begin = time.process_time()
    for _ in range(200):
        wire.run(run_id)
    assert time.process_time() - begin < 1.0
