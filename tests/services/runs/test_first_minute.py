"""What a key finds in its first minutes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.models import Deployment, DirectoryList, Follow, Name, Run, Workflow
from dashboard.services.runs import board, directory, discovery, first_minute, follow, history
from dashboard.services.runs.first_minute import Totals
from dashboard.simulator import Simulator
from tests.builders import answer, running, store
from tests.workspaces import followed, listed, twelve, workflow

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("row", "has_one", "state"),
    [
        (None, False, "waiting"),
        ({"listed_at": None}, False, "listing"),
        ({"listed_at": None, "trouble": "unreachable"}, False, "listing"),
        ({"listed_at": None}, True, "found"),
        ({}, False, "nothing"),
        ({}, True, "found"),
        ({"listed_at": None, "trouble": "forbidden"}, False, "forbidden"),
        ({"trouble": "not-found"}, False, "forbidden"),
        ({"trouble": "forbidden"}, True, "found"),
    ],
)
def test_how_far_the_search_for_workflows_is(
    now: datetime, row: dict[str, Any] | None, has_one: bool, state: str
) -> None:
    if row is not None:
        listed(now, **row)
    if has_one:
        workflow(now)
    assert first_minute.discovery_state() == state


def test_without_a_key_there_is_no_search(settings: Any, now: datetime) -> None:
    settings.COMFYDEPLOY_API_KEY = ""
    listed(now)
    assert first_minute.discovery_state() == "no-key"


def test_a_key_that_may_not_list_is_told_from_comfydeploys_answer(
    upstream: Simulator, now: datetime
) -> None:
    upstream.workspace.forbidden = {"workflows"}
    directory.start(now)
    discovery.refresh(DirectoryList.objects.get(name="workflows"), now)
    assert first_minute.discovery_state() == "forbidden"


def test_the_newest_runs_stand_first_and_environments_are_tags(now: datetime) -> None:
    ids = twelve(now)
    found = first_minute.workspace(now)
    assert [row.id for row in found.workflows[:10]] == ids[:10]
    assert found.workflows[1].environments == ("production", "staging")
    assert (found.deployments, found.ticked) == (4, 12)
    quiet = [row.name for row in found.workflows if row.quiet(now)]
    assert quiet == ["flux-lora-test", "old-sdxl-demo"]


def test_what_was_deleted_is_not_found(now: datetime) -> None:
    gone = workflow(now, "gone", "production")
    kept = workflow(now, "kept")
    Workflow.objects.filter(pk=gone).update(deleted_at=now)
    Deployment.objects.update(deleted_at=now)
    found = first_minute.workspace(now)
    assert ([row.id for row in found.workflows], found.deployments) == ([kept], 0)


def test_before_its_first_list_a_workflow_is_not_called_quiet(now: datetime) -> None:
    followed(workflow(now), now, answered_at=None)
    (row,) = first_minute.workspace(now).workflows
    assert not row.quiet(now)


@pytest.mark.parametrize("joins", [True, False])
def test_a_workflow_without_a_follow_is_ticked_where_all_join(now: datetime, joins: bool) -> None:
    workflow(now)
    board.choose(joins, now)
    found = first_minute.workspace(now)
    assert (found.joins, found.workflows[0].ticked) == (joins, joins)


def test_each_workflow_counts_its_own_past_runs(now: datetime) -> None:
    one, other = workflow(now, "one"), workflow(now, "other")
    for target in (one, other):
        followed(target, now)
    for hours in range(3):
        store(answer(created=now - timedelta(hours=hours + 1), workflow_id=str(one)))
    Run.objects.filter(pk=Run.objects.newest()[0].pk).update(observed_at=None)
    history.forget()
    found = {row.name: (row.read, row.listed) for row in first_minute.workspace(now).workflows}
    assert found == {"one": (2, 3), "other": (0, 0)}


def test_the_queries_do_not_grow_with_the_workflows(now: datetime) -> None:
    def queries() -> int:
        history.forget()
        with CaptureQueriesContext(connection) as asked:
            first_minute.workspace(now)
        return len(asked)

    followed(workflow(now, "one", "production"), now)
    one = queries()
    for _ in range(20):
        followed(workflow(now, "more", "production", "staging"), now)
    assert queries() == one


def test_totals_are_of_the_fetched_runs_of_the_days_that_are_read(now: datetime) -> None:
    store(answer(created=now - timedelta(hours=1)))
    store(answer(created=now - timedelta(hours=2), cold_start_duration=0.1, status="failed"))
    store(answer(created=now - timedelta(hours=3), status="timeout"))
    store(answer(created=now - timedelta(days=8), status="failed"))
    store(running(created=now))
    untold = [
        store(answer(created=now - timedelta(hours=4), status=status)).pk
        for status in ("success", "failed")
    ]
    Run.objects.filter(pk__in=untold).update(observed_at=None)
    assert first_minute.totals(7, now) == Totals(fetched=4, cold=3, failed=2, live=1)


def test_the_newest_runs_are_five(now: datetime) -> None:
    made = [store(answer(created=now - timedelta(minutes=at))) for at in range(7)]
    assert [run.pk for run in first_minute.newest_runs()] == [run.pk for run in made[:5]]


def test_unticking_leaves_out_and_ticking_follows_again(now: datetime) -> None:
    one, other = workflow(now, "one"), workflow(now, "other")
    followed(one, now)
    first_minute.tick([one], False, now)
    ticked = {row.name: row.ticked for row in first_minute.workspace(now).workflows}
    assert ticked == {"one": False, "other": True}
    later = now + timedelta(minutes=5)
    first_minute.tick([one, uuid4()], True, later)
    row = Follow.objects.get()
    assert (row.target, row.left_out_at, row.next_at) == (one, None, later)
    first_minute.tick(None, False, later)
    assert Follow.objects.filter(left_out_at=later, target__in=[one, other]).count() == 2


def test_what_is_ticked_anew_is_followed_as_by_hand(now: datetime) -> None:
    by_tick, by_hand = workflow(now, "by tick"), workflow(now, "by hand")
    first_minute.tick([by_tick], True, now)
    follow.add("workflow", by_hand, now)
    columns = ("since", "next_at", "history_from", "left_out_at", "paused_at", "answered_at")
    rows = [Follow.objects.values(*columns).get(target=one) for one in (by_tick, by_hand)]
    assert rows[0] == rows[1]
    assert Name.objects.filter(upstream_id__in=[str(by_tick), str(by_hand)]).count() == 2


def test_ticking_all_of_thousands(now: datetime) -> None:
    rows = [Workflow(uuid=uuid4(), name=f"w{at}", seen_at=now) for at in range(2000)]
    Workflow.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as asked:
        first_minute.tick(None, False, now)
    assert len(asked) < 60
    assert Follow.objects.filter(left_out_at=now).count() == 2000
    assert first_minute.workspace(now).ticked == 0


def test_reading_that_has_ended_is_no_longer_told(now: datetime) -> None:
    assert first_minute.reading(now) is None
    history.forget()
    row = followed(workflow(now), now, history_done_at=None)
    told = first_minute.reading(now)
    assert told is not None and not told.done
    Follow.objects.filter(pk=row.pk).update(history_done_at=now)
    history.forget()
    assert first_minute.reading(now) is None
