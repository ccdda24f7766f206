"""The day's work beside the refreshes."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from dashboard.models import AuditEntry, Run, RunLog, SearchDocument, SharedState
from dashboard.services.accounts import audit
from dashboard.services.machines import prices
from dashboard.services.ops.retention import MARK
from dashboard.services.runs import run_search
from dashboard.services.worker.daily_jobs import DailyJobs
from tests.builders import answer, store

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_watcher_removes_what_is_past_the_limits(settings: Any) -> None:
    settings.KEEP_DAYS = 30
    now = timezone.now()
    store(answer(created=now - timedelta(days=31)))
    young = store(answer(created=now))
    daily = DailyJobs(lambda: False)
    daily.tick(now)
    daily.finish(10)
    assert Run.objects.get() == young


def test_a_watcher_forgets_what_was_done_after_a_year() -> None:
    now = timezone.now()
    old = audit.note("ana", "signed-out")
    AuditEntry.objects.filter(pk=old.pk).update(at=now - timedelta(days=366))
    audit.note("ben", "signed-out")
    daily = DailyJobs(lambda: False)
    daily.tick(now)
    daily.finish(10)
    assert list(AuditEntry.objects.values_list("name", flat=True)) == ["ben"]


def test_the_day_is_asked_for_once_a_minute(settings: Any) -> None:
    settings.KEEP_RUNS = 1
    now = timezone.now()
    daily = DailyJobs(lambda: False)
    daily.tick(now)
    daily.finish(10)
    SharedState.objects.filter(name=MARK).update(at=now - timedelta(days=2))
    store(answer(created=now)), store(answer(created=now))
    daily.tick(now + timedelta(seconds=59))
    daily.finish(10)
    assert Run.objects.count() == 2
    daily.tick(now + timedelta(seconds=61))
    daily.finish(10)
    assert Run.objects.count() == 1


def test_logs_of_an_earlier_release_are_read_again() -> None:
    now = timezone.now()
    run = store(answer(status="failed"))
    RunLog.objects.create(run=run, body='{"type": "webhook", "url": "x"}\ny', fetched_at=now)
    daily = DailyJobs(lambda: False)
    daily.tick(now)
    daily.finish(10)
    assert RunLog.objects.get().body == "y"


def test_costs_of_runs_of_an_earlier_release_are_worked_out() -> None:
    now = timezone.now()
    prices.store({"H100": Decimal("0.001")}, now)
    store(answer())
    Run.objects.update(cost_micros=None)
    daily = DailyJobs(lambda: False)
    daily.tick(now)
    daily.finish(10)
    assert Run.objects.get().cost_micros == 43_500


def test_runs_of_an_earlier_release_are_indexed_for_the_search() -> None:
    run = store(answer(workflow_inputs={"prompt": "a storm"}))
    SearchDocument.clear()
    daily = DailyJobs(lambda: False)
    daily.tick(timezone.now())
    daily.finish(10)
    assert list(run_search.found(Run.objects.all(), "storm")) == [run]
