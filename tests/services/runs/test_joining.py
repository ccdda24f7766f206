"""Where everything is followed, new workflows join by themselves."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dashboard.models import Board, DirectoryList, Follow, Name, Workflow
from dashboard.services import clock
from dashboard.services.runs import board, discovery, follow, joining
from dashboard.simulator import Simulator
from dashboard.simulator.workspace import Workspace
from tests.builders import NOON

pytestmark = pytest.mark.django_db


def workflow(**given: Any) -> Workflow:
    return Workflow.objects.create(uuid=uuid4(), seen_at=NOON, **given)


def test_each_workflow_joins_once_the_last_changed_first() -> None:
    old, new = (workflow(changed_at=NOON - timedelta(days=days)) for days in (9, 1))
    undated, gone = workflow(), workflow(deleted_at=NOON)
    assert joining.join(NOON) == 3
    due = Follow.objects.active().order_by("next_at").values_list("target", flat=True)
    assert list(due) == [new.pk, old.pk, undated.pk]
    assert gone.pk not in due
    assert all(row.next_at <= NOON and row.history_from for row in Follow.objects.all())
    assert Name.objects.filter(kind="workflow").count() == 3
    assert joining.join(NOON) == 0


def test_what_was_left_out_or_paused_stays_so() -> None:
    left_out, paused = workflow(), workflow()
    joining.join(NOON)
    follow.leave_out(Follow.objects.get(target=left_out.pk).pk, NOON)
    follow.pause([Follow.objects.get(target=paused.pk).pk], None, NOON)
    joining.join(NOON)
    assert not Follow.objects.active().exists() and Follow.objects.count() == 2


@pytest.mark.parametrize(("key", "everything"), [("", True), ("a-key", False)])
def test_nothing_joins_without_a_key_or_where_it_is_chosen(
    settings: Any, key: str, everything: bool
) -> None:
    settings.COMFYDEPLOY_API_KEY = key
    workflow()
    joining.choose(everything, NOON)
    assert not Follow.objects.exists()


def test_an_admins_choice_lets_them_join_at_once() -> None:
    board.choose(False, NOON)
    workflow()
    joining.start(NOON)
    assert Board.objects.exists() and not Follow.objects.exists()
    joining.choose(True, NOON)
    assert Follow.objects.count() == 1


def test_thousands_join_with_few_statements(django_assert_max_num_queries: Any) -> None:
    rows = [Workflow(uuid=UUID(int=n + 1), name="w", seen_at=NOON) for n in range(2000)]
    Workflow.objects.bulk_create(rows)
    with django_assert_max_num_queries(100):
        assert joining.join(NOON) == 2000


def test_they_join_when_the_list_of_workflows_was_read(settings: Any) -> None:
    with Simulator(port=0, key="test-key", workspace=Workspace(12), quiet=True) as upstream:
        settings.COMFYDEPLOY_API_URL = upstream.url
        now = clock.now()
        row = DirectoryList.objects.create(name="workflows", next_at=now)
        discovery.refresh(row, now)
    assert Follow.objects.active().count() == 12
