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
STAMPS = ("created_at", "queued_at", "started_at", "ended_at")


@pytest.mark.parametrize("name", ["list_v2_workflow_runs", "list_deployment_runs"])
def test_both_lists_are_read(name: str) -> None:
    rows = read_list((RELATED / f"{name}.json").read_bytes()).runs
    assert rows[0].id == UUID("147db376-7e0e-4a0a-9abf-4fd85b81fd98")
    assert [row.status for row in rows][:3] == ["running", "success", "failed"]
    assert rows[0].created_at == datetime(2026, 11, 23, 9, 14, 7, 318000, UTC)
    assert all(row.deployment_id for row in rows)


def test_a_captured_list_is_read() -> None:
    rows = read_list((SAMPLES / "captures" / "113_list_v2.json").read_bytes()).runs
    assert rows and all(row.created_at for row in rows)


def test_a_row_of_a_workflow_tells_what_the_run_would() -> None:
    row = read_list((SAMPLES / "directory" / "v2-runs.json").read_bytes()).runs[0]
    facts = row.facts
    assert facts is not None and (row.status, facts.finished) == ("success", True)
    assert (row.org_id, row.batch_id, facts.user_id) == ("org_acme", None, "user_alice")
    phases = (facts.queue_wait, facts.cold_start, facts.before_run, facts.run, facts.total)
    assert phases == (0.051434, 0.0266, 0.078034, 0.111498, 0.189532)
    assert (facts.start_kind, facts.gpu, facts.origin) == ("warm", "H100", "api")
    assert (facts.inputs, facts.outputs, facts.warnings) == (None, (), ())


def test_what_a_deployments_list_calls_the_duration_is_no_total() -> None:
    """There it is that of the run phase; created and ended tell the total."""
    times = {"created_at": "2026-11-26T22:13:10", "started_at": "2026-11-26T22:13:30"}
    row = {"id": str(uuid4()), "status": "success", **times, "ended_at": "2026-11-26T22:13:37"}
    (read,) = read_list(json.dumps({"data": [{**row, "duration": "7.0"}]}).encode()).runs
    assert read.facts is not None and (read.facts.total, read.facts.run) == (27.0, 7.0)
    assert (read.org_id, read.batch_id) == (None, None)


@pytest.mark.parametrize("cut", ["created_at", "queued_at", "started_at", "ended_at"])
def test_times_whose_seconds_were_cut_off_are_used_for_no_duration(cut: str) -> None:
    at = {name: f"2026-11-26T21:00:{n}0.500Z" for n, name in enumerate(STAMPS)}
    row = {"id": str(uuid4()), "status": "success", **at, cut: "2026-11-26T21:00Z"}
    (read,) = read_list(json.dumps([row]).encode()).runs
    facts = read.facts
    assert facts is not None and getattr(facts, cut) == datetime(2026, 11, 26, 21, tzinfo=UTC)
    spans = {
        "queue_wait": ("created_at", "queued_at"),
        "cold_start": ("queued_at", "started_at"),
        "before_run": ("created_at", "started_at"),
        "run": ("started_at", "ended_at"),
        "total": ("created_at", "ended_at"),
    }
    for phase, ends in spans.items():
        assert (getattr(facts, phase) is None) == (cut in ends), phase


def test_one_row_of_several_about_one_run_counts() -> None:
    run_id = str(uuid4())
    rows = [{"id": run_id, "status": word} for word in ("running", "queued", "success")]
    assert [row.status for row in read_list(json.dumps(rows).encode()).runs] == ["running"]


def test_rows_without_an_id_are_left_out() -> None:
    run_id = uuid4()
    sent = [None, 3, {}, {"id": "x"}, {"id": 7}, {"id": str(run_id), "status": 3, "created_at": []}]
    (row,) = read_list(json.dumps(sent).encode()).runs
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


def test_ids_of_listed_runs_are_in_their_normal_form() -> None:
    sent = uuid4()
    ids = ("workflow_id", "workflow_version_id", "machine_id", "deployment_id", "batch_id")
    row = {"id": str(sent), "status": "success", **dict.fromkeys(ids, str(sent).upper())}
    (listed,) = read_list(json.dumps([row]).encode()).runs
    assert listed.facts is not None
    facts = [getattr(listed.facts, name) for name in ids[:3]]
    assert {*facts, listed.deployment_id, listed.batch_id} == {str(sent)}
