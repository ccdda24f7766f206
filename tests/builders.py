"""Answers and stored runs with working defaults: a test names only what it is about."""

import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.utils import timezone

from dashboard.domain.roles import ADMIN, MEMBER
from dashboard.domain.run.facts import RunFacts
from dashboard.models import Person, Run
from dashboard.services.runs.claims import claim
from dashboard.services.runs.fetch import track_run
from dashboard.services.runs.listed import take
from dashboard.services.runs.store import Answer, store_answers
from dashboard.upstream.directory import read_list
from dashboard.upstream.reader import read_run

NOON = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)


def stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "000Z"


def element(name: str = "ComfyUI_00001_.png", **given: Any) -> dict[str, Any]:
    """One element of `outputs` with one image."""
    item = {
        "url": f"https://bucket.s3.us-east-2.amazonaws.com/outputs/runs/x/{name}",
        "type": "output",
        "filename": name,
        "is_public": True,
        "subfolder": "",
        "upload_duration": 0.12,
    }
    return {
        "id": str(uuid4()),
        "output_id": None,
        "data": {"images": [item]},
        "node_meta": {"node_id": "9", "node_class": "SaveImage"},
        "created_at": stamp(NOON),
        "updated_at": stamp(NOON),
        "type": None,
        "node_id": None,
        **given,
    }


def answer(run_id: UUID | None = None, *, created: datetime = NOON, **given: Any) -> dict[str, Any]:
    """A whole answer to GET run: a success with a 31.2 s cold start, unless told otherwise."""
    ended = created + timedelta(seconds=44.9)
    return {
        "id": str(run_id or uuid4()),
        "workflow_version_id": "148268de-9925-541e-a65c-925082e806c4",
        "workflow_inputs": {"seed": 42, "prompt": "a cat"},
        "workflow_id": "bdd5303c-a94b-5e91-a790-e945f311a0e9",
        "machine_id": "5b0ac6d4-c491-5fbd-b6e1-9791a3596a6a",
        "origin": "api",
        "status": "success",
        "ended_at": stamp(ended),
        "created_at": stamp(created),
        "updated_at": stamp(ended),
        "queued_at": stamp(created + timedelta(seconds=1.4)),
        "started_at": stamp(created + timedelta(seconds=32.6)),
        "gpu_event_id": None,
        "gpu": "H100",
        "machine_version": None,
        "machine_type": "comfy-deploy-serverless",
        "modal_function_call_id": "fc-ac3ad695a96d4915a39a7f",
        "user_id": "user_alice",
        "org_id": None,
        "live_status": "Executing SaveImage",
        "progress": 0.92,
        "is_realtime": False,
        "webhook": None,
        "webhook_status": None,
        "webhook_intermediate_status": False,
        "outputs": [],
        "number": 0,
        "duration": 44.9,
        "cold_start_duration": 31.2,
        "cold_start_duration_total": 32.6,
        "run_duration": 12.3,
        "queue_position": None,
        **copy.deepcopy(given),
    }


def running(run_id: UUID | None = None, **given: Any) -> dict[str, Any]:
    """The same run half-way."""
    open_end = {"status": "running", "ended_at": None, "duration": None, "run_duration": None}
    return answer(
        run_id, **{**open_end, "progress": 0.43, "live_status": "Executing KSampler", **given}
    )


def waiting(run_id: UUID | None = None, **given: Any) -> dict[str, Any]:
    """The same run before anything happened."""
    nothing = {
        "status": "not-started",
        "queued_at": None,
        "started_at": None,
        "progress": 0.0,
        "live_status": None,
        "cold_start_duration": None,
        "cold_start_duration_total": None,
    }
    return running(run_id, **{**nothing, **given})


def body(payload: dict[str, Any]) -> bytes:
    return json.dumps(payload).encode()


def listed(run_id: UUID | None = None, *, created: datetime, **given: Any) -> Run:
    """A run as a list tells of it: without inputs and outputs, and not fetched."""
    row = answer(run_id, created=created, **given)
    for name in ("workflow_inputs", "outputs", "live_status", "progress", "machine_id"):
        del row[name]
    take(read_list(json.dumps([row]).encode()).runs, timezone.now())
    return Run.objects.get(uuid=row["id"])


class ClaimLost(Exception):
    """Another process holds the claim on the run."""


def store_answer(
    run: Run,
    token: UUID,
    facts: RunFacts,
    now: datetime,
    next_refresh_at: datetime | None = None,
) -> bool:
    """Stores one answer under its claim; True when anything shown has changed."""
    answer = Answer(run, token, now, facts)
    if store_answers([answer], lambda *_: next_refresh_at):
        raise ClaimLost(str(run.uuid))
    return answer.changed


def store(payload: dict[str, Any], now: datetime | None = None) -> Run:
    """A run as it is stored after this answer was read at `now`."""
    run = track_run(UUID(payload["id"]))
    at = now or timezone.now()
    token = claim(run, at, even_if_not_due=True)
    assert token is not None
    run.refresh_from_db()
    store_answer(run, token, read_run(body(payload), run.uuid), at)
    return run


def person(name: str = "ana", role: str = MEMBER, password: str | None = None) -> User:
    """An account with its role."""
    admin = role == ADMIN
    user = User.objects.create_user(name, password=password, is_superuser=admin, is_staff=admin)
    Person.objects.create(user=user, role=role)
    return user
