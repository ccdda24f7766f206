"""Which runs are marked as slow, at their end and once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.models import Run
from dashboard.services.runs import slow
from tests.builders import answer, listed, running, store

pytestmark = pytest.mark.django_db


def ran(now: datetime, minutes: int, seconds: float, **given: Any) -> Run:
    """A run that was created so many minutes ago and worked so long."""
    times = {"run_duration": seconds, "duration": 32.6 + seconds}
    store(made := answer(created=now - timedelta(minutes=minutes), **{**times, **given}), now)
    return Run.objects.get(uuid=made["id"])


def ten(now: datetime, **given: Any) -> None:
    for n in range(10):
        ran(now, 20 + n, 20.0 + n, **given)


@pytest.mark.parametrize(("seconds", "told"), [(99.0, True), (28.5, True), (27.5, False)])
def test_it_took_longer_than_nine_in_ten_before_it(
    now: datetime, seconds: float, told: bool
) -> None:
    ten(now)
    assert ran(now, 5, seconds).slow is told


def test_nine_others_are_too_few(now: datetime) -> None:
    for n in range(9):
        ran(now, 20 + n, 20.0)
    assert not ran(now, 5, 99.0).slow


@pytest.mark.parametrize(
    "other",
    [
        {"workflow_id": "5b2f84a8-4daf-47da-9a57-2f6d0c88e1b4"},
        {"gpu": "A10G"},
        {"cold_start_duration": 0.5, "cold_start_duration_total": 1.9},
        {"origin": "workspace"},
        {"status": "failed"},
        {"workflow_id": None},
    ],
    ids=["workflow", "gpu", "warm", "session", "failed", "no workflow"],
)
def test_others_are_not_like_it(now: datetime, other: dict[str, Any]) -> None:
    ten(now, **other)
    assert not ran(now, 5, 99.0).slow


def test_runs_after_it_count_nothing(now: datetime) -> None:
    ten(now)
    assert not ran(now, 60, 99.0).slow, "a past run that is stored late"


def test_it_is_told_at_its_end_and_stays(now: datetime) -> None:
    ten(now)
    live = running(created=now - timedelta(minutes=5))
    store(live, now)
    assert not Run.objects.get(uuid=live["id"]).slow
    end = {"run_duration": 99.0, "duration": 131.6}
    store(ended := answer(live["id"], created=now - timedelta(minutes=5), **end), now)
    assert Run.objects.get(uuid=live["id"]).slow
    for n in range(30):
        ran(now, 6 + n, 500.0)
    store({**ended, "outputs": [], "live_status": "Told again"}, now)
    assert Run.objects.get(uuid=live["id"]).slow


def test_what_a_list_tells_is_not_marked_before_it_is_fetched(now: datetime) -> None:
    ten(now)
    end = {"run_duration": 99.0, "duration": 131.6}
    run = listed(created=now - timedelta(minutes=5), **end)
    assert run.finished and not run.slow
    store(answer(run.uuid, created=now - timedelta(minutes=5), **end), now)
    run.refresh_from_db()
    assert run.slow


def test_any_number_of_runs_takes_one_query_a_hundred(now: datetime) -> None:
    ten(now)
    run = ran(now, 5, 99.0)
    with CaptureQueriesContext(
        connection,
    ) as one:
        slow.mark([run])
    with CaptureQueriesContext(
        connection,
    ) as many:
        slow.mark([run] * 150)
    assert (len(one), len(many)) == (1, 2)
