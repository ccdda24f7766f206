"""The zip of several runs: a folder each, what is missing named, its size told first."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from dashboard.models import Run
from dashboard.services.files import file_store
from dashboard.services.runs import pasted, selected
from tests.builders import answer, store
from tests.stored_files import copy_all, picture, prepare, run_with
from tests.views.runs.test_archive import unpacked
from tests.wire import Wire
from tests.wire import answer as sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def runs(settings: Any, tmp_path: Path) -> list[Run]:
    """Two runs with a picture each, and one with none."""
    with Wire(sent(picture()), sent(picture(32, 8))) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin)
        made = [run_with(f"{origin}/one.png"), run_with(f"{origin}/two.png")]
        copy_all()
    made.append(store(answer()))
    Run.objects.filter(pk=made[0].pk).update(label="../Léon's / lighthouse")
    return list(Run.objects.order_by("pk"))


def told(files: dict[str, bytes]) -> Any:
    return json.loads(files.pop("manifest.json"))


def test_each_run_has_a_folder_and_the_manifest_tells_of_all(runs: list[Run], ana: Client) -> None:
    unknown = uuid4()
    ids = pasted.pack([*(run.uuid for run in runs), unknown])
    response = ana.get(f"/selection/outputs.zip?ids={ids}")
    assert response.headers["Content-Type"] == "application/zip"
    files = unpacked(response)
    manifest = told(files)
    folders = {name.partition("/")[0] for name in files}
    assert len(folders) == 2
    assert any("lighthouse" in name and ".." not in name for name in folders)
    assert sorted(files.values()) == sorted([picture(), picture(32, 8)])
    assert manifest["not_in_runboard"] == [str(unknown)]
    assert {one["id"] for one in manifest["runs"]} == {str(run.uuid) for run in runs}
    listed = {file["name"] for one in manifest["runs"] for file in one["files"]}
    assert listed == set(files)
    by_id = {one["id"]: one for one in manifest["runs"]}
    assert all(by_id[str(run.uuid)]["inputs"] == run.inputs for run in runs)


def test_a_file_that_is_gone_is_named_in_the_manifest(runs: list[Run], ana: Client) -> None:
    kept = runs[0].stored_files.get()
    file_store.storage().delete(kept.name)
    files = unpacked(ana.get(f"/selection/outputs.zip?ids={pasted.pack([runs[0].uuid])}"))
    [run] = told(files)["runs"]
    assert files == {}
    assert run["files"][0]["name"] is None
    assert run["files"][0]["missing"]


def test_its_size_is_told_first(
    runs: list[Run], ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = pasted.pack([run.uuid for run in runs])
    part = ana.get(f"/selection/size/?ids={ids}").content.decode()
    assert "2 files" in part
    assert f"/selection/outputs.zip?ids={ids}" in part
    assert "newest" not in part
    monkeypatch.setattr(selected, "MAX_ARCHIVED", 2)
    part = ana.get("/selection/size/?workflow=-&after=1_1").content.decode()
    assert "No file" in part
    assert "of the newest 2 runs" in ana.get("/selection/size/").content.decode()


def test_of_a_filter_its_runs_are_packed(runs: list[Run], ana: Client) -> None:
    Run.objects.filter(pk=runs[1].pk).update(starred=True)
    files = unpacked(ana.get("/selection/outputs.zip?starred=1"))
    assert [one["id"] for one in told(files)["runs"]] == [str(runs[1].uuid)]
    assert list(files.values()) == [picture(32, 8)]


@pytest.mark.parametrize("ids", ["nonsense", "x" * 10_000, pasted.pack([UUID(int=7)])])
def test_nothing_to_pack_is_not_found(db: None, ana: Client, ids: str) -> None:
    store(answer())  # IDs that cannot be read are not the whole list
    assert ana.get(f"/selection/outputs.zip?ids={ids}").status_code == 404
    assert "No file" in ana.get(f"/selection/size/?ids={ids}").content.decode()
