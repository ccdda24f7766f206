"""The one door: fetching, looking, polling."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from dashboard.models import Gate, Run, SharedState
from dashboard.services.comfydeploy import gate, shared_state
from dashboard.services.runs import fetch, refresh
from dashboard.services.runs.claims import claim_due
from dashboard.services.runs.nudge import nudge
from dashboard.simulator import Simulator
from dashboard.upstream.errors import KeyRejected, NotFound, ServerFailed
from tests.builders import answer, body, listed, running, stamp, store

NOON_OF_LINKS = datetime(2026, 11, 23, 17, 12, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def age(run: Run, **columns: object) -> Run:
    Run.objects.filter(pk=run.pk).update(**columns)
    run.refresh_from_db()
    return run


def test_fetching_asks_once_and_stores(upstream: Simulator) -> None:
    run_id = uuid4()
    upstream.script(run_id, [body(answer(run_id))])
    run = fetch.fetch_run(run_id)
    assert (run.status, run.version, run.claim_token) == ("success", 1, None)
    assert len(upstream.requests_for(run_id)) == 1
    assert "queue_position=true" in upstream.requests_for(run_id)[0].path


def test_a_failed_fetch_raises_by_name_and_notes_the_trouble(upstream: Simulator) -> None:
    run_id = uuid4()
    with pytest.raises(NotFound):
        fetch.fetch_run(run_id)
    run = Run.objects.get(uuid=run_id)
    assert (run.status, run.trouble, run.failures) == (None, "not-found", 1)


def test_a_later_good_answer_clears_the_trouble(upstream: Simulator) -> None:
    run_id = uuid4()
    upstream.script(run_id, [(500, {}, "Internal Server Error"), body(running(run_id))])
    fetch.open_run(run_id)
    run = fetch.fetch_run(run_id)
    assert (run.trouble, run.trouble_since, run.failures) == (None, None, 0)


@pytest.mark.django_db(transaction=True)
def test_two_first_looks_at_once_make_one_row_and_one_request(upstream: Simulator) -> None:
    run_id = uuid4()
    upstream.script(run_id, [body(running(run_id))], delay=0.3)
    found: list[Run] = []

    def look() -> None:
        found.append(fetch.open_run(run_id).run)
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [run.status for run in found] == ["running"] * 4
    assert Run.objects.count() == 1
    assert len(upstream.requests_for(run_id)) == 1


def test_a_page_of_a_seen_run_asks_nobody(upstream: Simulator) -> None:
    run = store(running())
    fetch.open_run(run.uuid)
    assert upstream.requests_for(run.uuid) == []


def test_looking_brings_the_next_refresh_forward_and_is_written_every_10_s() -> None:
    run = store(running(), timezone.now())
    age(run, next_refresh_at=timezone.now() + timedelta(seconds=60))
    looked = fetch.look_at(run)
    assert looked.next_refresh_at - timezone.now() < timedelta(seconds=3)
    first = looked.looked_at
    assert fetch.look_at(looked).looked_at == first


def test_a_poll_refreshes_here_when_no_watcher_lives(upstream: Simulator) -> None:
    run = store(running())
    upstream.script(run.uuid, [body(answer(run.uuid))])
    age(run, next_refresh_at=timezone.now())
    assert fetch.look_and_refresh(run, {}).status == "success"


def test_a_poll_leaves_it_to_a_living_watcher(upstream: Simulator) -> None:
    run = store(running())
    age(run, next_refresh_at=timezone.now())
    shared_state.write_heartbeat(timezone.now())
    assert fetch.look_and_refresh(run, SharedState.read()).status == "running"
    assert upstream.requests_for(run.uuid) == []


def test_a_poll_before_its_time_asks_nobody(upstream: Simulator) -> None:
    run = store(running(), timezone.now())
    age(run, next_refresh_at=timezone.now() + timedelta(seconds=1), looked_at=timezone.now())
    fetch.look_and_refresh(run, {})
    assert upstream.requests_for(run.uuid) == []


def test_asking_now_is_limited_to_once_in_two_seconds(upstream: Simulator) -> None:
    run = store(running())
    upstream.script(run.uuid, [body(running(run.uuid))])
    age(run, asked_at=None)
    run = fetch.refresh_on_demand(run)
    fetch.refresh_on_demand(run)
    assert len(upstream.requests_for(run.uuid)) == 1


@pytest.mark.parametrize(
    ("left", "asked_ago", "asks"), [(240, 600, 1), (3000, 600, 0), (-5, 10, 0)]
)
def test_links_that_end_soon_are_asked_for_once_more(
    upstream: Simulator, left: int, asked_ago: int, asks: int
) -> None:
    run = store(answer())
    now = timezone.now()
    age(
        run,
        links_end_at=now + timedelta(seconds=left),
        asked_at=now - timedelta(seconds=asked_ago),
        next_refresh_at=None,
    )
    upstream.script(run.uuid, [body(answer(run.uuid))])
    run = fetch.open_run(run.uuid).run
    fetch.look_and_refresh(run, {})
    assert len(upstream.requests_for(run.uuid)) == asks


def test_a_rejected_key_is_known_to_all_and_forgotten_with_the_key(
    upstream: Simulator, settings
) -> None:
    run_id = uuid4()
    upstream.script(run_id, [(401, {}, '{"detail":"Revoked token"}')])
    fetch.open_run(run_id)
    assert shared_state.key_rejected(SharedState.read())
    settings.COMFYDEPLOY_API_KEY = "another"
    assert not shared_state.key_rejected(SharedState.read())


def test_the_key_is_checked_with_the_nil_uuid(upstream: Simulator, settings) -> None:
    assert "accepts" in shared_state.check_key()
    settings.COMFYDEPLOY_API_KEY = "wrong"
    assert "rejects this server's key" in shared_state.check_key()
    assert shared_state.key_rejected(SharedState.read())


def test_a_look_brings_forward_what_was_planned_while_nobody_looked() -> None:
    now = timezone.now()
    run = store(running(), now)
    age(run, looked_at=now, next_refresh_at=now + timedelta(seconds=60))
    assert fetch.look_at(run).next_refresh_at <= timezone.now() + timedelta(seconds=2.1)


def test_a_look_changes_nothing_within_the_jitter() -> None:
    now = timezone.now()
    planned = now + timedelta(seconds=2.2)
    run = age(store(running(), now), looked_at=now, next_refresh_at=planned)
    assert fetch.look_at(run).next_refresh_at == planned


def test_the_button_does_not_ask_while_a_limit_runs(upstream: Simulator) -> None:
    run = store(running())
    age(
        run,
        trouble="rate-limited",
        failures=1,
        asked_at=timezone.now() - timedelta(seconds=9),
        next_refresh_at=timezone.now() + timedelta(seconds=50),
    )
    fetch.refresh_on_demand(run)
    assert upstream.requests_for(run.uuid) == []


def test_first_looks_past_eight_at_once_wait_for_nobody(
    upstream: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "_first_fetches", threading.BoundedSemaphore(1))
    monkeypatch.setattr(fetch, "FIRST_FETCH_WAIT", 0.05)
    fetch._first_fetches.acquire()
    run = fetch.open_run(uuid4()).run
    assert (run.seen, run.trouble) == (False, None)
    assert upstream.requests_for(run.uuid) == []


def test_while_asking_is_stopped_no_first_look_waits_for_another(
    upstream: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = []

    class Taken:
        def acquire(self, timeout: float) -> bool:
            waited.append(timeout)
            return False

    monkeypatch.setattr(fetch, "_first_fetches", Taken())
    gate.record_outcome(KeyRejected("no"), timezone.now())
    opened = fetch.open_run(uuid4())
    assert waited == [0]
    assert opened.refusal and opened.refusal.word == "key-rejected"
    assert upstream.requests_for(opened.run.uuid) == []


def test_a_new_signature_alone_sends_nothing_anew_until_the_old_one_ends_soon() -> None:
    from tests.services.runs.test_store import signed

    first = running(outputs=[signed("a.png", "aaaa")])
    before = store(first, NOON_OF_LINKS)
    again = {**first, "outputs": [signed("a.png", "bbbb", "20261123T172109Z")]}
    early = store(again, NOON_OF_LINKS)
    assert early.outputs_version == before.outputs_version
    last = {**first, "outputs": [signed("a.png", "cccc", "20261123T180109Z")]}
    late = store(last, NOON_OF_LINKS + timedelta(minutes=50))
    assert late.outputs_version == before.outputs_version + 1


def test_a_nudge_that_comes_while_a_request_fails_is_not_lost(
    upstream: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = store(running())
    upstream.script(run.uuid, [(500, {}, "Internal Server Error")])
    age(run, failures=30, trouble="server-error", next_refresh_at=timezone.now())

    def failing(run_id: object) -> bytes:
        nudge([run.uuid], timezone.now())
        raise ServerFailed("ComfyDeploy failed (HTTP 500).")

    monkeypatch.setattr(refresh.client.client(), "get_run", failing)
    fetch.refresh_run(run)
    run.refresh_from_db()
    assert run.next_refresh_at - timezone.now() < timedelta(seconds=3)


def test_an_answer_that_we_fail_at_is_not_asked_for_at_once_again(
    upstream: Simulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    run = store(running())
    upstream.script(run.uuid, [body(running(run.uuid, progress=0.9))])
    age(run, next_refresh_at=timezone.now())

    def failing(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(refresh, "read_run", failing)
    asked = timezone.now()
    fetch.refresh_run(run)
    run.refresh_from_db()
    assert (run.trouble, run.failures, run.claim_token) == ("bad-answer", 1, None)
    assert run.next_refresh_at - asked > timedelta(seconds=0.5)
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.parametrize(
    ("ended", "asked", "wanted"),
    [
        (timedelta(hours=1), timedelta(minutes=10), True),
        (timedelta(hours=1), timedelta(minutes=1), False),
        (timedelta(hours=25), timedelta(hours=20), False),
    ],
)
def test_opening_a_run_that_ended_lately_makes_it_due_and_does_not_wait(
    upstream: Simulator, ended: timedelta, asked: timedelta, wanted: bool
) -> None:
    now = timezone.now()
    run = store(answer(created=now - ended), now - asked)
    opened = fetch.open_run(run.uuid).run
    assert (opened.next_refresh_at is not None) == wanted
    assert upstream.requests_for(run.uuid) == []


def test_opening_an_assumed_timeout_makes_it_due(upstream: Simulator) -> None:
    now = timezone.now()
    payload = answer(created=now - timedelta(days=2), status="timeout", ended_at=None)
    run = store(payload, now - timedelta(minutes=5))
    age(run, next_refresh_at=now + timedelta(minutes=50))
    opened = fetch.open_run(run.uuid).run
    assert opened.next_refresh_at and opened.next_refresh_at <= timezone.now()


def test_check_again_is_a_probe_while_the_key_is_rejected(upstream: Simulator) -> None:
    run = age(store(answer()), asked_at=None)
    now = timezone.now()
    Gate.objects.create(
        reason="key-rejected",
        since=now,
        until=now + timedelta(seconds=200),
        key=shared_state.key_digest(),
    )
    gate.forget()
    upstream.script(run.uuid, [body(answer(run.uuid, progress=0.5))])
    fetch.refresh_on_demand(run)
    assert len(upstream.requests_for(run.uuid)) == 1
    assert Gate.read().reason == ""


def past_run(**given: object) -> Run:
    """A run of three days ago that only a list has told of."""
    return listed(created=timezone.now() - timedelta(days=3), **given)


def test_opening_a_listed_run_asks_for_it_once(upstream: Simulator) -> None:
    run = past_run()
    upstream.script(run.uuid, [body(answer(run.uuid, created=run.created_at))])
    for _ in range(3):
        opened = fetch.open_run(run.uuid)
        assert opened.run.fetched and opened.run.inputs
    assert len(upstream.requests_for(run.uuid)) == 1
    assert opened.run.next_refresh_at is None  # its outputs came days ago


def test_a_listed_run_that_cannot_be_fetched_is_shown_with_its_trouble(
    upstream: Simulator,
) -> None:
    run = past_run()
    upstream.script(run.uuid, [(500, {}, "Internal Server Error")])
    for _ in range(2):
        opened = fetch.open_run(run.uuid)
        assert (opened.run.status, opened.run.fetched) == ("success", False)
        assert opened.run.trouble == "server-error"
    assert len(upstream.requests_for(run.uuid)) == 1  # the second look came within 2 s
    age(run, asked_at=timezone.now() - timedelta(seconds=3))
    fetch.open_run(run.uuid)
    assert len(upstream.requests_for(run.uuid)) == 2


def test_a_look_makes_a_listed_run_due_before_all_others() -> None:
    now = timezone.now()
    others = [age(store(running()), next_refresh_at=now - timedelta(hours=1)) for _ in range(3)]
    run = fetch.look_at(past_run())
    assert claim_due(1, timezone.now())[0][0] == run
    assert {each for each, _ in claim_due(9, timezone.now())} == set(others)


def test_a_nudge_makes_a_listed_run_due() -> None:
    run = past_run()
    nudge([run.uuid], timezone.now())
    assert Run.objects.due(timezone.now()).get() == run


def test_three_times_not_found_ends_a_listed_run(upstream: Simulator) -> None:
    run = past_run()
    for _ in range(3):
        run.refresh_from_db()
        assert run.failures == 0 or run.next_refresh_at is not None
        fetch.refresh_run(run, on_demand=True)
        long_ago = timezone.now() - timedelta(minutes=20)
        age(run, asked_at=long_ago, trouble_since=long_ago)
    assert (run.failures, run.next_refresh_at, run.status) == (3, None, "success")


def test_the_log_of_a_listed_failed_run_is_requested_with_its_answer(upstream: Simulator) -> None:
    run = past_run(status="failed")
    assert run.log_next_at is None
    upstream.script(run.uuid, [body(answer(run.uuid, created=run.created_at, status="failed"))])
    fetch.open_run(run.uuid)
    run.refresh_from_db()
    assert run.log_next_at is not None


@pytest.mark.parametrize(("days", "again"), [(1.5, True), (7, False)])
def test_an_old_assumed_timeout_is_not_asked_for_hourly(
    upstream: Simulator, days: float, again: bool
) -> None:
    created = timezone.now() - timedelta(days=days)
    given = {"status": "timeout", "ended_at": None, "updated_at": stamp(created)}
    run = listed(created=created, **given)
    upstream.script(run.uuid, [body(answer(run.uuid, created=created, **given))])
    opened = fetch.open_run(run.uuid).run
    assert (opened.next_refresh_at is not None) is again
