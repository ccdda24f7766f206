"""Rows of lists of runs: what becomes of them here."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dashboard.domain.listing import ListedRun
from dashboard.models import Name, RemovedRun, Run, Workflow
from dashboard.services import clock
from dashboard.services.runs import listed
from dashboard.upstream.directory import read_list
from tests.builders import NOON
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db
FLOW, OWN = UUID(int=5), "org_own"


def row(**changes: object) -> dict[str, Any]:
    """A row as ComfyDeploy's list of a workflow has it."""
    at = NOON - timedelta(days=1)
    moments = {
        f"{name}_at": (at + timedelta(seconds=after)).isoformat()
        for name, after in (("created", 0), ("queued", 2), ("started", 12), ("ended", 42))
    }
    plain = {"id": str(uuid4()), "status": "success", "workflow_id": str(FLOW), "org_id": OWN}
    return {**plain, **moments, "user_id": "user_ana", "duration": "42.0", **changes}


def rows(*sent: object) -> tuple[ListedRun, ...]:
    return read_list(json.dumps(sent).encode()).runs


def test_a_listed_run_is_shown_at_once_and_waits_among_the_past_ones() -> None:
    Workflow.objects.create(pk=FLOW, name="lighthouse-flux", org_id=OWN, seen_at=clock.now())
    sent = row(deployment_id=str(UUID(int=3)), batch_id=str(UUID(int=4)))
    assert listed.take(rows(sent), NOON, target=FLOW) == 1
    run = Run.objects.seen().get()
    assert (run.status, run.finished, run.fetched) == ("success", True, False)
    assert (run.total, run.cold_start, run.start_kind) == (42.0, 10.0, "cold")
    assert (run.user_id, run.batch_id, run.foreign) == ("user_ana", str(UUID(int=4)), False)
    assert (run.workflow_name, run.sorted_at) == ("lighthouse-flux", NOON - timedelta(days=1))
    assert list(Run.objects.unfetched()) == [run]
    assert Name.objects.filter(kind="deployment", upstream_id=str(UUID(int=3))).exists()


@pytest.mark.parametrize(
    ("changes", "due"),
    [
        ({}, False),
        ({"status": "running", "ended_at": None}, True),
        ({"status": "not-started"}, True),
        ({"status": "resting", "ended_at": None}, True),
        ({"status": None}, True),
        ({"created_at": NOON.isoformat(), "status": "cancelled"}, True),
        ({"created_at": None}, True),
        ({"created_at": "2199-01-01T00:00:00Z"}, True),
    ],
)
def test_what_may_still_move_is_asked_for_soon(changes: dict[str, Any], due: bool) -> None:
    listed.take(rows(row(**changes)), NOON)
    run = Run.objects.get()
    assert (run.next_refresh_at == NOON) is due
    assert Run.objects.unfetched().exists() is not due
    assert run.sorted_at <= NOON


def test_captured_lists_are_taken_and_taken_again() -> None:
    sent = read_list((SAMPLES / "directory" / "v2-runs.json").read_bytes()).runs
    now = datetime(2026, 11, 27, 12, tzinfo=UTC)
    assert listed.take(sent, now) == len(sent) == Run.objects.count() == 30
    before = list(Run.objects.order_by("pk").values())
    assert listed.take(sent, now) == 0
    assert list(Run.objects.order_by("pk").values()) == before


def test_strangers_runs_count_only_in_the_list_of_their_workflow() -> None:
    Workflow.objects.create(pk=FLOW, org_id=OWN, seen_at=NOON)
    stranger = row(org_id="org_other")
    assert listed.take(rows(stranger), NOON, target=uuid4()) == 0
    assert listed.take(rows(stranger), NOON) == 0
    assert listed.take(rows(stranger), NOON, target=FLOW) == 1
    assert Run.objects.get().foreign


@pytest.mark.parametrize(
    ("own", "theirs", "foreign"),
    [("", None, False), (OWN, OWN, False), (OWN, None, True), ("", OWN, True)],
)
def test_the_workspace_is_that_of_the_workflow(own: str, theirs: object, foreign: bool) -> None:
    """A personal key's workflows and runs belong to no organisation."""
    Workflow.objects.create(pk=FLOW, org_id=own, seen_at=NOON)
    listed.take(rows(row(org_id=theirs)), NOON, target=FLOW)
    assert Run.objects.get().foreign is foreign


def test_without_a_list_of_workflows_nobody_is_a_stranger() -> None:
    listed.take(rows(row(org_id="org_other")), NOON)
    assert not Run.objects.get().foreign


def test_removed_runs_stay_removed() -> None:
    sent = row()
    RemovedRun.objects.create(uuid=UUID(sent["id"]), at=NOON)
    assert listed.take(rows(sent), NOON) == 0 and not Run.objects.exists()


@pytest.mark.parametrize(
    ("status", "asked_ago", "says", "due"),
    [
        ("running", 5, "success", True),
        ("running", 5, "queued", False),
        ("timeout", 300, "running", True),
        ("timeout", 20, "running", False),  # just asked: the list lags
        ("success", 20, "cancelled", False),
        ("success", 300, "cancelled", True),
        ("success", 300, "running", True),
        ("success", 300, "success", False),
        ("success", 300, None, False),
    ],
)
def test_a_run_of_which_the_list_knows_more_becomes_due(
    status: str, asked_ago: float, says: str | None, due: bool
) -> None:
    sent = row(status=says)
    Run.objects.create(
        uuid=UUID(sent["id"]),
        status=status,
        finished=status != "running",
        asked_at=NOON - timedelta(seconds=asked_ago),
        observed_at=NOON,
        first_seen_at=NOON,
        sorted_at=NOON,
    )
    listed.take(rows(sent), NOON)
    assert (Run.objects.get().next_refresh_at is not None) is due


def test_known_runs_gain_deployment_and_batch_once() -> None:
    sent = row(deployment_id="d-1", batch_id="b-1")
    Run.objects.create(uuid=UUID(sent["id"]), first_seen_at=NOON, sorted_at=NOON)
    for _ in range(2):
        listed.take(rows(sent), NOON)
        run = Run.objects.get()
        assert (run.deployment_id, run.batch_id, run.extras_version) == ("d-1", "b-1", 2)


def test_a_list_of_any_length_takes_few_statements(django_assert_max_num_queries: Any) -> None:
    sent = rows(*(row() for _ in range(1200)))
    with django_assert_max_num_queries(150):  # SQLite takes some 16 rows in one statement
        assert listed.take(sent, NOON) == 1200
