"""Runs as JSON in lists: each as its own JSON tells it, in as many queries for any number."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.domain.roles import VIEWER
from dashboard.models import (
    Container,
    Deployment,
    Name,
    Run,
    RunNodes,
    UsedMachine,
    WorkflowVersion,
)
from dashboard.services.machines import prices
from dashboard.services.runs import labels
from tests.builders import answer, element, listed, person, running, stamp, store

pytestmark = pytest.mark.django_db
LONG = {"outputs", "values", "inputs", "snapshots"}
ADDED = {"title", "prompt", "output_count", "thumbnail"}
V14, V15 = "148268de-9925-541e-a65c-925082e806c4", "248268de-9925-541e-a65c-925082e806c4"
FLUID = "54dc8e5d-27b4-4a0b-b21c-5a9fd6f5b771"
EVERY = timedelta(minutes=10)


def machines(now: datetime) -> None:
    prices.store({"H100": Decimal("0.001")}, now - timedelta(days=9))
    prices.store({"H100": Decimal("0.002")}, now - timedelta(hours=2))
    UsedMachine.objects.create(id="m0", idle_timeout=60, keep_warm=0, concurrency_limit=2)
    UsedMachine.objects.create(id="m1", idle_timeout=9, version=7, version_id="v7")
    Deployment.objects.create(uuid=FLUID, environment="production", fluid=True, seen_at=now)
    for version, text in ((V14, "v14"), (V15, "v15")):
        graph = {"3": {"class_type": "KSampler", "_meta": {"title": f"Base {text}"}}}
        WorkflowVersion.objects.create(id=version, graph=graph, read_at=now)
        row = {"kind": "version", "upstream_id": version}
        Name.objects.update_or_create(**row, defaults={"text": text})


def container(n: int, start: datetime, **given: Any) -> str:
    found = Container.objects.create(
        id=UUID(int=n), machine_id=f"m{n % 2}", machine_version_id=f"v{7 + n % 3}", gpu="H100",
        started_at=start, ended_at=start + timedelta(seconds=200), open=False, listed_at=start,
    )  # fmt: skip
    Container.objects.filter(pk=found.pk).update(**given)
    return str(found.pk)


def seen_running(created: datetime, **given: Any) -> Run:
    """A run of which looks at its nodes are stored."""
    first = running(created=created, live_status="Executing A", progress=0.1, **given)
    for second, words in ((2, "Executing A"), (4, "Executing A"), (6, "Executing B")):
        sent = {**first, "live_status": words, "progress": second / 10}
        store(sent, created + timedelta(seconds=20 + second))
    return store({**answer(created=created, **given), "id": first["id"]}, created + EVERY)


def warm(created: datetime, wait: float = 1.0) -> dict[str, Any]:
    times = {"queued_at": wait, "started_at": wait + 1, "ended_at": wait + 20}
    return {
        **{name: stamp(created + timedelta(seconds=at)) for name, at in times.items()},
        "cold_start_duration": 1.0,
        "cold_start_duration_total": wait + 1,
        "run_duration": 19.0,
        "duration": wait + 20,
    }


def hour(created: datetime, n: int) -> None:
    """Ten runs, each of another kind."""
    one = container(10 * n + 2, created - timedelta(seconds=1))
    two = container(10 * n + 3, created + 4 * EVERY + timedelta(seconds=1), ended_at=None)
    session = container(10 * n + 4, created, session_id="s")
    at = [created + EVERY * place for place in range(10)]
    on = {"machine_id": "m0", "workflow_version_id": V14}
    other = {"machine_id": "m1", "workflow_version_id": V15}
    good = store(answer(created=at[0], gpu_event_id=one, outputs=[element()], **on))
    rows = [{"id": "3", "type": "KSampler", "seconds": 3.5, "vram": 5}]
    RunNodes.objects.create(run=good, reported=rows, read_at=created)
    soon = at[0] + timedelta(seconds=50)
    store(answer(created=soon, gpu_event_id=one, **on, **warm(soon, 5.0)))
    seen_running(at[2], **other, user_id="user_a")
    store(answer(created=at[3], status="failed", **other, workflow_inputs={"seed": 7}))
    store(answer(created=at[4], status="timeout", gpu_event_id=two, **other))
    store(answer(created=at[5], gpu_event_id=session, **on))
    store(answer(created=at[6], gpu=None, machine_id=None))
    listed(created=at[7])
    store(running(created=at[8], **on))
    new = store(answer(created=at[9], status="failed", workflow_id=f"alone{n}", **on))
    Run.objects.filter(pk__in=(good.pk, new.pk)).update(deployment_id=FLUID, label="Hero")
    labels.add_tag(new, "final", None)


def summaries(client: Client, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/runs.json?limit=200{query}").json()["runs"]
    return found


def check_all(client: Client, *, but: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """Every summary equals the run's own JSON; what it tells of its age is of another moment."""
    told = summaries(client)
    for one in told:
        whole = client.get(f"/runs/{one['id']}.json").json()
        assert set(one) == (set(whole) - LONG) | ADDED
        for name in set(one) - ADDED - {"freshness"} - but:
            assert one[name] == whole[name], (name, one["status"])
    return told


def test_each_is_the_runs_own_json_in_all_that_both_tell(ana: Client, now: datetime) -> None:
    machines(now)
    for n in range(2):
        hour(now - timedelta(hours=3 * n + 4), n)
    told = check_all(ana)
    # The board has something of everything.
    assert len(told) == 20
    assert {one["nodes"]["source"] for one in told} == {"reported", "sampled", None}
    assert {row["title"] for one in told for row in one["nodes"]["list"]} == {"Base v14", None}
    words = {one["start_reason"] and one["start_reason"]["word"] for one in told}
    assert words >= {"idle", "first-of-machine", None}, words
    assert {bool(one["container"]) for one in told} == {True, False}
    assert max(one["container"]["runs"] for one in told if one["container"]) == 2
    costs = [one["cost"] for one in told if one["cost"]]
    assert {bool(cost["container_share"]) for cost in costs} == {True, False}
    assert len({cost["price_per_second"] for cost in costs}) >= 1
    changed = [one["changed"] for one in told if one["changed"]]
    assert {bool(one["since"]) for one in changed} == {True, False}
    fields = {what["field"] for one in changed for what in one["what"]}
    assert fields >= {"inputs.seed"}, fields


def test_who_may_not_see_costs_gets_none(now: datetime) -> None:
    machines(now)
    hour(now - timedelta(hours=4), 0)
    client = Client()
    client.force_login(person("vera", VIEWER))
    told = check_all(client)
    assert all(one["cost"] is None for one in told)
    assert any(one["container"] for one in told) and any(one["start_reason"] for one in told)


def test_five_take_as_many_queries_as_fifty(ana: Client, now: datetime) -> None:
    machines(now)

    def queries() -> list[str]:
        summaries(ana)
        with CaptureQueriesContext(connection) as captured:
            summaries(ana)
        return [each["sql"][:200] for each in captured]

    hour(now - timedelta(hours=4), 0)
    few = queries()
    for n in range(1, 6):
        hour(now - timedelta(hours=3 * n + 4), n)
    assert len(summaries(ana)) == 60
    many = queries()
    assert len(few) == len(many), "\n".join(many)
