"""Nudges: when a run that is said to have moved is refreshed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from dashboard.models import Run
from dashboard.services.runs.claims import claim
from dashboard.services.runs.nudge import nudge
from dashboard.upstream.reader import read_run
from tests.builders import answer, body, running, store, store_answer

pytestmark = pytest.mark.django_db


def test_a_nudge_makes_a_run_due_but_not_within_two_seconds_of_the_last_request() -> None:
    run = store(running())
    now = timezone.now()
    Run.objects.filter(pk=run.pk).update(
        asked_at=now - timedelta(seconds=1), next_refresh_at=now + timedelta(minutes=1)
    )
    assert nudge([run.uuid], now) == {run.uuid}
    run.refresh_from_db()
    assert run.next_refresh_at == now + timedelta(seconds=1)
    later = now + timedelta(seconds=30)
    nudge([run.uuid], later)
    run.refresh_from_db()
    assert run.next_refresh_at == now + timedelta(seconds=1), "a sooner turn is never put off"


def test_a_nudge_wakes_a_finished_run_and_waits_out_a_limit() -> None:
    done, limited = store(answer()), store(running())
    now = timezone.now() + timedelta(minutes=1)
    Run.objects.filter(pk=limited.pk).update(trouble="rate-limited", next_refresh_at=None)
    nudge([done.uuid, limited.uuid], now)
    done.refresh_from_db()
    limited.refresh_from_db()
    assert done.next_refresh_at == now
    assert limited.next_refresh_at is None


def test_a_nudge_that_comes_while_an_answer_is_under_way_is_not_lost() -> None:
    run = store(running())
    now = timezone.now() + timedelta(minutes=1)
    token = claim(run, now, even_if_not_due=True)
    assert token
    run.refresh_from_db()
    nudge([run.uuid], now + timedelta(seconds=1))
    facts = read_run(body(running(run.uuid, progress=0.6)), run.uuid)
    far = now + timedelta(minutes=10)
    store_answer(run, token, facts, now + timedelta(seconds=2), far)
    run.refresh_from_db()
    assert run.next_refresh_at == now + timedelta(seconds=4)
    again = claim(run, far, even_if_not_due=True)
    assert again
    run.refresh_from_db()
    store_answer(run, again, facts, far, far + timedelta(minutes=10))
    run.refresh_from_db()
    assert run.next_refresh_at == far + timedelta(minutes=10)


def test_unknown_runs_are_not_among_the_known() -> None:
    run = store(running())
    assert nudge([run.uuid, uuid4()], timezone.now()) == {run.uuid}
    assert nudge([], timezone.now()) == set()


def test_an_assumed_timeout_that_is_called_about_is_due_now() -> None:
    now = timezone.now()
    run = store(answer(status="timeout", ended_at=None), now - timedelta(minutes=9))
    Run.objects.update(next_refresh_at=now + timedelta(minutes=50))
    nudge([run.uuid], now)
    run.refresh_from_db()
    assert run.next_refresh_at == now
