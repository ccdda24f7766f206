"""The workflow in a run's stored pictures, of odd ones too."""

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.domain.nodes.graph import MOST_NODES
from dashboard.models import Run, StoredFile
from dashboard.services.files import file_store, strip_metadata
from dashboard.services.files.png_workflow import MOST_READ, WrittenWorkflow, written_workflow
from tests.services.files.test_thumbnails import bomb, chunk
from tests.stored_files import picture, run_kept
from tests.workflows import GRAPH, SECRET, WORKFLOW, noted_picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> Any:
    def made(*bodies: bytes) -> Run:
        files = [(f"{number}.png", body) for number, body in enumerate(bodies)]
        return run_kept(settings, tmp_path, *files)

    return made


def test_both_forms_are_read_and_masked(kept: Any) -> None:
    found = written_workflow(kept(noted_picture(workflow=WORKFLOW, prompt=GRAPH)))
    assert found.workflow and len(found.workflow) == 3
    assert found.graph and found.graph.keys() == GRAPH.keys()
    assert SECRET not in json.dumps([found.workflow, found.graph])
    assert "kept" in json.dumps(found.workflow)


def test_a_picture_without_one_is_passed_over(kept: Any) -> None:
    found = written_workflow(kept(picture(), noted_picture(prompt=GRAPH)))
    assert found.graph and found.workflow is None


def test_only_the_first_pictures_are_read(kept: Any) -> None:
    run = kept(*[picture()] * MOST_READ, noted_picture(workflow=WORKFLOW))
    assert written_workflow(run) == WrittenWorkflow()


@pytest.mark.parametrize(
    "texts",
    [
        {"workflow": "{"},
        {"workflow": "[" * 100_000},
        {"workflow": "NaN"},
        {"workflow": [1]},
        {"workflow": {"nodes": [None]}, "prompt": "\ud7ff"},
        {"workflow": {"nodes": [{"type": "A"}] * (MOST_NODES + 1)}, "prompt": {}},
    ],
)
def test_what_is_no_workflow_is_none(kept: Any, texts: dict[str, Any]) -> None:
    assert written_workflow(kept(noted_picture(**texts))) == WrittenWorkflow()


def test_a_workflow_of_5000_nodes_is_read(kept: Any) -> None:
    many = {"nodes": [{"id": n, "type": "A", "widgets_values": [n]} for n in range(MOST_NODES)]}
    found = written_workflow(kept(noted_picture(workflow=many)))
    assert found.workflow == many


@pytest.mark.parametrize(("most", "is_read"), [(50, False), (500, True)])
def test_a_picture_of_too_many_parts_is_not_read_on(
    kept: Any, monkeypatch: pytest.MonkeyPatch, most: int, is_read: bool
) -> None:
    monkeypatch.setattr(strip_metadata, "MAX_READS", most)
    text = chunk(b"tEXt", b"workflow\0" + json.dumps(WORKFLOW).encode())
    run = kept(bomb(24, 16, chunk(b"teSt", b"") * 100 + text))
    assert (written_workflow(run).workflow is not None) == is_read


def test_a_file_that_is_gone_or_out_of_reach_is_none(
    kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = kept(noted_picture(workflow=WORKFLOW))

    def fail(*_: object) -> bool:
        raise OSError("out of reach")

    with monkeypatch.context() as patched:
        patched.setattr(file_store, "is_whole", fail)
        assert written_workflow(run) == WrittenWorkflow()
    file_store.storage().delete(StoredFile.objects.get().name)
    assert written_workflow(run) == WrittenWorkflow()
