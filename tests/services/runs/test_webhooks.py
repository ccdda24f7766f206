"""Webhooks as signals: which run they are about, and what becomes of it."""

from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from dashboard.models import Run
from dashboard.services.runs import webhooks
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
def test_unknown_runs_are_tracked_only_where_HOOK_TRACKS_is_on(settings) -> None:  # type: ignore[no-untyped-def]
    sent = b'{"run_id": "%s"}' % str(uuid4()).encode()
    settings.HOOK_TRACKS = False
    webhooks.receive(sent, timezone.now())
    assert not Run.objects.exists()
    settings.HOOK_TRACKS = True
    webhooks.receive(sent, timezone.now())
    webhooks.receive(sent, timezone.now())
    run = Run.objects.get()
    assert run.next_refresh_at is not None and not run.seen
