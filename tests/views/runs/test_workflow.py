"""A run's workflow as a file for ComfyUI: where it comes from, with inputs, masked."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Run, WorkflowVersion
from tests.builders import NOON, answer, listed, store
from tests.stored_files import prepare, run_kept
from tests.workflows import GRAPH, SECRET, WORKFLOW, noted_picture, store_version, titled

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(settings: Any, tmp_path: Path) -> Run:
    prepare(settings, tmp_path)
    return store(answer(workflow_inputs={"prompt": "a red chair", "other": 1}))


def told(client: Client, run: Run, query: str = "") -> Any:
    response = client.get(f"/runs/{run.uuid}/workflow.json{query}")
    assert response.status_code == 200
    return json.loads(response.content)


def test_the_version_is_given_as_the_editor_takes_it(run: Run, ana: Client) -> None:
    store_version(run)
    Run.objects.filter(pk=run.pk).update(workflow_name="Léon's / shots")
    response = ana.get(f"/runs/{run.uuid}/workflow.json")
    assert response.headers["Content-Type"] == "application/json"
    name = f"L%C3%A9on-s-shots-{run.short_id}.json"
    assert response.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{name}"
    assert "no-store" in response.headers["Cache-Control"]
    found = json.loads(response.content)
    assert found["nodes"][0] == WORKFLOW["nodes"][0]
    assert SECRET not in response.content.decode()


def test_it_takes_the_runs_inputs_when_asked(run: Run, ana: Client) -> None:
    store_version(run)
    plain, applied = told(ana, run), told(ana, run, "?inputs=1")
    assert applied["nodes"][0]["widgets_values"] == ["prompt", "a red chair", "Prompt", ""]
    applied["nodes"][0] = plain["nodes"][0]
    assert applied == plain == told(ana, run, "?inputs=0")


def test_a_stored_picture_comes_before_the_version(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    body = noted_picture(workflow=titled("picture"), prompt=GRAPH)
    run = run_kept(settings, tmp_path, ("a.png", body))
    store_version(run)
    assert told(ana, run)["extra"] == {"title": "picture"}
    assert SECRET not in json.dumps(told(ana, run, "?inputs=1"))


def test_without_one_a_page_says_so(run: Run, ana: Client) -> None:
    store_version(run, workflow={"nodes": 5})
    response = ana.get(f"/runs/{run.uuid}/workflow.json")
    assert response.status_code == 404
    assert "No stored PNG of this run holds its workflow" in response.content.decode()
    assert f'href="/runs/{run.uuid}/"' in response.content.decode()


@pytest.mark.parametrize("inputs", [None, [], "x", 5, True, {"prompt": {"a": []}}, {"": None}])
def test_inputs_of_any_kind_are_no_fault(run: Run, ana: Client, inputs: Any) -> None:
    store_version(run)
    Run.objects.filter(pk=run.pk).update(inputs=inputs)
    assert told(ana, run, "?inputs=1") == told(ana, run)


def test_5000_nodes_are_given(run: Run, ana: Client) -> None:
    node = {"id": 1, "type": "ComfyUIDeployExternalText", "widgets_values": ["prompt", ""]}
    store_version(run, workflow={"nodes": [node] * 5000})
    values = {each["widgets_values"][1] for each in told(ana, run, "?inputs=1")["nodes"]}
    assert values == {"a red chair"}


def test_a_run_of_a_list_alone_is_no_fault(settings: Any, tmp_path: Path, ana: Client) -> None:
    prepare(settings, tmp_path)
    run = listed(created=NOON)
    WorkflowVersion.objects.create(id=run.workflow_version_id, workflow=WORKFLOW, read_at=NOON)
    assert told(ana, run, "?inputs=1")["version"] == 0.4
