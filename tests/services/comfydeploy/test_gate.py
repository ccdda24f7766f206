"""When ComfyDeploy may be asked: the gate that all share, the bucket of this process, the load."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from dashboard.domain.polling.schedule import MINUTE
from dashboard.models import Gate, Run
from dashboard.presentation.trouble import refusal_text
from dashboard.services.comfydeploy import gate, load, shared_state
from dashboard.services.comfydeploy.token_bucket import token_bucket
from dashboard.services.runs import fetch, pasted
from dashboard.services.runs.claims import claim_due
from dashboard.services.worker.watcher import Watcher
from dashboard.simulator import Simulator
from dashboard.upstream.errors import ServerFailed
from tests.builders import body, running, store

pytestmark = pytest.mark.django_db

FAILED = (500, {"content-type": "text/plain"}, "Internal Server Error")
UNKNOWN = (404, {}, '{"detail":"Run not found"}')
LIMITED = (429, {"retry-after": "17"}, "{}")
REJECTED = (401, {}, '{"detail":"Revoked token"}')


def asked(upstream: Simulator, sent: object, times: int = 1) -> UUID:
    run_id = uuid4()
    for _ in range(times):
        run_id = uuid4()
        upstream.script(run_id, [sent])
        fetch.open_run(run_id)
    return run_id


def opened(upstream: Simulator) -> tuple[fetch.OpenedRun, int]:
    run_id = uuid4()
    upstream.script(run_id, [body(running(run_id))])
    return fetch.open_run(run_id), len(upstream.requests_for(run_id))


def test_five_failures_in_a_row_stop_asking_at_once(upstream: Simulator) -> None:
    asked(upstream, FAILED, 5)
    run, requests = opened(upstream)
    assert requests == 0
    assert run.refusal is not None
    assert (run.refusal.word, refusal_text(run.refusal).http_status) == ("server-error", 503)


def test_five_mistyped_ids_stop_nothing(upstream: Simulator) -> None:
    asked(upstream, UNKNOWN, 6)
    assert opened(upstream)[0].run.status == "running"


def test_one_probe_after_ten_seconds_opens_it_again(upstream: Simulator) -> None:
    asked(upstream, FAILED, 5)
    Gate.objects.update(until=timezone.now())
    assert opened(upstream)[0].run.status == "running"
    assert Gate.read().reason == ""


def test_only_one_process_may_probe(upstream: Simulator) -> None:
    asked(upstream, FAILED, 5)
    Gate.objects.update(until=timezone.now())
    now = timezone.now()
    assert [gate.claim_probe(now) for _ in range(3)] == [True, False, False]


def test_a_process_without_a_token_leaves_the_probe_to_others(
    upstream: Simulator, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPSTREAM_RATE = 0.1
    monkeypatch.setattr(gate, "TOKEN_WAIT", 0.05)
    asked(upstream, FAILED)
    Gate.objects.update(
        reason="server-error", strikes=5, until=timezone.now(), since=timezone.now()
    )
    Run.objects.update(next_refresh_at=timezone.now())
    token_bucket().take()
    assert opened(upstream)[1] == 0
    Watcher(2)._claim_due()
    assert not Run.objects.filter(claim_token__isnull=False).exists()
    assert gate.claim_probe(timezone.now())


def test_a_run_goes_back_when_another_process_has_the_probe(upstream: Simulator) -> None:
    store(running())
    now = timezone.now()
    Run.objects.update(next_refresh_at=now)
    gate.record_outcome(ServerFailed("It failed."), now)
    Gate.objects.update(reason="server-error", strikes=5, until=now, since=now)
    left = token_bucket().ready_in()
    assert gate.claim_probe(now)
    Watcher(2)._claim(1, probe=True)
    assert not Run.objects.filter(claim_token__isnull=False).exists()
    assert token_bucket().ready_in() == left == 0


def test_a_limit_stops_every_run_of_the_key_until_its_time(upstream: Simulator) -> None:
    asked(upstream, LIMITED)
    run, requests = opened(upstream)
    assert requests == 0
    assert run.refusal is not None
    assert refusal_text(run.refusal).http_status == 503
    assert 15 < (run.refusal.retry_at - timezone.now()).total_seconds() <= 17


def test_a_rejected_key_is_not_tried_until_it_changes(upstream: Simulator, settings) -> None:
    asked(upstream, REJECTED)
    run, requests = opened(upstream)
    assert requests == 0
    assert run.refusal is not None
    assert refusal_text(run.refusal).http_status == 502
    settings.COMFYDEPLOY_API_KEY = "another"
    assert gate.permit(timezone.now()) == "allowed"


def test_nothing_is_asked_by_polls_and_watchers_while_it_is_closed(upstream: Simulator) -> None:
    run = store(running())
    asked(upstream, LIMITED)
    Run.objects.update(next_refresh_at=timezone.now())
    fetch.look_and_refresh(Run.objects.get(pk=run.pk), {})
    fetch.refresh_on_demand(Run.objects.get(pk=run.pk))
    Watcher(2)._claim_due()
    assert upstream.requests_for(run.uuid) == []
    assert not Run.objects.filter(claim_token__isnull=False).exists()


def test_a_first_look_without_a_token_says_that_the_limit_is_ours(
    upstream: Simulator, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPSTREAM_RATE = 0.1
    monkeypatch.setattr(gate, "TOKEN_WAIT", 0.05)
    token_bucket().take()
    run, requests = opened(upstream)
    assert requests == 0
    assert run.refusal is not None
    assert (run.refusal.word, run.refusal.ours) == ("rate-limited", True)
    assert run.run.claim_token is None
    assert run.run.next_refresh_at <= timezone.now()


def test_a_poll_without_a_token_leaves_the_run_due(upstream: Simulator, settings) -> None:
    settings.UPSTREAM_RATE = 0.1
    token_bucket().take()
    run = store(running())
    Run.objects.update(next_refresh_at=timezone.now())
    run.refresh_from_db()
    fetch.look_and_refresh(run, {})
    run.refresh_from_db()
    assert (run.claim_token, run.trouble) == (None, None)
    assert upstream.requests_for(run.uuid) == []


def test_first_looks_and_looked_at_runs_come_before_the_rest() -> None:
    now = timezone.now()
    rest, looked = store(running()), store(running())
    Run.objects.filter(pk=rest.pk).update(next_refresh_at=now - timedelta(hours=1))
    Run.objects.filter(pk=looked.pk).update(
        next_refresh_at=now - timedelta(seconds=1), looked_at=now
    )
    first = uuid4()
    pasted.track_all([first])
    taken = [run.uuid for run, _ in claim_due(9, timezone.now())]
    assert (set(taken[:2]), taken[2:]) == ({first, looked.uuid}, [rest.uuid])


def test_three_tries_are_counted_from_the_first_not_found(upstream: Simulator) -> None:
    run = store(running())
    Run.objects.update(failures=7, trouble="unreachable", asked_at=None)
    upstream.script(run.uuid, [UNKNOWN])
    found = fetch.refresh_on_demand(Run.objects.get(pk=run.pk))
    assert (found.failures, found.trouble) == (1, "not-found")
    assert found.next_refresh_at is not None


def many(count: int, **columns: object) -> None:
    now = timezone.now()
    Run.objects.bulk_create(
        Run(
            **{
                "uuid": uuid4(),
                "status": "running",
                "first_seen_at": now,
                "sorted_at": now,
                "next_refresh_at": now,
                "phase_since": now - timedelta(seconds=20 * MINUTE),
                **columns,
            }
        )
        for _ in range(count)
    )


def test_intervals_stretch_by_what_all_watchers_can_ask() -> None:
    now = timezone.now()
    many(1200)
    shared_state.write_heartbeat(now, "one", 10)
    assert load.count(now) == load.Load(1200, 10, 2.0)
    shared_state.write_heartbeat(now, "two", 10)
    assert load.count(now) == load.Load(1200, 20, 1.0)


def test_without_a_watcher_only_looked_at_runs_count() -> None:
    now = timezone.now()
    many(100)
    many(300, looked_at=now)
    assert load.count(now) == load.Load(300, 10, 2.0)
