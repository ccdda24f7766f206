"""What runs cost by themselves: stored with them as it is told."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from dashboard.domain.machines.cost import MOST_MICROS
from dashboard.models import Container, Run, UsedMachine
from dashboard.services.machines import containers, costs, prices, queue_splits, stories
from dashboard.upstream.machines import read_containers
from tests.builders import answer, listed, running, store

pytestmark = pytest.mark.django_db
MACHINE, CONTAINER = "m1", UUID(int=1)


@pytest.fixture(autouse=True)
def _priced(now: datetime) -> None:
    prices.store({"H100": Decimal("0.001"), "T4": Decimal("0.0002")}, now - timedelta(days=9))
    UsedMachine.objects.create(id=MACHINE)


def up(at: datetime, **given: Any) -> None:
    row = {"id": CONTAINER, "machine_id": MACHINE, "gpu": "H100", "started_at": at, "open": True}
    Container.objects.update_or_create(id=CONTAINER, defaults={**row, "listed_at": at, **given})
    queue_splits.split_of_containers([CONTAINER])


def told(run: Run) -> int | None:
    """What the run's page says, in millionths; asserts that the stored cost is just that."""
    run.refresh_from_db()
    stories.forget()
    page, several = stories.story_of(run).cost, costs.costs_of([run]).get(run.pk)
    assert page == several
    assert run.cost_micros == (page.micros if page else None)
    assert page is None or Decimal(run.cost_micros or 0) / 1_000_000 == page.total
    return run.cost_micros


def on_it(created: datetime, **given: Any) -> Run:
    sent = {"machine_id": MACHINE, "gpu_event_id": str(CONTAINER), **given}
    return store(answer(created=created, **sent), created + timedelta(minutes=5))


def test_an_ended_run_is_stored_with_what_its_page_tells(now: datetime) -> None:
    created = now - timedelta(minutes=9)
    assert told(on_it(created)) == 43_500  # 31.2 s and 12.3 s
    assert told(on_it(created, gpu="T4")) == 8_700
    assert told(on_it(created, cold_start_duration=None, queued_at=None)) == 12_300
    assert told(on_it(created, run_duration=0.0001234, cold_start_duration=0)) == 0
    assert told(on_it(created, gpu="unheard of")) is None
    assert told(on_it(created, gpu=None)) is None
    assert told(store(running(created=created))) is None


def test_a_run_that_ends_goes_on_or_turns_out_otherwise_has_another_cost(now: datetime) -> None:
    created = now - timedelta(minutes=9)
    run = store(running(created=created), created)
    assert told(run) is None
    assert told(store(answer(run.uuid, created=created), now)) == 43_500
    assert told(store(answer(run.uuid, created=created, run_duration=1.0), now)) == 32_200
    assert told(store(running(run.uuid, created=created), now)) is None


def test_a_run_that_only_a_list_has_told_of_has_its_cost_at_once(now: datetime) -> None:
    assert told(listed(created=now - timedelta(days=2))) == 43_500


def test_what_is_learnt_of_its_container_later_changes_it(now: datetime) -> None:
    created = now - timedelta(minutes=9)
    unknown, live = on_it(created, gpu=None), store(running(gpu_event_id=str(CONTAINER)))
    assert told(unknown) is None
    up(created + timedelta(seconds=0.5))
    assert told(unknown) == 43_500 and told(live) is None
    up(created + timedelta(seconds=0.5), gpu="T4")
    assert told(unknown) == 8_700
    UsedMachine.objects.update(optimised=True)  # its boot of 0.9 s starts ComfyUI, and is paid
    queue_splits.split_of_containers([CONTAINER])
    assert told(unknown) == 8_880
    up(created, session_id="s")
    assert told(unknown) is None


def test_a_list_of_containers_stores_it_too(now: datetime) -> None:
    run = on_it(now - timedelta(minutes=9), gpu=None)
    body = (
        b'[{"id": "00000000-0000-0000-0000-000000000001", "gpu": "T4", "machine_id": "m1",'
        b' "start_time": "2026-01-01T00:00:00Z", "created_at": "2026-01-01T00:00:00Z"}]'
    )
    changed = containers.store(read_containers(body, MACHINE, now), now)
    assert changed == [CONTAINER]
    queue_splits.split_of_containers(changed)
    assert told(run) == 8_700


def test_what_changed_of_a_run_meanwhile_is_what_its_container_is_put_to(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer that is stored before the rows are locked counts, not what was read before."""
    created = now - timedelta(minutes=9)
    run = store(running(created=created, gpu=None, gpu_event_id=str(CONTAINER)), created)
    Container.objects.create(id=CONTAINER, machine_id=MACHINE, gpu="H100", open=True, listed_at=now)
    sent = answer(run.uuid, created=created, gpu=None, gpu_event_id=str(CONTAINER))
    lock: Callable[..., list[int]] = type(Run.objects.all()).lock

    def stored_first(rows: Any) -> list[int]:
        monkeypatch.undo()
        store(sent, now)
        return lock(rows)

    monkeypatch.setattr(type(Run.objects.all()), "lock", stored_first)
    queue_splits.split_of_containers([CONTAINER])
    assert told(run) == 43_500


def test_a_cost_beyond_all_bounds_is_the_most(now: datetime, settings: Any) -> None:
    settings.PRICES = {"H100": Decimal(10**9)}
    run = on_it(now - timedelta(minutes=9))
    run.refresh_from_db()
    assert run.cost_micros == MOST_MICROS


def test_it_takes_two_queries_however_many_runs(
    now: datetime, django_assert_num_queries: Any
) -> None:
    runs = [on_it(now - timedelta(minutes=9)) for _ in range(5)]
    Run.objects.update(cost_micros=None)
    runs = list(Run.objects.only(*costs.NEEDED))
    with django_assert_num_queries(2):
        assert costs.put(runs) == runs
    assert {run.cost_micros for run in runs} == {43_500}
    assert costs.put(runs) == [] == costs.put([])
