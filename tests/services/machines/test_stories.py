"""What a run's machine tells of it, from what is stored."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from dashboard.models import Container, Run, UsedMachine
from dashboard.services.machines import costs, prices, stories
from dashboard.services.machines.stories import Story
from tests.builders import answer, stamp, store

pytestmark = pytest.mark.django_db
MACHINE = "m1"
A, B = UUID(int=1), UUID(int=2)


@pytest.fixture(autouse=True)
def _known(now: datetime) -> None:
    stories.forget()
    prices.store({"H100": Decimal("0.001")}, now - timedelta(days=9))
    UsedMachine.objects.create(id=MACHINE, idle_timeout=60, keep_warm=0, concurrency_limit=2)


def up(container: UUID, start: datetime, end: datetime | None = None, **given: Any) -> None:
    row = {"machine_id": MACHINE, "gpu": "H100", "started_at": start, "ended_at": end}
    Container.objects.create(id=container, open=end is None, listed_at=start, **{**row, **given})


def ran(
    created: datetime,
    container: UUID | None = A,
    *,
    start: float = 1.0,
    run: float = 10.0,
    **given: Any,
) -> Run:
    """A run that waited 2 s, whose ComfyUI took `start` s, and which ran for `run` s."""
    queued, started = created + timedelta(seconds=2), created + timedelta(seconds=2 + start)
    sent = {
        "machine_id": MACHINE,
        "gpu": "H100",
        "gpu_event_id": str(container) if container else None,
        "queued_at": stamp(queued),
        "started_at": stamp(started),
        "ended_at": stamp(started + timedelta(seconds=run)),
        "cold_start_duration": start,
        "cold_start_duration_total": start + 2,
        "run_duration": run,
        "duration": start + 2 + run,
    }
    return store(answer(created=created, **{**sent, **given}), created + timedelta(minutes=5))


def test_a_cold_run_after_an_idle_machine(now: datetime) -> None:
    long_ago = now - timedelta(minutes=30)
    first = ran(long_ago, A)
    assert first.ended_at
    up(A, long_ago - timedelta(seconds=5), first.ended_at + timedelta(seconds=60))
    run = ran(now - timedelta(minutes=5), B, start=30.0)
    up(B, now - timedelta(minutes=5) + timedelta(seconds=1), now)
    told = stories.story_of(run)
    assert told.reason and (told.reason.word, told.reason.sure) == ("idle", True)
    assert told.last_run and told.last_run.uuid == first.uuid
    assert told.cost and (told.cost.start_up, told.cost.work) == (Decimal("0.03"), Decimal("0.01"))


def test_a_container_is_shared_by_its_runs(now: datetime) -> None:
    begin = now - timedelta(minutes=10)
    one, other = ran(begin), ran(begin + timedelta(seconds=30), run=30.0)
    assert other.ended_at
    up(A, begin - timedelta(seconds=3), other.ended_at + timedelta(seconds=60))
    told = [stories.story_of(run).container for run in (one, other)]
    shares = [container.share for container in told if container]
    costs = {container.cost for container in told if container}
    assert len(costs) == 1 and sum(filter(None, shares)) == costs.pop()
    assert (
        shares[0] and shares[1] and shares[1] == pytest.approx(shares[0] * 3, rel=Decimal("0.001"))
    )
    assert all(container and not container.share_is_most for container in told)
    assert told[0] and told[0].runs == 2


@pytest.mark.parametrize(
    ("machine", "most"),
    [
        ({}, False),
        ({"keep_warm": 1}, True),
        ({"idle_timeout": None}, True),
        ({"idle_timeout": 9}, True),
    ],
)
def test_a_share_is_an_upper_bound_where_runs_may_be_missing(
    now: datetime, machine: dict[str, Any], most: bool
) -> None:
    UsedMachine.objects.update(**machine)
    run = ran(now - timedelta(minutes=10))
    assert run.created_at and run.ended_at
    up(A, run.created_at, run.ended_at + timedelta(seconds=60))
    told = stories.story_of(run).container
    assert told and told.share_is_most == most


def test_a_container_that_is_up_or_gone_has_no_cost(now: datetime) -> None:
    run = ran(now - timedelta(minutes=10))
    up(A, now - timedelta(minutes=11))
    told = stories.story_of(run)
    assert told.cost and told.container
    assert (told.container.cost, told.container.share) == (None, None)


@pytest.mark.parametrize(
    "given",
    [{"gpu": None}, {"gpu": "unheard of"}, {"cold_start_duration": None, "run_duration": None,
      "queued_at": None, "started_at": None, "cold_start_duration_total": None}],
)  # fmt: skip
def test_without_a_price_or_times_there_is_no_cost(now: datetime, given: dict[str, Any]) -> None:
    assert stories.story_of(ran(now - timedelta(minutes=5), None, **given)).cost is None


def test_a_persons_session_has_no_story(now: datetime) -> None:
    run = ran(now - timedelta(minutes=10))
    up(A, now - timedelta(minutes=11), session_id="s")
    assert stories.story_of(run) == Story()


def test_an_optimised_runner_pays_its_boot_as_start_up(now: datetime) -> None:
    UsedMachine.objects.update(optimised=True)
    created = now - timedelta(minutes=5)
    up(A, created + timedelta(seconds=0.5))
    told = stories.story_of(ran(created, start=1.0))
    assert told.cost and told.cost.start_up == Decimal("0.0025")


def test_it_costs_a_few_queries_once_a_minute(
    now: datetime, django_assert_max_num_queries: Any
) -> None:
    for minutes in range(6, 26):
        ran(now - timedelta(minutes=minutes))
    up(A, now - timedelta(minutes=40), now)
    run = ran(now - timedelta(minutes=5), start=30.0, deployment_id=str(uuid4()))
    with django_assert_max_num_queries(8):
        stories.story_of(run)
    with django_assert_max_num_queries(0):
        stories.story_of(run)


def test_the_costs_of_several_runs_are_those_of_each(
    now: datetime, django_assert_num_queries: Any
) -> None:
    other = UUID(int=3)
    up(A, now - timedelta(hours=1), gpu="H100")
    up(other, now - timedelta(hours=1), session_id=UUID(int=7))
    created = now - timedelta(minutes=30)
    runs = [ran(created, A), ran(created, None), ran(created, other), ran(created, None, gpu="X")]
    expected = {run.pk: stories.story_of(run).cost for run in runs}
    with django_assert_num_queries(2):
        found = costs.costs_of(runs)
    assert found == {pk: cost for pk, cost in expected.items() if cost}
    assert set(found) == {runs[0].pk, runs[1].pk}
    assert costs.costs_of([]) == {}


def test_the_stories_of_several_runs_are_those_of_each(
    now: datetime, django_assert_max_num_queries: Any
) -> None:
    other = UUID(int=3)
    begin = now - timedelta(hours=3)
    up(A, begin, begin + timedelta(minutes=9))
    up(other, begin, session_id=UUID(int=7))
    runs = [ran(begin + timedelta(minutes=n), A, start=9.0) for n in range(6)]
    runs += [ran(now, B, machine_id="m2"), ran(now, other), ran(now, None, gpu=None)]
    each = {run.pk: stories.story_of(run) for run in runs}
    with django_assert_max_num_queries(8):
        told = stories.stories_of(runs)
    assert {pk: told.get(pk, Story()) for pk in each} == each
    assert runs[-2].pk not in told, "a person's session"
    assert stories.stories_of([]) == {}
