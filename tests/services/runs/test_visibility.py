"""A run's visibility at one moment: the pace of its page, trouble, and the ptag."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from dashboard.models import Run
from dashboard.services import database_health
from dashboard.services.comfydeploy import gate
from dashboard.services.runs.visibility import changed_since, observe
from dashboard.upstream.errors import KeyRejected
from tests.builders import answer, running, store

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def live(now: datetime, **columns: object) -> Run:
    run = store(running(), now)
    Run.objects.filter(pk=run.pk).update(next_refresh_at=now + SECOND, **columns)
    run.refresh_from_db()
    return run


def test_a_live_run_is_polled_and_a_finished_one_is_not(now: datetime) -> None:
    assert observe(live(now), now).poll == 2
    done = store(answer(created=now - timedelta(days=1)), now)
    assert observe(done, now).poll is None


def test_an_overdue_run_is_stale(now: datetime) -> None:
    run = live(now)
    assert not observe(run, now + SECOND).visibility.stale
    assert observe(run, now + 60 * SECOND).visibility.stale


def test_a_closed_gate_is_the_trouble_of_every_live_run(now: datetime) -> None:
    run = live(now)
    gate.record_outcome(KeyRejected("no"), now)
    visibility = observe(run, now).visibility
    assert (visibility.trouble, visibility.everybody) == ("key-rejected", True)


def test_trouble_of_one_run_stays_its_own_while_the_gate_is_closed(now: datetime) -> None:
    run = live(now, trouble="not-found", trouble_since=now, failures=1)
    gate.record_outcome(KeyRejected("no"), now)
    visibility = observe(run, now).visibility
    assert (visibility.trouble, visibility.everybody) == ("not-found", False)


def test_a_run_that_is_given_up_is_not_polled(now: datetime) -> None:
    run = live(now, trouble="not-found", failures=3)
    Run.objects.filter(pk=run.pk).update(next_refresh_at=None)
    run.refresh_from_db()
    observed = observe(run, now)
    assert observed.visibility.given_up and observed.poll is None


def test_the_tag_changes_with_the_run_its_trouble_and_the_database(now: datetime) -> None:
    run = live(now)
    tags = [observe(run, now).tag]
    assert observe(run, now).tag == tags[0]
    run.version += 1
    tags.append(observe(run, now).tag)
    run.trouble = "unreachable"
    tags.append(observe(run, now).tag)
    database_health.record_failure(Exception("database or disk is full"))
    tags.append(observe(run, now).tag)
    assert len(set(tags)) == 4


def test_other_parts_learn_what_has_changed_since_their_tag(now: datetime) -> None:
    run = live(now)
    tag = observe(run, now).tag
    assert changed_since(run, tag) == []
    run.version += 1
    assert changed_since(run, tag) == ["run-changed"]
    run.outputs_version += 1
    assert changed_since(run, tag) == ["run-changed", "outputs-changed"]
    assert changed_since(run, None) == ["run-changed", "outputs-changed"]
