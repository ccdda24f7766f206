"""What is followed, in rows: counts by day, the newest run, names and listings."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.domain.tally import Tally
from dashboard.models import Deployment, Follow, Gate, Run, Workflow
from dashboard.services.comfydeploy import gate, shared_state
from dashboard.services.runs import follow, follow_overview, run_counts
from dashboard.services.runs.follow_overview import FollowedList
from tests.builders import NOON

pytestmark = pytest.mark.django_db
MIDNIGHT = NOON.replace(hour=0)


def run(at: datetime, **given: object) -> Run:
    values = {"status": "success", "finished": True, "start_kind": "warm", **given}
    return Run.objects.create(uuid=uuid4(), created_at=at, sorted_at=at, first_seen_at=at, **values)


def followed(kind: str = "workflow", target: UUID | None = None) -> FollowedList:
    row, _ = follow.add(kind, target or uuid4(), NOON)
    return next(one for one in follow_overview.followed_lists(NOON) if one.row.pk == row.pk)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (NOON, 13),
        (MIDNIGHT, 13),
        (MIDNIGHT - timedelta(microseconds=1), 12),
        (MIDNIGHT - timedelta(days=13), 0),
        (MIDNIGHT - timedelta(days=13, microseconds=1), None),
    ],
)
def test_a_run_counts_on_its_day(at: datetime, day: int | None) -> None:
    one = followed()
    run(at, workflow_id=one.id)
    found = follow_overview.activity([one], NOON)[one.row.pk]
    assert [n for n, tally in enumerate(found.days) if tally.runs] == ([] if day is None else [day])
    assert len(found.days) == 14


@pytest.mark.parametrize("kind", ["workflow", "deployment"])
def test_what_of_the_runs_failed_and_started_cold(kind: str) -> None:
    one, other = followed(kind), followed(kind)
    column = f"{kind}_id"
    for given in (
        {},
        {"status": "failed"},
        {"status": "timeout", "start_kind": "cold"},
        {"status": "running", "finished": False, "start_kind": "unknown"},
        {"status": "cancelled", "start_kind": "cold"},
    ):
        run(NOON, **{column: one.id}, **given)
    run(NOON, **{column: other.id})
    run(NOON, **{column: str(uuid4())})
    Run.objects.create(uuid=uuid4(), first_seen_at=NOON, sorted_at=NOON, **{column: one.id})
    found = follow_overview.activity([one, other], NOON)
    assert found[one.row.pk].today == Tally(runs=5, failed=2, cold=2, started=4)
    assert found[other.row.pk].today == Tally(runs=1, started=1)


@pytest.mark.parametrize("kind", ["workflow", "deployment"])
def test_the_newest_run_of_each(kind: str) -> None:
    lists = [followed(kind) for _ in range(3)]
    for one in lists[:2]:
        for hours in (3, 1, 2):
            run(NOON - timedelta(hours=hours), **{f"{kind}_id": one.id})
    found = follow_overview.newest(lists)
    assert {pk: each.sorted_at for pk, each in found.items()} == {
        one.row.pk: NOON - timedelta(hours=1) for one in lists[:2]
    }


def test_a_run_of_a_workflow_and_its_deployment_counts_once() -> None:
    workflow, deployment = followed(), followed("deployment")
    run(NOON, workflow_id=workflow.id, deployment_id=deployment.id)
    run(NOON, workflow_id=workflow.id)
    run(NOON - timedelta(days=1), workflow_id=workflow.id)
    assert follow_overview.runs_today([workflow, deployment], NOON) == 2
    assert follow_overview.today([workflow, deployment], NOON) == {
        workflow.row.pk: 2, deployment.row.pk: 1
    }  # fmt: skip


def test_a_deployment_is_named_after_its_workflow_beside_its_environment() -> None:
    above = Workflow.objects.create(uuid=uuid4(), name="packshot-studio", seen_at=NOON)
    given = {"seen_at": NOON, "workflow_id": above.pk, "environment": "staging"}
    for name, shown in (
        ("packshot-studio, staging", "packshot-studio"),
        ("staging", "packshot-studio"),
        ("", "packshot-studio"),
        ("my own", "my own"),
    ):
        target = Deployment.objects.create(uuid=uuid4(), name=name, **given).pk
        one = followed("deployment", target).shown
        assert (one.name, one.environment, one.workflow_id) == (shown, "staging", str(above.pk))
    assert followed("workflow", above.pk).shown.deployments == 4


def test_what_left_comfydeploy_is_told_before_all_else() -> None:
    target = Workflow.objects.create(uuid=uuid4(), seen_at=NOON, deleted_at=NOON).pk
    one = followed(target=target)
    follow.pause([one.row.pk], None, NOON)
    (one,) = follow_overview.followed_lists(NOON)
    assert one.shown.gone and one.listing.word == "gone"


def test_a_closed_gate_holds_for_every_row_and_says_until_when() -> None:
    until = NOON + timedelta(minutes=3)
    followed()
    key = shared_state.key_digest()
    Gate.objects.create(id=1, reason="rate-limited", since=NOON, until=until, key=key)
    gate.forget()
    (one,) = follow_overview.followed_lists(NOON)
    assert (one.listing.word, one.listing.at) == ("rate-limited", until)


def test_listed_rows_stand_before_paused_and_lost_ones() -> None:
    lost = Workflow.objects.create(uuid=uuid4(), name="a", seen_at=NOON, deleted_at=NOON).pk
    names = {"b": False, "C": False, "0": True}
    for name, paused in names.items():
        target = Workflow.objects.create(uuid=uuid4(), name=name, seen_at=NOON).pk
        row, _ = follow.add("workflow", target, NOON)
        if paused:
            follow.pause([row.pk], None, NOON)
    follow.add("workflow", lost, NOON)
    follow.add("workflow", uuid4(), NOON)
    shown = [one.shown.name for one in follow_overview.followed_lists(NOON)]
    assert shown == ["b", "C", "", "0", "a"]


def test_five_hundred_rows_cost_the_queries_of_two() -> None:
    def queries() -> int:
        gate.forget()
        with CaptureQueriesContext(connection) as asked:
            lists = follow_overview.followed_lists(NOON)
            follow_overview.activity(lists, NOON)
            follow_overview.runs_today(lists, NOON)
        return len(asked)

    for count in (1, 250):
        Follow.objects.bulk_create(
            Follow(kind=kind, target=uuid4(), since=NOON, next_at=NOON)
            for kind in ("workflow", "deployment")
            for _ in range(count)
        )
        Run.objects.bulk_create(
            Run(uuid=uuid4(), status="success", finished=True, first_seen_at=NOON, sorted_at=NOON,
                **{f"{row.kind}_id": str(row.target)})
            for row in Follow.objects.all()
        )  # fmt: skip
        if count == 1:
            one = queries()
    assert queries() == one


def test_a_year_of_runs_is_not_read_for_fourteen_days() -> None:
    one = followed()
    run(NOON - timedelta(days=100), workflow_id=one.id)
    assert run_counts.by_day("workflow", [one.id], NOON) == {}
    assert follow_overview.newest([one])[one.row.pk].sorted_at == NOON - timedelta(days=100)
