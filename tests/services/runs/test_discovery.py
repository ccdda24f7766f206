"""Discovery over the simulator's socket: found, renamed, deleted, forbidden, endless."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.domain.directory import LISTS
from dashboard.models import Deployment, DirectoryList, Machine, Run, Workflow
from dashboard.services.runs import directory, discovery, names
from dashboard.simulator import Simulator
from dashboard.simulator.workflows import WORKFLOWS
from dashboard.simulator.workspace import deployment_id, machine_name
from dashboard.upstream.directory_lists import PAGE_SIZE
from tests.builders import answer, store
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db
HARBOUR = WORKFLOWS[0]
LATER, HOUR = timedelta(minutes=10), timedelta(hours=1)


@pytest.fixture(autouse=True)
def lists(now: datetime) -> None:
    directory.start(now)


def row(name: str) -> DirectoryList:
    return DirectoryList.objects.get(name=name)


def listing(name: str, now: datetime) -> int:
    """Reads a list to its end; returns the number of requests."""
    requests = 0
    while requests == 0 or row(name).offset:
        discovery.refresh(row(name), now)
        requests += 1
    return requests


def discover(now: datetime) -> None:
    for name in LISTS:
        listing(name, now)


def page(*ids: UUID, **given: Any) -> bytes:
    return json.dumps([{"id": str(each), "name": "x", **given} for each in ids]).encode()


def deleted(table: Any) -> set[UUID]:
    return set(table.objects.exclude(deleted_at=None).values_list("pk", flat=True))


def test_everything_that_the_demos_runs_name_is_found(upstream: Simulator, now: datetime) -> None:
    discover(now)
    for workflow in WORKFLOWS:
        found = Workflow.objects.get(pk=workflow.id)
        assert (found.name, found.seen_at, found.deleted_at) == (workflow.name, now, None)
        machine = Machine.objects.get(pk=workflow.machine_id)
        assert (machine.name, machine.gpu) == (machine_name(workflow), workflow.gpu)
        deployment = Deployment.objects.get(pk=deployment_id(workflow))
        assert deployment.name == f"{workflow.name}, production"
        assert (deployment.workflow_id, deployment.machine_id, deployment.environment) == (
            UUID(workflow.id), UUID(workflow.machine_id), "production",
        )  # fmt: skip
    assert Deployment.objects.filter(fluid=True).count() == 1
    for name in LISTS:
        told = row(name)
        assert (told.trouble, told.listed_at, told.asked_at) == (None, now, now)
        assert LATER <= told.next_at - now <= LATER * 1.1


def test_captured_lists_are_stored(upstream: Simulator, now: datetime) -> None:
    for path, sample in (
        ("/workflows/all", "workflows-all"),
        ("/machines/all", "machines-all"),
        ("/deployments", "deployments"),
    ):
        upstream.script_path(path, [(SAMPLES / "directory" / f"{sample}.json").read_bytes()])
    for name in ("workflows", "machines", "deployments"):
        listing(name, now)
    shots = Workflow.objects.get(name="Product shots")
    assert shots.cover_url.endswith("/covers/w1.png") and shots.org_id == "org_acme"
    assert Deployment.objects.count() == 5 and Machine.objects.count() == 4


def test_what_is_renamed_follows_onto_runs(upstream: Simulator, now: datetime) -> None:
    run = store(answer(workflow_id=HARBOUR.id, machine_id=HARBOUR.machine_id))
    discover(now)
    run.refresh_from_db()
    before = run.shown_version
    assert run.title == HARBOUR.name
    upstream.workspace.rename(HARBOUR.id, "harbour")
    discover(now + LATER)
    run.refresh_from_db()
    assert (run.title, Workflow.objects.get(pk=HARBOUR.id).name) == ("harbour", "harbour")
    assert run.shown_version != before
    assert Deployment.objects.get(pk=deployment_id(HARBOUR)).name == "harbour, production"
    assert names.of_run(run)["machine"] == machine_name(HARBOUR)


def test_what_vanishes_is_marked_deleted_and_may_come_back(
    upstream: Simulator, now: datetime
) -> None:
    discover(now)
    upstream.workspace.delete(HARBOUR.id)
    discover(now + LATER)
    assert deleted(Workflow) == {UUID(HARBOUR.id)}
    assert UUID(deployment_id(HARBOUR)) in deleted(Deployment)
    gone = Workflow.objects.get(pk=HARBOUR.id)
    assert (gone.name, gone.deleted_at) == (HARBOUR.name, now + LATER)
    upstream.workspace._deleted.clear()
    discover(now + 2 * LATER)
    assert not deleted(Workflow) and not deleted(Deployment)


def test_the_flag_marks_it_deleted_and_keeps_the_first_time(
    upstream: Simulator, now: datetime
) -> None:
    upstream.script_path("/workflows/all", [page(uuid4(), deleted=True)])
    for wait in (0, 1):
        listing("workflows", now + wait * LATER)
    assert Workflow.objects.get().deleted_at == now


def test_a_list_by_pages_is_read_one_request_at_a_time(upstream: Simulator, now: datetime) -> None:
    upstream.workspace.size = 60
    discovery.refresh(row("deployments"), now)
    assert (row("deployments").offset, row("deployments").next_at) == (PAGE_SIZE, now)
    assert Deployment.objects.count() == PAGE_SIZE
    assert listing("deployments", now) == 3
    assert Deployment.objects.count() == 90


def test_from_many_pages_a_row_must_be_missing_twice(upstream: Simulator, now: datetime) -> None:
    upstream.workspace.size = 60
    listing("deployments", now)
    upstream.workspace.delete(deployment_id(HARBOUR))
    listing("deployments", now + LATER)
    assert not deleted(Deployment), "it may have moved between two pages"
    listing("deployments", now + 2 * LATER)
    assert deleted(Deployment) == {UUID(deployment_id(HARBOUR))}


@pytest.mark.parametrize("answers", [(500, {}, b"no"), b"<html>", (429, {}, b"")])
def test_nothing_is_marked_deleted_where_a_page_failed(
    upstream: Simulator, now: datetime, answers: Any
) -> None:
    ids = [uuid4() for _ in range(2 * PAGE_SIZE + 1)]
    whole = [page(*ids[n : n + PAGE_SIZE]) for n in range(0, len(ids), PAGE_SIZE)]
    upstream.script_path("/deployments", [*whole, *whole[:1], answers])
    assert listing("deployments", now) == 3
    assert listing("deployments", now + LATER) == 2
    assert (row("deployments").offset, row("deployments").listed_at) == (0, now)
    assert row("deployments").trouble
    assert not deleted(Deployment)


def test_a_page_that_repeats_for_ever_ends_the_listing(upstream: Simulator, now: datetime) -> None:
    known = Deployment.objects.create(uuid=uuid4(), seen_at=now - HOUR)
    upstream.script_path("/deployments", [page(*(uuid4() for _ in range(PAGE_SIZE)))])
    assert listing("deployments", now) == 2
    assert row("deployments").listed_at is None and row("deployments").next_at > now
    known.refresh_from_db()
    assert known.deleted_at is None


def test_pages_without_end_are_read_up_to_a_bound(
    upstream: Simulator, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(discovery, "MOST_ROWS", 4 * PAGE_SIZE)
    pages = [page(*(uuid4() for _ in range(PAGE_SIZE))) for _ in range(9)]
    upstream.script_path("/deployments", pages)
    assert listing("deployments", now) == 4


@pytest.mark.parametrize(("status", "trouble"), [(403, "forbidden"), (404, "not-found")])
@pytest.mark.parametrize("name", LISTS)
def test_what_may_not_be_listed_is_asked_for_hourly(
    upstream: Simulator, now: datetime, name: str, status: int, trouble: str
) -> None:
    discover(now)
    path = {"fluid": "/deployments", "deployments": "/deployments"}.get(name, f"/{name}/all")
    upstream.script_path(path, [(status, {}, b"no")])
    listing(name, now + LATER)
    assert row(name).trouble == trouble
    assert HOUR <= row(name).next_at - now - LATER <= HOUR * 1.1
    assert not any(deleted(table) for table in (Workflow, Deployment, Machine))
    assert name in directory.not_listed()


def test_the_simulators_403_is_done_without(upstream: Simulator, now: datetime) -> None:
    upstream.workspace.forbidden = {"machines"}
    discover(now)
    assert list(directory.not_listed()) == ["machines"]
    assert Workflow.objects.exists() and not Machine.objects.exists()
    upstream.workspace.forbidden.clear()
    discover(now + HOUR)
    assert not list(directory.not_listed()) and Machine.objects.exists()


def test_trouble_waits_longer_each_time(upstream: Simulator, now: datetime) -> None:
    upstream.script_path("/machines/all", [(500, {}, b"no")])
    waits = []
    for _ in range(6):
        listing("machines", now)
        waits.append((row("machines").next_at - now).total_seconds())
    for wait, least in zip(waits, (60, 120, 240, 480, 600, 600), strict=True):
        assert least <= wait <= least * 1.1
    upstream.script_path("/machines/all", [b"[]"])
    listing("machines", now)
    assert (row("machines").trouble, row("machines").failures) == (None, 0)


def test_a_limits_wait_is_kept(upstream: Simulator, now: datetime) -> None:
    upstream.script_path("/machines/all", [(429, {"retry-after": "900"}, b"")])
    listing("machines", now)
    assert row("machines").next_at - now >= timedelta(seconds=900)


def test_odd_rows_harm_nothing(upstream: Simulator, now: datetime) -> None:
    upstream.workspace.odd = True
    discover(now)
    assert Workflow.objects.count() == len(WORKFLOWS) + 3
    assert Workflow.objects.get(name="from tomorrow").changed_at is None
    assert not deleted(Workflow)


def test_a_name_that_is_no_longer_sent_stays(upstream: Simulator, now: datetime) -> None:
    one = uuid4()
    upstream.script_path("/machines/all", [page(one), page(one, name=None)])
    for wait in (0, 1):
        listing("machines", now + wait * LATER)
    assert Machine.objects.get().name == "x"


def test_ten_thousand_rows_are_stored_in_few_statements(upstream: Simulator, now: datetime) -> None:
    upstream.script_path("/workflows/all", [page(*(uuid4() for _ in range(10_000)))])
    for wait in (0, 1):
        with CaptureQueriesContext(connection) as queries:
            assert listing("workflows", now + wait * LATER) == 1
        assert len(queries) < 600  # each joins what is followed, too
    assert Workflow.objects.count() == 10_000


def test_what_is_wanted_during_a_listing_starts_the_next_one_soon(
    upstream: Simulator, now: datetime
) -> None:
    asked = row("machines")
    DirectoryList.objects.filter(name="machines").update(wanted_at=now + timedelta(seconds=1))
    discovery.refresh(asked, now)
    assert row("machines").next_at == now + timedelta(minutes=1)


def test_a_run_of_an_unknown_workflow_has_the_lists_asked_for(upstream: Simulator) -> None:
    now = timezone.now()
    discover(now - timedelta(minutes=5))
    unknown = str(uuid4())
    store(answer(workflow_id=unknown, machine_id=HARBOUR.machine_id))
    due = {each.name for each in DirectoryList.objects.due(timezone.now())}
    assert due == {"workflows"}, "its machine is known"
    DirectoryList.objects.update(next_at=now + HOUR)
    store(answer(workflow_id=unknown))
    assert not DirectoryList.objects.due(timezone.now()).filter(name="workflows").exists()
    assert Run.objects.count() == 2
