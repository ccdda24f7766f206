"""The containers of several runs at once."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from dashboard.models import Container, Run, UsedMachine
from dashboard.services.machines import container_stories, queue_splits
from dashboard.services.machines.prices import KnownPrice
from tests.builders import NOON

pytestmark = pytest.mark.django_db
PRICE = KnownPrice(Decimal("0.001"), None)


def ran(n: int, container: UUID, seconds: float) -> Run:
    begin = NOON + timedelta(minutes=n)
    return Run.objects.create(
        uuid=UUID(int=n), status="success", finished=True, machine_id="m0",
        created_at=begin, sorted_at=begin, started_at=begin, first_seen_at=begin,
        ended_at=begin + timedelta(seconds=seconds), gpu_event_id=str(container),
    )  # fmt: skip


def test_runs_share_their_container_by_what_each_pays(django_assert_num_queries: Any) -> None:
    ids = [UUID(int=n) for n in (91, 92, 93)]
    for n, each in enumerate(ids[:2]):
        start = NOON + timedelta(minutes=10 * n)
        end = start + timedelta(seconds=400) if n == 0 else None
        Container.objects.create(
            id=each, machine_id="m0", started_at=start, ended_at=end, open=not end, listed_at=start
        )
    runs = [ran(1, ids[0], 10), ran(2, ids[0], 30), ran(11, ids[1], 5), ran(12, ids[2], 5)]
    held = queue_splits.containers_of(runs)
    prices: dict[int, KnownPrice | None] = {run.pk: PRICE for run in runs}
    with django_assert_num_queries(1):
        told = container_stories.containers_of(runs, held, prices, {})
    first, second, other = (told[run.pk] for run in runs[:3])
    assert runs[3].pk not in told, "it is not known"
    assert (first.runs, first.cost) == (2, Decimal("0.400000"))
    assert (first.share, second.share) == (Decimal("0.100000"), Decimal("0.300000"))
    assert first.share_is_most, "the machine is not known"
    assert (other.runs, other.cost, other.share) == (1, None, None)
    dearer = {**prices, runs[1].pk: KnownPrice(Decimal("0.002"), None)}
    machines = {"m0": UsedMachine(id="m0", idle_timeout=600)}
    told = container_stories.containers_of(runs, held, dearer, machines)
    assert told[runs[0].pk].share == first.share
    assert told[runs[1].pk].share == Decimal("0.600000")
    assert not told[runs[0].pk].share_is_most


def test_without_containers_nothing_is_asked(django_assert_num_queries: Any) -> None:
    run = ran(1, UUID(int=91), 5)
    with django_assert_num_queries(0):
        assert container_stories.containers_of([run], {}, {run.pk: PRICE}, {}) == {}
