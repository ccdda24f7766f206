"""On PostgreSQL the database's clock decides, whatever this machine's says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from dashboard.services import clock, observe
from tests.builders import running, store

pytestmark = pytest.mark.django_db
OFF = timedelta(minutes=5)
real_now = timezone.now


@pytest.fixture(params=[OFF, -OFF])
def skewed(request: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[timedelta]:
    """A machine whose clock is wrong by five minutes."""
    monkeypatch.setattr(timezone, "now", lambda: real_now() + request.param)
    monkeypatch.setattr(clock, "_compared_at", float("-inf"))
    monkeypatch.setattr(clock, "_ahead", timedelta())
    yield request.param


def seconds_from_truth(moment: datetime) -> float:
    return abs((moment - real_now()).total_seconds())


@pytest.mark.postgres
def test_a_wrong_clock_is_put_right_by_the_databases(skewed: timedelta) -> None:
    assert seconds_from_truth(clock.now()) > 290
    clock.compare()
    assert seconds_from_truth(clock.now()) < 2


@pytest.mark.postgres
def test_a_run_is_due_by_the_databases_clock(skewed: timedelta) -> None:
    clock.compare()
    run = store(running(), clock.now())
    at = observe._next_at(run, clock.now())
    assert at is not None
    assert 0 < (at - real_now()).total_seconds() < 70


def test_sqlite_goes_by_this_machines_clock(skewed: timedelta) -> None:
    if connection.vendor == "postgresql":
        pytest.skip("speaks of SQLite")
    clock.compare()
    assert clock.now() - real_now() - skewed < timedelta(seconds=2)
