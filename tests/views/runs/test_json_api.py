"""A run as JSON: every sample of ComfyDeploy's answers, read through the whole product."""

import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.models import Name, Run
from dashboard.simulator import Simulator
from tests.builders import answer, body, element, running, store
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db

PAYLOADS = sorted((SAMPLES / "payloads").glob("*.json"))
LIFE = sorted(
    path for path in (SAMPLES / "captures").glob("*.json") if path.read_text().startswith('{"id"')
)
KEYS = {
    "id", "url", "status", "finished", "progress", "live_status", "queue_position", "durations",
    "start_kind", "timestamps", "outputs", "values", "inputs", "error", "gpu", "origin",
    "machine_id", "machine_type", "workflow_id", "workflow_version_id", "warnings", "freshness",
    "snapshots", "label", "tags", "starred", "names", "deployment_id", "batch_id", "by",
    "container", "start_reason", "cost", "nodes", "changed",
}  # fmt: skip


def read(ana: Client, upstream: Simulator, payload: bytes) -> dict:
    run_id = UUID(json.loads(payload)["id"])
    upstream.script(run_id, [payload])
    response = ana.get(f"/runs/{run_id}.json")
    assert response.status_code == 200, response.content
    return response.json()


@pytest.mark.parametrize("path", [*PAYLOADS, *LIFE], ids=lambda path: path.stem)
def test_every_sample_reads_and_its_page_opens(
    ana: Client, upstream: Simulator, path: Path
) -> None:
    found = read(ana, upstream, path.read_bytes())
    assert set(found) == KEYS
    sent = json.loads(path.read_bytes())
    assert found["status"] == sent["status"]
    page = ana.get(f"/runs/{found['id']}/")
    assert page.status_code == 200
    for name in sent:
        assert name in page.content.decode(), f"{name} has no place on the page"


def sample(name: str) -> bytes:
    return next((SAMPLES / "payloads").glob(f"{name}_*.json")).read_bytes()


def test_a_cold_success(ana: Client, upstream: Simulator) -> None:
    found = read(ana, upstream, sample("09"))
    sent = json.loads(sample("09"))
    assert found["durations"]["cold_start"] == sent["cold_start_duration"]
    assert found["durations"]["before_run"] == sent["cold_start_duration_total"]
    assert found["durations"]["total"] == sent["duration"]
    assert found["durations"]["queue_wait"] == pytest.approx(
        sent["cold_start_duration_total"] - sent["cold_start_duration"]
    )
    assert found["start_kind"] == "cold"
    assert found["progress"] == 1.0
    assert found["timestamps"]["created"] == sent["created_at"]
    assert found["freshness"]["trouble"] is None
    assert found["snapshots"] == 1


def test_negative_times_are_unknown_and_said(ana: Client, upstream: Simulator) -> None:
    found = read(ana, upstream, sample("43"))
    assert found["durations"]["run"] is None
    assert "negative-run" in found["warnings"]


def test_an_error_entry_is_the_runs_error(ana: Client, upstream: Simulator) -> None:
    found = read(ana, upstream, sample("x09"))
    assert found["error"]["message"]
    told = {"message", "node_id", "node_type", "type", "cause", "traceback", "source"}
    assert set(found["error"]) == told
    assert found["error"]["source"] == "outputs"
    assert found["outputs"] == []


def test_secrets_and_signatures_stand_nowhere(ana: Client, upstream: Simulator) -> None:
    for name in ("39", "40", "64"):
        found = read(ana, upstream, sample(name))
        base = f"/runs/{found['id']}"
        told = "".join(
            ana.get(base + end).content.decode()
            for end in ("/", ".json", "/snapshots.json", "/raw/", "/facts/", "/history/")
        )
        for secret in ("sk-FAKE", "hf_FAKE", "user:pass", "not-a-real-secret", "80446723387f"):
            assert secret not in told, (name, secret)


def test_a_private_output_keeps_its_signed_link(ana: Client, upstream: Simulator) -> None:
    found = read(ana, upstream, sample("27"))
    signed = [o["kind"] for o in found["outputs"] if "X-Amz-Signature=" in o["url"]]
    assert signed == ["video", "image"]  # ComfyDeploy signs no audio
    assert "X-Amz-Signature=5" not in ana.get(f"/runs/{found['id']}/raw/").content.decode()


def test_the_history_tells_what_changed(ana: Client, upstream: Simulator) -> None:
    run_id = uuid4()
    one = element("a.png")
    first = running(run_id)
    upstream.script(run_id, [body(first), body(answer(run_id, outputs=[one]))])
    ana.get(f"/runs/{run_id}/")
    Run.objects.update(asked_at=None)
    ana.post(f"/runs/{run_id}/refresh/")
    history = ana.get(f"/runs/{run_id}/snapshots.json").json()["snapshots"]
    assert [h["status"] for h in history] == ["running", "success"]
    assert history[0]["changes"]["gpu"] == "H100"
    assert history[1]["changes"]["outputs"]["added"] == [one]
    assert "gpu" not in history[1]["changes"]


def test_names_and_the_deployment_are_told_where_they_are_known(ana: Client) -> None:
    run = store(answer())
    kinds = {"workflow", "version", "deployment", "environment", "machine"}
    found = ana.get(f"/runs/{run.uuid}.json").json()
    assert (found["names"], found["deployment_id"]) == (dict.fromkeys(kinds), None)
    Run.objects.update(deployment_id="63c03a2e")
    Name.objects.create(
        kind="deployment", upstream_id="63c03a2e", text="production", next_at=timezone.now()
    )
    Name.objects.filter(kind="workflow").update(text="lighthouse-flux")
    found = ana.get(f"/runs/{run.uuid}.json").json()
    assert found["names"] == {
        **dict.fromkeys(kinds),
        "workflow": "lighthouse-flux",
        "deployment": "production",
    }
    assert found["deployment_id"] == "63c03a2e"
