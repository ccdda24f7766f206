"""The nodes of a run, from a report or from what was seen."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from dashboard.models import Run, RunNodes
from dashboard.services.runs import nodes
from tests.builders import answer, running, stamp, store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    nodes.forget()


def reported(run: Run, **seconds: float) -> None:
    rows = [
        {"id": node, "type": "A", "seconds": took, "vram": None} for node, took in seconds.items()
    ]
    RunNodes.objects.create(run=run, reported=rows, read_at=run.first_seen_at)


def test_a_report_is_told_with_the_medians_of_earlier_runs(now: datetime) -> None:
    for minutes in range(1, 6):
        reported(store(answer(created=now - timedelta(minutes=minutes))), n3=float(minutes))
    run = store(answer(created=now))
    reported(run, n3=9.0, n4=1.0)
    told = nodes.nodes_of(run)
    assert (told.source, [one.seconds for one in told.reported]) == (nodes.REPORTED, [9.0, 1.0])
    assert {node: band.p50 for node, band in told.usual.items()} == {"n3": 3.5}, (
        "of six runs; the other node was in one"
    )


def test_what_was_seen_of_a_live_run_gives_ranges(now: datetime) -> None:
    created = now - timedelta(minutes=2)
    seen = {2: "Executing A", 4: "Executing A", 6: "Executing B"}
    first = running(created=created, live_status="Executing A", progress=0.1)
    for second, words in seen.items():
        sent = {**first, "live_status": words, "progress": second / 10}
        run = store(sent, created + timedelta(seconds=20 + second))
    ended = answer(created=created, ended_at=stamp(created + timedelta(seconds=40)))
    run = store({**ended, "id": first["id"]}, created + timedelta(seconds=42))
    told = nodes.nodes_of(run)
    assert told.source == nodes.SAMPLED
    assert [(one.type, one.low) for one in told.sampled] == [("A", 2.0), ("B", 0.0)]


def test_without_either_nothing_is_told(now: datetime) -> None:
    assert nodes.nodes_of(store(answer(created=now))) == nodes.RunNodeTimes()
    assert nodes.nodes_of(store(running(created=now))) == nodes.RunNodeTimes()


def test_it_costs_two_queries(now: datetime, django_assert_max_num_queries: Any) -> None:
    run = store(answer(created=now))
    reported(run, n3=9.0)
    with django_assert_max_num_queries(2):
        nodes.nodes_of(run)


def test_the_nodes_of_several_runs_take_two_queries(
    now: datetime, django_assert_num_queries: Any
) -> None:
    told, bare, live = store(answer(created=now)), store(answer()), store(running())
    reported(told, n3=9.0)
    seen = running(created=now)
    for second in range(4):
        store({**seen, "progress": second / 10}, now + timedelta(seconds=second))
    ended = store({**answer(created=now), "id": seen["id"]}, now + timedelta(minutes=1))
    with django_assert_num_queries(2):
        found = nodes.times_of([told, bare, live, ended])
    assert {pk: one.source for pk, one in found.items()} == {
        told.pk: nodes.REPORTED,
        ended.pk: nodes.SAMPLED,
    }
    assert found[ended.pk] == nodes.nodes_of(ended)
