"""What a bundle tells of versions and outputs: what is known, and why the rest is not."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dashboard.models import Container, Deployment, Name, Run, StoredFile, UsedMachine
from dashboard.services.runs.bundle_facts import LINKED, MASKED, outputs_of, versions_of
from tests.builders import NOON, answer, element, store
from tests.stored_files import picture, prepare, put_kept, run_kept
from tests.workflows import store_version

pytestmark = pytest.mark.django_db
CONTAINER, DEPLOYMENT = UUID(int=9), UUID(int=7)


def test_all_that_is_stored_is_told(settings: Any, tmp_path: Path) -> None:
    prepare(settings, tmp_path)
    run = store(answer(gpu_event_id=str(CONTAINER)))
    Run.objects.filter(pk=run.pk).update(deployment_id=str(DEPLOYMENT))
    run.refresh_from_db()
    version = store_version(run, machine_version_id="mv2", comfyui_snapshot={"comfyui": "158419f3"})
    Container.objects.create(
        id=CONTAINER, machine_id=run.machine_id, machine_version_id="mv2", gpu="A10G", open=False,
        listed_at=NOON,
    )  # fmt: skip
    Deployment.objects.create(uuid=DEPLOYMENT, environment="production", fluid=True, seen_at=NOON)
    known = {"settings_of": NOON, "version_id": "mv3", "run_timeout": 600}
    known["build"] = {"gpu": "A10G"}
    UsedMachine.objects.update_or_create(id=run.machine_id, defaults=known)
    Name.objects.filter(kind="machine").update(text="Render farm")
    told: Any = versions_of(run, version)
    assert told["gpu"] == "A10G"
    assert told["workflow_version"]["comfyui_snapshot"] == {"comfyui": "158419f3"}
    assert told["deployment"] == {
        "id": str(DEPLOYMENT), "environment": "production", "fluid": True,
    }  # fmt: skip
    assert told["machine"]["name"] == "Render farm"
    assert told["machine"]["version_id"] == "mv2"
    assert told["machine"]["settings"] == {
        "read_at": NOON.isoformat(), "machine_version_id": "mv3", "run_timeout": 600,
        "optimized_runner": False, "build": {"gpu": "A10G"},
    }  # fmt: skip


def test_what_is_not_known_is_absent(settings: Any, tmp_path: Path) -> None:
    prepare(settings, tmp_path)
    nothing = dict.fromkeys(
        ("workflow_version_id", "workflow_id", "machine_id", "machine_type", "gpu", "origin")
    )
    run = store(answer(**nothing))
    assert versions_of(run, None) == {"run": {"id": str(run.uuid)}}


def test_copies_have_their_hash_and_links_have_none(settings: Any, tmp_path: Path) -> None:
    body = picture()
    run = run_kept(settings, tmp_path, ("../a.png", body))
    one = outputs_of(run)[0]
    assert (one["name"], one["size"], one["node"]) == ("a.png", len(body), "9")
    assert one["sha256"] == hashlib.sha256(body).hexdigest()
    StoredFile.objects.all().delete()
    linked = outputs_of(Run.objects.get(pk=run.pk))[0]
    assert (linked["sha256"], linked["why"]) == (None, LINKED)


def test_a_file_that_was_not_copied_says_why(settings: Any, tmp_path: Path) -> None:
    prepare(settings, tmp_path)
    run = store(answer(outputs=[element("a.png")]))
    StoredFile.objects.all().delete()
    put_kept(run)
    StoredFile.objects.update(reason="removed")
    one = outputs_of(run)[0]
    assert (one["sha256"], one["why"]) == (
        None,
        "ComfyDeploy's storage no longer has this file.",
    )


def test_a_text_is_hashed_as_it_is_unless_it_is_masked(settings: Any, tmp_path: Path) -> None:
    prepare(settings, tmp_path, KEEP_OUTPUTS="none")
    one = element("a.png")
    one["data"] = {"text": ["évening", "see https://a.example/?token=FAKE-not-a-key"]}
    plain, masked = outputs_of(store(answer(outputs=[one])))
    assert plain["sha256"] == hashlib.sha256("évening".encode()).hexdigest()
    assert (masked["sha256"], masked["why"]) == (None, MASKED)
