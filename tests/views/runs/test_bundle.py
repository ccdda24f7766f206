"""The download of a reproduction bundle."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Run
from tests.builders import NOON, answer, listed, store
from tests.stored_files import prepare

pytestmark = pytest.mark.django_db


def names(response: Any) -> set[str]:
    assert response.status_code == 200
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return set(archive.namelist())


def test_it_is_a_zip_named_like_its_workflow(settings: Any, tmp_path: Path, ana: Client) -> None:
    prepare(settings, tmp_path)
    run = store(answer())
    Run.objects.filter(pk=run.pk).update(workflow_name="Product / shots")
    response = ana.get(f"/runs/{run.uuid}/bundle.zip")
    assert response.headers["Content-Type"] == "application/zip"
    assert f"Product-shots-{run.short_id}-bundle.zip" in response.headers["Content-Disposition"]
    assert names(response) == {"README.md", "inputs.json", "outputs.json", "versions.json"}


def test_a_run_of_a_list_alone_is_no_fault(settings: Any, tmp_path: Path, ana: Client) -> None:
    prepare(settings, tmp_path)
    run = listed(created=NOON)
    assert names(ana.get(f"/runs/{run.uuid}/bundle.zip")) == {"README.md", "versions.json"}


def test_an_unknown_run_has_none(ana: Client) -> None:
    assert ana.get("/runs/7c1e9f42-3b0a-4d1e-9a57-2f6d0c88e1b4/bundle.zip").status_code == 404
