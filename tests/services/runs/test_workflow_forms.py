"""Where a run's workflow is found, in its two forms."""

from pathlib import Path
from typing import Any

import pytest

from dashboard.services.runs.workflow_forms import Form, Source, WorkflowForms, workflow_forms
from tests.builders import answer, store
from tests.stored_files import picture, prepare, run_kept
from tests.workflows import GRAPH, noted_picture, store_version, titled

pytestmark = pytest.mark.django_db


def sources(found: WorkflowForms) -> tuple[Source | None, Source | None]:
    return found.editor and found.editor.source, found.graph and found.graph.source


def test_a_picture_tells_the_editors_form_before_the_version(settings: Any, tmp_path: Path) -> None:
    body = noted_picture(workflow=titled("picture"), prompt=GRAPH)
    run = run_kept(settings, tmp_path, ("a.png", body))
    assert sources(workflow_forms(run)) == (Source.PICTURE, Source.PICTURE)
    version = store_version(run)
    found = workflow_forms(run)
    assert sources(found) == (Source.PICTURE, Source.VERSION)
    assert found.editor and found.editor.value["extra"] == {"title": "picture"}
    assert found.version == version


def test_the_version_tells_it_where_no_picture_does(settings: Any, tmp_path: Path) -> None:
    run = run_kept(settings, tmp_path, ("a.png", picture()))
    store_version(run)
    assert sources(workflow_forms(run)) == (Source.VERSION, Source.VERSION)


def test_the_graph_of_the_run_itself_comes_first(settings: Any, tmp_path: Path) -> None:
    prepare(settings, tmp_path)
    node = {"class_type": "A", "inputs": {}}
    run = store(answer(workflow_api={"1": node}))
    store_version(run)
    assert workflow_forms(run).graph == Form({"1": node}, Source.RUN)


@pytest.mark.parametrize("told", [{}, [], "x", {"1": 2}, 5, None])
def test_what_is_none_is_not_known(settings: Any, tmp_path: Path, told: Any) -> None:
    prepare(settings, tmp_path)
    run = store(answer(workflow_api=told))
    store_version(run, workflow=told, workflow_api=told)
    found = workflow_forms(run)
    assert found.editor is found.graph is None
    assert workflow_forms(store(answer(workflow_version_id=None))) == WorkflowForms()
