"""A reproduction bundle as a zip: the same bytes each time, and nothing that is not known."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from dashboard.models import Run
from dashboard.services.runs.bundle import bundle, bundle_files
from tests.builders import answer, store
from tests.stored_files import prepare, run_kept
from tests.workflows import GRAPH, SECRET, WORKFLOW, noted_picture, store_version

pytestmark = pytest.mark.django_db
EVERY = ["README.md", "inputs.json", "outputs.json", "versions.json", "workflow.json"]


def test_it_holds_what_is_known(settings: Any, tmp_path: Path) -> None:
    body = noted_picture(workflow=WORKFLOW, prompt=GRAPH)
    run = run_kept(settings, tmp_path, ("a.png", body))
    store_version(run)
    made = bundle(run, "shots")
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        files = {one.filename: archive.read(one).decode() for one in archive.infolist()}
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert sorted(files) == sorted([*EVERY, "workflow_api.json"])
    assert json.loads(files["inputs.json"]) == run.inputs
    assert json.loads(files["workflow.json"])["nodes"][0] == WORKFLOW["nodes"][0]
    told = "".join(files.values())
    assert SECRET not in told
    assert str(tmp_path) not in told
    assert "bucket" not in told
    assert bundle(Run.objects.get(pk=run.pk), "shots") == made


def test_what_is_not_known_is_absent_and_named(settings: Any, tmp_path: Path) -> None:
    prepare(settings, tmp_path)
    run = store(answer(workflow_inputs=None, workflow_version_id=None, gpu=None))
    files = bundle_files(run, "shots")
    assert sorted(files) == ["README.md", "outputs.json", "versions.json"]
    unknown = files["README.md"].partition("## What is not known")[2]
    assert "The run's inputs." in unknown and "The GPU." in unknown


@pytest.mark.parametrize("inputs", [[], "x", 5, True, {"": None}, {"a": {"b": [1.5]}}])
def test_inputs_of_any_kind_are_given(settings: Any, tmp_path: Path, inputs: Any) -> None:
    prepare(settings, tmp_path)
    run = store(answer())
    run.inputs = inputs
    assert json.loads(bundle_files(run, "x")["inputs.json"]) == inputs
