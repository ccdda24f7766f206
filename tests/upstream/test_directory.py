"""Lists, names and logs as ComfyDeploy sends them, and what its readers make of nonsense."""

import json
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from dashboard.upstream.directory import (
    log_path,
    name_path,
    read_list,
    read_log,
    read_name,
    runs_path,
)
from dashboard.upstream.errors import BadAnswer
from tests.conftest import SAMPLES

RELATED = SAMPLES / "related"


@pytest.mark.parametrize("name", ["list_v2_workflow_runs", "list_deployment_runs"])
def test_both_lists_are_read(name: str) -> None:
    rows = read_list((RELATED / f"{name}.json").read_bytes())
    assert rows[0].id == UUID("147db376-7e0e-4a0a-9abf-4fd85b81fd98")
    assert [row.status for row in rows][:3] == ["running", "success", "failed"]
    assert rows[0].created_at == datetime(2026, 11, 23, 9, 14, 7, 318000, UTC)
    assert all(row.deployment_id for row in rows)


def test_a_captured_list_is_read() -> None:
    rows = read_list((SAMPLES / "captures" / "113_list_v2.json").read_bytes())
    assert rows and all(row.created_at for row in rows)


def test_rows_without_an_id_are_left_out() -> None:
    run_id = uuid4()
    sent = [None, 3, {}, {"id": "x"}, {"id": 7}, {"id": str(run_id), "status": 3, "created_at": []}]
    (row,) = read_list(json.dumps(sent).encode())
    assert (row.id, row.status, row.created_at) == (run_id, None, None)


@pytest.mark.parametrize("body", [b"", b"null", b'"x"', b"{}", b'{"data": {}}', b"<html>"])
def test_what_is_no_list_and_no_log_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        read_list(body)
    with pytest.raises(BadAnswer):
        read_log(body)
    with pytest.raises(BadAnswer):
        read_name("workflow", body)


@pytest.mark.parametrize(
    ("kind", "sent", "name"),
    [
        ("workflow", {"name": "lighthouse-flux", "id": "x"}, "lighthouse-flux"),
        ("machine", {"name": " video-a10g ", "auth_token": "abc"}, "video-a10g"),
        ("version", {"version": 3, "name": "ignored"}, "v3"),
        ("version", {"version": "12"}, "v12"),
        ("deployment", {"name": "nightly"}, "nightly"),
        ("deployment", {"environment": "production"}, "production"),
        (
            "deployment",
            {"environment": "production", "workflow": {"name": "lighthouse-flux"}},
            "lighthouse-flux, production",
        ),
    ],
)
def test_names_are_read(kind: str, sent: dict[str, object], name: str) -> None:
    assert read_name(kind, json.dumps(sent).encode()) == name


@pytest.mark.parametrize("sent", [{}, {"name": None}, {"name": "  "}, {"name": 3}, []])
def test_an_answer_without_a_name_is_a_bad_answer(sent: object) -> None:
    with pytest.raises(BadAnswer):
        read_name("workflow", json.dumps(sent).encode())


def test_a_log_is_read_line_by_line() -> None:
    lines = read_log((RELATED / "run_logs_v2.json").read_bytes())
    assert lines[0].text == "got prompt"
    assert lines[0].at == datetime(2026, 11, 23, 9, 14, 16, 100000, UTC)
    assert "CUDA out of memory" in lines[1].text


def test_an_entry_of_several_lines_becomes_several() -> None:
    entry = {"timestamp": "2026-11-23T09:14:16.100Z", "log": "a\n  b\r\nc"}
    sent = [entry, None, {"log": 3}, {"message": "d", "timestamp": "never"}]
    lines = read_log(json.dumps(sent).encode())
    assert [line.text for line in lines] == ["a", "  b", "c", "d"]
    assert [line.at is None for line in lines] == [False, True, True, True]


def test_ids_from_elsewhere_cannot_leave_their_place_in_a_path() -> None:
    assert name_path("machine", "../run/x?y") == "/machine/..%2Frun%2Fx%3Fy"
    assert runs_path("workflow", "a/b", limit=50) == "/v2/workflow/a%2Fb/runs?limit=50&offset=0"
    assert (
        runs_path("deployment", "d", limit=5, offset=10) == "/deployment/d/runs?limit=5&offset=10"
    )
    run_id = uuid4()
    assert log_path(run_id) == f"/v2/clickhouse-run-logs/{run_id}"
