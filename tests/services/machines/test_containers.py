"""When machines are asked for their containers, and what is kept of the answers."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dashboard.models import Container, Run, UsedMachine
from dashboard.services.machines import containers
from dashboard.simulator import Simulator
from tests.builders import answer, running, stamp, store

pytestmark = pytest.mark.django_db
MACHINE = "990c1c18-ecc7-419a-a809-5e5d1f10f534"
PATH = f"/machine/{MACHINE}/events"
CONTAINER = UUID("7eca9a52-16b4-4fae-989f-37d719ac1782")
GAP, DAILY = containers.GAP, containers.DAILY


def live(now: datetime, **given: Any) -> Run:
    on = {"machine_id": MACHINE, "gpu_event_id": str(CONTAINER)}
    return store(running(created=now - timedelta(seconds=30), **{**on, **given}), now)


def ended(now: datetime, age: float = 1.0, **given: Any) -> Run:
    on = {"machine_id": MACHINE, "gpu_event_id": str(CONTAINER)}
    at = stamp(now - timedelta(seconds=age))
    return store(answer(created=now - timedelta(hours=1), ended_at=at, **{**on, **given}), now)


def event(start: datetime, end: datetime | None = None, **given: Any) -> dict[str, Any]:
    times = {"start_time": stamp(start), "end_time": stamp(end) if end else None}
    return {"id": str(CONTAINER), "machine_id": MACHINE, "gpu": "H100", **times, **given}


def planned() -> datetime | None:
    return UsedMachine.objects.get().next_at


def asked(now: datetime) -> UsedMachine:
    row = UsedMachine.objects.get()
    containers.refresh(row, now)
    row.refresh_from_db()
    return row


def test_a_live_run_on_an_unknown_container_has_it_asked_for_at_once(now: datetime) -> None:
    live(now)
    row = UsedMachine.objects.get()
    assert (row.id, row.next_at, row.settings_at) == (MACHINE, now, now)


def test_an_ended_run_waits_until_its_container_is_likely_down(now: datetime) -> None:
    ended(now, age=10)
    assert planned() == now + timedelta(seconds=80)
    containers.request_now(Run.objects.get(), now)
    assert planned() == now


@pytest.mark.parametrize("given", [{"gpu_event_id": None}, {"machine_id": None}])
def test_a_run_without_a_container_asks_for_nothing(now: datetime, given: dict[str, Any]) -> None:
    live(now, **given)
    assert not UsedMachine.objects.exists()


def test_a_closed_container_is_not_asked_for_again(now: datetime) -> None:
    Container.objects.create(id=CONTAINER, machine_id=MACHINE, open=False, listed_at=now)
    ended(now)
    assert not UsedMachine.objects.exists()


def test_a_machine_is_asked_at_most_once_in_five_minutes(now: datetime) -> None:
    UsedMachine.objects.create(id=MACHINE, asked_at=now - timedelta(minutes=1))
    for _ in range(3):
        live(now, gpu_event_id=str(uuid4()))
    assert planned() == now + timedelta(minutes=4)


def test_the_answer_is_kept_and_the_end_is_asked_for(upstream: Simulator, now: datetime) -> None:
    start = now - timedelta(minutes=1)
    upstream.script_path(PATH, [[event(start)], [event(start, now)]])
    live(now)
    row = asked(now)
    kept = Container.objects.get()
    assert (kept.id, kept.open, kept.gpu, row.next_at) == (CONTAINER, True, "H100", now + GAP)
    later = now + GAP
    row = asked(later)
    kept.refresh_from_db()
    assert (kept.open, kept.ended_at) == (False, now)
    assert row.next_at == later + DAILY
    assert len(upstream.requests_at(PATH)) == 2


def test_while_nothing_changes_it_is_asked_for_ever_later(
    upstream: Simulator, now: datetime
) -> None:
    upstream.script_path(PATH, [[event(now - timedelta(minutes=1))]])
    live(now)
    at, waits = now, []
    for _ in range(12):
        row = asked(at)
        assert row.next_at
        waits.append((row.next_at - at) / GAP)
        at = row.next_at
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, *[DAILY / GAP] * 4]


def test_a_machine_at_rest_is_left_alone(upstream: Simulator, now: datetime) -> None:
    upstream.script_path(PATH, [[]])
    live(now)
    assert asked(now).next_at is None


@pytest.mark.parametrize("status", [403, 404, 500, 200])
def test_where_it_fails_all_stays_and_it_is_asked_later(
    upstream: Simulator, now: datetime, status: int
) -> None:
    upstream.script_path(PATH, [(status, {}, b"nonsense")])
    live(now)
    Container.objects.create(id=CONTAINER, machine_id=MACHINE, open=True, listed_at=now)
    row = asked(now)
    assert (row.failures, row.next_at) == (1, now + 2 * GAP)
    assert asked(row.next_at).next_at == row.next_at + 4 * GAP
    assert Container.objects.get().open


def test_what_is_planned_during_the_request_stays(upstream: Simulator, now: datetime) -> None:
    """The row is leased for a minute; a plan beyond that and before the next turn holds."""
    upstream.script_path(PATH, [[event(now - timedelta(minutes=1))]])
    live(now)
    sooner = now + timedelta(minutes=3)
    row = UsedMachine.objects.get()
    UsedMachine.objects.update(next_at=sooner)
    containers.refresh(row, now)
    assert planned() == sooner


def test_what_does_not_differ_is_not_written(now: datetime) -> None:
    body = json.dumps([event(now)]).encode()
    found = containers.read_containers(body, MACHINE, now)
    assert containers.store(found, now) == [CONTAINER]
    assert containers.store(found, now + GAP) == []
    assert Container.objects.get().listed_at == now


def test_thousands_are_stored_in_few_statements(
    now: datetime, django_assert_max_num_queries: Any
) -> None:
    rows = [event(now, now, id=str(uuid4())) for _ in range(2000)]
    found = containers.read_containers(json.dumps(rows).encode(), MACHINE, now)
    with django_assert_max_num_queries(30):
        containers.store(found, now)
    assert Container.objects.count() == 2000


def test_what_no_run_was_on_is_deleted(now: datetime) -> None:
    old = now - timedelta(days=2)
    live(now)
    for machine, listed_at in ((MACHINE, old), ("gone", old), ("new", now)):
        Container.objects.create(id=uuid4(), machine_id=machine, open=False, listed_at=listed_at)
    UsedMachine.objects.create(id="gone")
    assert containers.delete_unused(now) == 2
    kept = set(Container.objects.values_list("machine_id", flat=True))
    assert kept == {MACHINE, "new"}
    assert UsedMachine.objects.get().id == MACHINE


def test_opening_an_ended_run_asks_once_after_its_end(now: datetime) -> None:
    run = ended(now, age=10)
    containers.request_now(run, now)
    assert planned() == now
    UsedMachine.objects.update(next_at=None, asked_at=now)
    containers.request_now(run, now + GAP)
    assert planned() is None
    UsedMachine.objects.update(asked_at=now - GAP)
    run.queue_kind = "line"
    containers.request_now(run, now)
    assert planned() is None
