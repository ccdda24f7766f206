"""The settings of machines."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from dashboard.models import Container, Run, UsedMachine
from dashboard.services.machines import settings
from dashboard.simulator import Simulator
from tests.builders import answer, store

pytestmark = pytest.mark.django_db
MACHINE = "m1"


def asked(now: datetime, **given: object) -> UsedMachine:
    row, _ = UsedMachine.objects.update_or_create(id=MACHINE, defaults=given)
    settings.refresh(row, now)
    row.refresh_from_db()
    return row


def test_they_are_stored_and_asked_for_again_in_a_day(upstream: Simulator, now: datetime) -> None:
    told = {"idle_timeout": 60, "run_timeout": 600, "keep_warm": 0, "concurrency_limit": 2}
    upstream.script_path("/machine/m1", [{**told, "machine_version": 7}])
    row = asked(now)
    assert (row.idle_timeout, row.run_timeout, row.keep_warm) == (60, 600, 0)
    assert (row.concurrency_limit, row.version, row.settings_of) == (2, 7, now)
    assert row.settings_at and timedelta(days=1) <= row.settings_at - now < timedelta(days=1.2)


def test_those_of_a_machine_at_rest_are_not_asked_for_again(
    upstream: Simulator, now: datetime
) -> None:
    upstream.script_path("/machine/m1", [{}])
    assert asked(now, asked_at=now - timedelta(days=3)).settings_at is None


@pytest.mark.parametrize("status", [403, 404, 500, 200])
def test_where_it_fails_what_was_known_stays(
    upstream: Simulator, now: datetime, status: int
) -> None:
    upstream.script_path("/machine/m1", [(status, {}, b"nonsense")])
    row = asked(now, idle_timeout=60, settings_of=now - timedelta(days=1))
    assert (row.idle_timeout, row.settings_of) == (60, now - timedelta(days=1))
    assert row.settings_at and row.settings_at > now


def test_that_a_machine_is_optimised_renames_what_its_runs_waited_for(
    upstream: Simulator, now: datetime
) -> None:
    container = uuid4()
    created = now - timedelta(minutes=5)
    Container.objects.create(
        id=container,
        machine_id=MACHINE,
        started_at=created + timedelta(seconds=0.1),
        open=True,
        listed_at=now,
    )
    store(answer(created=created, machine_id=MACHINE, gpu_event_id=str(container)), now)
    assert Run.objects.get().queue_kind == "machine"
    upstream.script_path("/machine/m1", [{"optimized_runner": True}])
    asked(now)
    assert Run.objects.get().queue_kind == "machine-and-comfyui"
