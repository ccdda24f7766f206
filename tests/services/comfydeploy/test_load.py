"""How far ahead live runs are planned when what may be asked grows again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.models import Run
from dashboard.services.comfydeploy import load, shared_state
from tests.builders import answer, running, store

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def planned(seconds: float, payload: dict[str, object] | None = None, **given: object) -> Run:
    """A live run, seen just now, whose next look lies so far ahead."""
    run = store(payload or running())
    assert run.observed_at
    at = run.observed_at + seconds * SECOND
    Run.objects.filter(pk=run.pk).update(next_refresh_at=at, **given)
    return run


def wait(run: Run) -> float:
    run.refresh_from_db()
    assert run.next_refresh_at and run.observed_at
    return (run.next_refresh_at - run.observed_at).total_seconds()


def test_plans_of_a_stretched_pace_come_forward() -> None:
    now = timezone.now()
    young, looked = planned(170), planned(34, looked_at=now)
    grown = planned(510, phase_since=now - timedelta(minutes=5))
    old = planned(1020, phase_since=now - timedelta(hours=1))
    assert load.bring_forward(1.5, now + SECOND) == 4
    assert [wait(run) for run in (young, looked, grown, old)] == [15, 3, 45, 90]


def test_other_plans_stay() -> None:
    now = timezone.now()
    soon, failing = planned(10.9), planned(170, failures=3, trouble="server-error")
    odd, over = planned(3600, status="paused"), planned(3600, answer())
    assert load.bring_forward(1.0, now) == 0
    assert [wait(run) for run in (soon, failing, odd, over)] == [10.9, 170, 3600, 3600]


def test_a_watcher_brings_them_forward_when_the_stretch_falls(settings) -> None:  # type: ignore[no-untyped-def]
    settings.UPSTREAM_RATE = 10
    now = timezone.now()
    runs = [planned(30) for _ in range(30)]
    plans = load.RefreshPlans()
    shared_state.write_heartbeat(now, "slow", 1.0)
    plans.adapt(now)
    assert load.current(now).stretch == pytest.approx(3.0)
    assert wait(runs[0]) == 30
    load.forget()
    shared_state.write_heartbeat(now, "slow", 10.0)
    plans.adapt(now)
    assert {wait(run) for run in runs} == {10}


def test_a_watcher_that_starts_brings_forward_what_another_stretched(settings) -> None:  # type: ignore[no-untyped-def]
    settings.UPSTREAM_RATE = 10
    now = timezone.now()
    run = planned(170)
    load.RefreshPlans().adapt(now)
    assert wait(run) == 10
