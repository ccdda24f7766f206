"""Webhooks as signals: which run they are about, and what becomes of it."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from dashboard.models import Run
from dashboard.services.runs import webhooks
from dashboard.services.runs.claims import claim
from dashboard.services.runs.nudge import nudge
from dashboard.upstream.reader import read_run
from tests.builders import answer, body, running, store, store_answer
from tests.conftest import SAMPLES

RUN = UUID("40bec7a6-9c2f-4b62-af63-e6b66a47cf5a")


@pytest.mark.parametrize("path", sorted((SAMPLES / "related").glob("webhook_*.json")), ids=str)
def test_every_sample_names_its_run(path) -> None:  # type: ignore[no-untyped-def]
    assert webhooks.run_id_of(path.read_bytes()) is not None


def test_a_body_that_was_cut_off_still_names_its_run() -> None:
    whole = (SAMPLES / "related" / "webhook_success.json").read_bytes()
    assert webhooks.run_id_of(whole[: whole.index(b"outputs") + 40]) == RUN


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"run_id": 7}',
        b'{"run_id": "x"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"live_status": "\\"run_id\\": \\"40bec7a6-9c2f-4b62-af63-e6b66a47cf5a\\"',
    ],
)
def test_what_cannot_be_read_is_no_signal(sent: bytes) -> None:
    assert webhooks.run_id_of(sent) is None


@pytest.mark.django_db
def test_a_hint_makes_a_run_due_but_not_within_two_seconds_of_the_last_question() -> None:
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


@pytest.mark.django_db
def test_a_hint_wakes_a_finished_run_and_waits_out_a_limit() -> None:
    done, limited = store(answer()), store(running())
    now = timezone.now() + timedelta(minutes=1)
    Run.objects.filter(pk=limited.pk).update(trouble="rate-limited", next_refresh_at=None)
    nudge([done.uuid, limited.uuid], now)
    done.refresh_from_db()
    limited.refresh_from_db()
    assert done.next_refresh_at == now
    assert limited.next_refresh_at is None


@pytest.mark.django_db
def test_a_hint_that_comes_while_an_answer_is_under_way_is_not_lost() -> None:
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


@pytest.mark.django_db
def test_unknown_runs_are_tracked_only_when_told_to(settings) -> None:  # type: ignore[no-untyped-def]
    sent = b'{"run_id": "%s"}' % str(uuid4()).encode()
    settings.HOOK_TRACKS = False
    webhooks.receive(sent, timezone.now())
    assert not Run.objects.exists()
    settings.HOOK_TRACKS = True
    webhooks.receive(sent, timezone.now())
    webhooks.receive(sent, timezone.now())
    run = Run.objects.get()
    assert run.next_refresh_at is not None and not run.seen
