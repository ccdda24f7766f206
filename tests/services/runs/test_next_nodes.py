"""The next node of a live run, from an earlier run of its version."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from dashboard.models import Run, RunNodes, WorkflowVersion
from dashboard.services.runs import next_nodes
from tests.builders import answer, running, store

pytestmark = pytest.mark.django_db
VERSION = answer()["workflow_version_id"]
GRAPH = {
    "3": {"class_type": "KSampler", "inputs": {}, "_meta": {"title": "Base"}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0]}},
}


@pytest.fixture
def live(now: datetime) -> Run:
    return store(running(created=now - timedelta(minutes=1), live_status="Executing KSampler"))


def test_the_graph_tells_it_before_any_run_has_been_reported(now: datetime, live: Run) -> None:
    assert next_nodes.next_node(live) is None
    next_nodes.forget()
    WorkflowVersion.objects.create(id=VERSION, graph=GRAPH, read_at=now)
    assert next_nodes.next_node(live) == "VAEDecode"


def test_an_earlier_run_knows_better(now: datetime, live: Run) -> None:
    WorkflowVersion.objects.create(id=VERSION, graph=GRAPH, read_at=now)
    run = store(answer(created=now - timedelta(hours=1)))
    rows = [{"id": "3", "type": "KSampler", "seconds": 1.0, "vram": None},
            {"id": "7", "type": "Sharpen", "seconds": 1.0, "vram": None}]  # fmt: skip
    RunNodes.objects.create(run=run, reported=rows, read_at=now)
    Run.objects.filter(pk=run.pk).update(nodes_state="reported")
    assert next_nodes.next_node(live) == "Sharpen"


def test_it_is_read_once_a_minute(
    live: Run, django_assert_max_num_queries: Any, now: datetime
) -> None:
    with django_assert_max_num_queries(3):
        next_nodes.next_node(live)
    with django_assert_max_num_queries(0):
        next_nodes.next_node(live)


@pytest.mark.parametrize("given", [{"status": "uploading"}, {"live_status": None},
                                   {"workflow_version_id": None}])  # fmt: skip
def test_nothing_is_told_of_other_states(given: dict[str, Any], now: datetime) -> None:
    assert next_nodes.next_node(store(running(created=now, **given))) is None
