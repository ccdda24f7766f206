"""The node times of many runs: reported, else as they were seen, and no more than are bounded."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from dashboard.domain.insights.runs import InsightRun
from dashboard.models import Run, RunNodes
from dashboard.services.insights import nodes
from tests.builders import answer, running, stamp, store
from tests.domain.insights.histories import insight_run

pytestmark = pytest.mark.django_db


def reported(run: Run, seconds: float = 3.0) -> None:
    rows = [{"id": "3", "type": "KSampler", "seconds": seconds, "vram": None}]
    RunNodes.objects.create(run=run, reported=rows, read_at=run.first_seen_at)


def watched(created: datetime) -> Run:
    first = running(created=created, live_status="Executing A", progress=0.1)
    for second, words in {2: "Executing A", 4: "Executing A", 6: "Executing B"}.items():
        sent = {**first, "live_status": words, "progress": second / 10}
        store(sent, created + timedelta(seconds=20 + second))
    ended = answer(created=created, ended_at=stamp(created + timedelta(seconds=40)))
    return store({**ended, "id": first["id"]}, created + timedelta(seconds=42))


def told(run: Run) -> InsightRun:
    return insight_run(id=run.pk, created=run.created_at, ended=run.ended_at, run=20.0)


def test_reported_times_come_before_those_seen(now: datetime) -> None:
    seen, report, nothing = (
        watched(now - timedelta(minutes=9)),
        watched(now - timedelta(minutes=6)),
        store(answer(created=now - timedelta(minutes=3))),
    )
    reported(report)
    found = nodes.nodes_of([told(seen), told(report), told(nothing)])
    assert not found.cut
    assert [[(one.id, one.type, one.seconds) for one in run.nodes] for run in found.runs] == [
        [("3", "KSampler", 3.0)],
        [("", "A", 4.0), ("", "B", 14.0)],
    ]


def test_of_many_the_newest_are_read(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [store(answer(created=now - timedelta(minutes=9 - n))) for n in range(5)]
    for n, run in enumerate(runs):
        reported(run, float(n))
    monkeypatch.setattr(nodes, "NEWEST", 2)
    found = nodes.nodes_of([told(run) for run in runs])
    assert found.cut
    assert [run.nodes[0].seconds for run in found.runs] == [4.0, 3.0]
    monkeypatch.setattr(nodes, "LOOKED_AT", 1)
    found = nodes.nodes_of([told(run) for run in runs])
    assert found.cut and len(found.runs) == 1


def test_it_costs_three_queries_for_two_thousand(
    now: datetime, django_assert_max_num_queries: Any
) -> None:
    runs = [told(store(answer(created=now - timedelta(minutes=n)))) for n in range(4)]
    with django_assert_max_num_queries(3):
        nodes.nodes_of(runs)
    with django_assert_max_num_queries(0):
        assert nodes.nodes_of([]) == nodes.NodesRead()
