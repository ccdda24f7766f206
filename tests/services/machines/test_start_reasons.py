"""The reasons of several runs at once are those of each."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from dashboard.models import Container, Run, UsedMachine
from dashboard.services.machines import queue_splits, start_reasons
from dashboard.services.machines.start_reasons import MOST_BEFORE, Reason
from tests.builders import NOON

pytestmark = pytest.mark.django_db


def ran(n: int, created: datetime, *, machine: str = "m0", kind: str = "cold") -> Run:
    ended, container = created + timedelta(seconds=20), UUID(int=n)
    return Run.objects.create(
        uuid=container, status="success", finished=True, start_kind=kind, machine_id=machine,
        created_at=created, sorted_at=created, ended_at=ended, first_seen_at=created,
        gpu_event_id=str(container),
    )  # fmt: skip


def up(n: int, start: datetime, **given: Any) -> None:
    row = {"machine_id": "m0", "started_at": start, "ended_at": start + timedelta(seconds=50)}
    Container.objects.create(id=UUID(int=n), open=False, listed_at=start, **{**row, **given})


def reasons(*runs: Run) -> dict[int, Reason]:
    held = queue_splits.containers_of(runs)
    return start_reasons.reasons_of(runs, held, UsedMachine.objects.in_bulk())


def test_several_at_once_have_the_reasons_of_each(django_assert_max_num_queries: Any) -> None:
    """On machines that are often used, and on one that was used long ago, in any order."""
    UsedMachine.objects.create(id="m0", idle_timeout=60)
    near = [ran(n, NOON + timedelta(minutes=n)) for n in range(1, 90)]
    far = [ran(100 + n, NOON - timedelta(days=9 * n), machine="m1") for n in range(3)]
    at_once = [ran(200 + n, NOON + timedelta(hours=9), machine="m2") for n in range(3)]
    for n in range(1, 90):
        up(n, NOON + timedelta(minutes=n, seconds=1), machine_version_id=f"v{n // 60}")
    runs = [*near[::2], *far, *at_once]
    each = {pk: reason for run in runs for pk, reason in reasons(run).items()}
    held, machines = queue_splits.containers_of(runs), UsedMachine.objects.in_bulk()
    with django_assert_max_num_queries(4):
        assert start_reasons.reasons_of(runs, held, machines) == each
    assert {one.reason.word for one in each.values()} >= {"idle", "first-of-machine"}


def test_a_run_looks_back_to_the_newest_before_it() -> None:
    runs = [ran(n, NOON + timedelta(minutes=n)) for n in range(MOST_BEFORE + 9)]
    found = reasons(runs[5], runs[-1])
    for place in (5, len(runs) - 1):
        last = found[runs[place].pk].last_run
        assert last and last.uuid == runs[place - 1].uuid


def test_its_own_container_counts_where_it_started_later() -> None:
    run = ran(1, NOON)
    ran(2, NOON - timedelta(minutes=9))
    up(2, NOON - timedelta(minutes=9), machine_version_id="v1")
    up(1, NOON + timedelta(seconds=2), machine_version_id="v2")
    assert reasons(run)[run.pk].reason.word == "first-of-version"


def test_warm_runs_and_those_without_a_machine_have_none(django_assert_num_queries: Any) -> None:
    warm = ran(1, NOON, kind="warm")
    lost = ran(2, NOON)
    lost.machine_id = None
    with django_assert_num_queries(0):
        assert start_reasons.reasons_of([warm, lost], {}, {}) == {}
