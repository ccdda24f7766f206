"""On PostgreSQL the database's clock decides, whatever this machine's says."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from dashboard.models import Follow, Run
from dashboard.services import clock
from dashboard.services.comfydeploy import shared_state
from dashboard.services.runs import refresh
from tests.builders import answer, person, running, store

pytestmark = pytest.mark.django_db
OFF = timedelta(minutes=5)
real_now = timezone.now


@pytest.fixture(params=[OFF, -OFF])
def skewed(request: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[timedelta]:
    """A machine whose clock is wrong by five minutes."""
    monkeypatch.setattr(timezone, "now", lambda: real_now() + request.param)
    monkeypatch.setattr(clock, "_synchronized_at", float("-inf"))
    monkeypatch.setattr(clock, "_offset", timedelta())
    yield request.param


def seconds_from_truth(moment: datetime) -> float:
    return abs((moment - real_now()).total_seconds())


@pytest.mark.postgres
def test_a_wrong_clock_is_put_right_by_the_databases(skewed: timedelta) -> None:
    assert seconds_from_truth(clock.now()) > 290
    clock.synchronize()
    assert seconds_from_truth(clock.now()) < 2


@pytest.mark.postgres
def test_a_run_is_due_by_the_databases_clock(skewed: timedelta) -> None:
    clock.synchronize()
    run = store(running(), clock.now())
    at = refresh._next_refresh(run, clock.now())
    assert at is not None
    assert 0 < (at - real_now()).total_seconds() < 70


def test_sqlite_goes_by_this_machines_clock(skewed: timedelta) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("speaks of SQLite")
    clock.synchronize()
    assert clock.now() - real_now() - skewed < timedelta(seconds=2)


def hooked(client: Client) -> datetime | None:
    run = store(running(), real_now() - timedelta(hours=1))
    path = f"/hooks/comfydeploy/{settings.HOOK_SECRET}/"
    client.post(path, {"run_id": str(run.uuid)}, content_type="application/json")
    run.refresh_from_db()
    return run.nudged_at


def followed(client: Client) -> datetime:
    client.post("/following/", {"q": str(uuid4()), "kind": "workflow"})
    return Follow.objects.get().next_at


def pasted(client: Client) -> datetime | None:
    client.post("/runs/", {"q": f"{uuid4()} {uuid4()}"})
    return Run.objects.all()[0].next_refresh_at


def logged(client: Client) -> datetime | None:
    run = store(answer(), real_now() - timedelta(hours=1))
    shared_state.write_heartbeat(real_now())
    client.get(f"/runs/{run.uuid}/log/")
    run.refresh_from_db()
    return run.log_next_at


@pytest.mark.postgres
@pytest.mark.parametrize("first", [hooked, followed, pasted, logged])
def test_the_first_thing_that_a_process_does_goes_by_the_databases_clock(
    skewed: timedelta, first: Callable[[Client], datetime]
) -> None:
    client = Client()
    client.force_login(person())
    clock._synchronized_at, clock._offset = float("-inf"), timedelta()
    assert seconds_from_truth(first(client)) < 3
