"""The last good run before one that failed or was slow."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from dashboard.domain.changed.since_good import RunFact
from dashboard.models import Container, Name, Run, UsedMachine, WorkflowVersion
from dashboard.services.runs import since_good
from dashboard.services.runs.since_good import SinceGood
from tests.builders import answer, listed, store

pytestmark = pytest.mark.django_db
V14, V15 = "148268de-9925-541e-a65c-925082e806c4", "248268de-9925-541e-a65c-925082e806c4"


def ran(now: datetime, minutes: float, deployment: str | None = None, **given: Any) -> Run:
    run = store(answer(created=now - timedelta(minutes=minutes), **given), now)
    if deployment:
        Run.objects.filter(pk=run.pk).update(deployment_id=deployment)
        run.deployment_id = deployment
    return run


def found(run: Run, *, slow: bool = False) -> SinceGood | None:
    since_good.forget()
    return since_good.since_good(run, slow=slow)


def test_it_is_the_newest_success_of_the_workflow_before(now: datetime) -> None:
    ran(now, 30)
    good = ran(now, 20, gpu="L40S")
    ran(now, 15, status="failed")
    ran(now, 12, workflow_id="another")
    failed = ran(now, 10, status="failed", gpu="A10G")
    ran(now, 5)  # later
    told = found(failed)
    assert told and told.good and told.good.uuid == good.uuid and told.good.same_deployment
    assert told.changes and [one.fact for one in told.changes.facts] == [RunFact.GPU]


def test_one_of_the_same_deployment_comes_before_a_newer_one(now: datetime) -> None:
    good = ran(now, 30, "d1")
    other = ran(now, 20, "d2")
    told = found(ran(now, 10, "d1", status="failed"))
    assert told and told.good and told.good.uuid == good.uuid and told.good.same_deployment
    told = found(ran(now, 9, "d3", status="timeout"))
    assert told and told.good and told.good.uuid == other.uuid and not told.good.same_deployment


def test_without_a_good_run_it_says_so_and_a_good_one_has_none(now: datetime) -> None:
    assert found(ran(now, 30, status="failed")) == SinceGood()
    good = ran(now, 20)
    assert found(good) is None
    assert found(ran(now, 15, status="cancelled"), slow=True) is None
    told = found(ran(now, 10), slow=True)
    assert told and told.good and told.good.uuid == good.uuid


def test_the_newest_counts_also_where_only_a_list_has_told_of_it(now: datetime) -> None:
    good = listed(created=now - timedelta(minutes=30))
    told = found(failed := ran(now, 10, status="failed"))
    assert told and told.good and told.good.uuid == good.uuid
    assert told.changes and told.changes.inputs is None
    ran(now, 40)
    told = found(failed)
    assert told and told.good and told.good.uuid == good.uuid
    read = ran(now, 20)
    told = found(failed)
    assert told and told.good and told.good.uuid == read.uuid


def test_versions_machines_and_graphs_are_those_of_the_runs(now: datetime) -> None:
    for version, steps in ((V14, 20), (V15, 28)):
        graph = {"3": {"class_type": "KSampler", "inputs": {"steps": steps}}}
        WorkflowVersion.objects.create(id=version, graph=graph, read_at=now)
    Name.objects.update_or_create(kind="version", upstream_id=V15, defaults={"text": "v15"})
    UsedMachine.objects.create(id="m", version_id="mv7", version=7)
    boxes = [f"{n}7c1e9f4-3b0a-4d1e-9a57-2f6d0c88e1b4" for n in (1, 2)]
    for box, version in zip(boxes, ("mv6", "mv7"), strict=True):
        Container.objects.create(
            id=box, machine_id="m", machine_version_id=version, open=False, listed_at=now
        )
    ran(now, 20, machine_id="m", workflow_version_id=V14, gpu_event_id=boxes[0])
    told = found(
        ran(
            now, 10, status="failed", machine_id="m", workflow_version_id=V15,
            gpu_event_id=boxes[1],
        )
    )  # fmt: skip
    assert told and told.changes and told.changes.nodes
    assert told.changes.nodes.changed_nodes == 1
    assert [(one.fact, one.before, one.after) for one in told.changes.facts] == [
        (RunFact.VERSION, V14, V15),
        (RunFact.MACHINE_VERSION, "mv6", "mv7"),
    ]
    assert told.names == {V15: "v15", "mv7": "v7"}


def test_it_is_read_once_a_minute(now: datetime, django_assert_max_num_queries: Any) -> None:
    ran(now, 20)
    failed = ran(now, 10, status="failed")
    with django_assert_max_num_queries(7):
        found(failed)
    with django_assert_max_num_queries(0):
        since_good.since_good(failed)


def test_several_runs_at_once_are_told_as_each(
    now: datetime, django_assert_max_num_queries: Any
) -> None:
    ran(now, 50, "d1", gpu="L4")
    ran(now, 40, "", gpu="L40S", workflow_version_id=V14)
    runs = [
        ran(now, 30, "d1", status="failed"),
        ran(now, 29, "d3", status="timeout", workflow_version_id=V15),
        ran(now, 28, "", status="failed"),
        ran(now, 27, status="failed", workflow_id="alone"),
        ran(now, 26),
    ]
    each = {run.pk: told for run in runs if (told := found(run)) is not None}
    with django_assert_max_num_queries(6):
        told = since_good.since_good_of(runs)
    assert told == each
    assert [one.good and one.good.same_deployment for one in told.values()] == [
        True, False, True, None,
    ]  # fmt: skip
    assert since_good.since_good_of([]) == {}
