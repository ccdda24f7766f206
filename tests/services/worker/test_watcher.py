"""The watcher: what it takes, what it leaves alone, how it ends."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from dashboard.models import Follow, Gate, LiveLog, Run, SharedState, Snapshot
from dashboard.services.comfydeploy import gate, shared_state
from dashboard.services.comfydeploy.feed_lease import FEED, FeedState, feed_state
from dashboard.services.runs import follow, live_logs
from dashboard.services.runs.pasted import track_all
from dashboard.services.worker.watcher import Watcher
from dashboard.simulator import Simulator
from tests.builders import answer, body, running, store
from tests.domain.test_feed import HELLO, event
from tests.patience import PATIENCE
from tests.upstream.test_feed import opening, stay
from tests.wire import Wire
from tests.wire import answer as reply

pytestmark = pytest.mark.django_db(transaction=True)


class Watching:
    def __init__(self) -> None:
        self.watcher = Watcher(4)
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        self.watcher.run()
        connection.close()

    def stop(self) -> None:
        self.watcher.stop()
        self.thread.join(30)
        assert not self.thread.is_alive()


@pytest.fixture
def watching() -> Iterator[Watching]:
    started = Watching()
    yield started
    started.stop()


def until(true: object) -> None:
    end = time.monotonic() + PATIENCE
    while not true():  # type: ignore[operator]
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_it_takes_what_is_due_and_beats(upstream: Simulator, watching: Watching) -> None:
    run_id = uuid4()
    upstream.script(run_id, [body(running(run_id))])
    track_all([run_id])
    until(lambda: Run.objects.filter(uuid=run_id, status="running", claim_token=None).exists())
    assert shared_state.watcher_alive(SharedState.read(), timezone.now())
    assert shared_state.watchers_rate(timezone.now()) == 10


def test_it_finishes_what_is_in_flight_and_leaves_no_claim(upstream: Simulator) -> None:
    ids = [uuid4() for _ in range(6)]
    for run_id in ids:
        upstream.script(run_id, [body(running(run_id))], delay=2)
    track_all(ids)
    watching = Watching()
    until(lambda: Run.objects.filter(claim_token__isnull=False).count() == 6)
    watching.stop()
    assert Run.objects.filter(status="running").count() == 4  # the others waited for a thread
    assert not Run.objects.filter(claim_token__isnull=False).exists()
    assert shared_state.watchers_rate(timezone.now()) == 0


def test_the_same_answer_again_costs_no_snapshot(upstream: Simulator, watching: Watching) -> None:
    run = store(running())
    upstream.script(run.uuid, [body(running(run.uuid))])
    for times in (1, 2, 3):
        Run.objects.update(next_refresh_at=timezone.now())
        until(lambda times=times: len(upstream.requests_for(run.uuid)) == times)
        until(lambda: not Run.objects.filter(claim_token__isnull=False).exists())
    assert Snapshot.objects.count() == 1


def test_a_followed_list_finds_out_that_asking_works_again(upstream: Simulator) -> None:
    """No run is due, and asking had been stopped: the list is the probe."""
    now = timezone.now()
    target = uuid4()
    upstream.script_path(f"/v2/workflow/{target}/runs", [[]])
    row, _ = follow.add("workflow", target, now - timedelta(hours=1))
    Follow.objects.filter(pk=row.pk).update(next_at=now - timedelta(minutes=9))
    long_ago = now - timedelta(hours=9)
    Gate.objects.create(
        reason="unreachable", since=long_ago, until=now - timedelta(hours=8), strikes=5
    )
    gate.forget()
    started = Watching()
    try:
        until(lambda: Follow.objects.filter(pk=row.pk, answered_at__isnull=False).exists())
        until(lambda: gate.current_stop(timezone.now()) is None)
    finally:
        started.stop()


def test_with_nothing_due_a_stop_ends_all_the_same(upstream: Simulator) -> None:
    """Neither a run nor a list is due: the watcher asks only to find out."""
    long_ago = timezone.now() - timedelta(hours=9)
    Gate.objects.create(
        reason="unreachable", since=long_ago, until=long_ago + timedelta(hours=1), strikes=5
    )
    gate.forget()
    started = Watching()
    try:
        until(lambda: gate.current_stop(timezone.now()) is None)
    finally:
        started.stop()
    assert len(upstream.requests) == 1


def test_a_turn_that_fails_does_not_end_the_watcher(
    upstream: Simulator, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """No thread can be started for lists; the runs go on, and the lists are due at once again."""
    targets, now = [uuid4() for _ in range(3)], timezone.now()
    for target in targets:
        upstream.script_path(f"/v2/workflow/{target}/runs", [[]])
        follow.add("workflow", target, now)
    real = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        if thread.name == "side-job" and len(caplog.records) == 0:
            raise RuntimeError("can't start new thread")
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    started = Watching()
    try:
        until(lambda: "Trying on" in caplog.text)
        run_id = uuid4()
        upstream.script(run_id, [body(running(run_id))])
        track_all([run_id])
        until(lambda: Run.objects.filter(uuid=run_id, status="running").exists())
        listed = Follow.objects.filter(target__in=targets, answered_at__isnull=False)
        until(lambda: listed.count() == len(targets))
    finally:
        started.stop()


def test_a_run_that_the_feed_names_is_fetched(settings) -> None:  # type: ignore[no-untyped-def]
    ours, new = store(answer()), uuid4()

    def comfydeploy(wire: Wire, peer: socket.socket) -> bool:
        if "/stream-progress?" in wire.requests[-1]:
            return stay(opening(HELLO, event(new)))(wire, peer)
        peer.sendall(reply(body(running(new))))
        return True

    with Wire(comfydeploy) as wire:
        settings.COMFYDEPLOY_API_URL = wire.url
        started = Watching()
        try:
            until(lambda: Run.objects.filter(uuid=new, status="running").exists())
        finally:
            started.stop()
        asked = [head.split(" ")[1].partition("?")[0] for head in wire.requests]
        assert asked.count("/api/v2/stream-progress") == 1
        assert f"/api/run/{new}" in asked
        assert f"run_id={ours.uuid}" in "".join(wire.requests)
    assert feed_state(SharedState.read(), timezone.now()) is FeedState.OFF


def test_without_a_key_there_is_no_feed(settings, upstream: Simulator) -> None:  # type: ignore[no-untyped-def]
    settings.COMFYDEPLOY_API_KEY = ""
    store(answer())
    started = Watching()
    try:
        until(lambda: shared_state.watcher_alive(SharedState.read(), timezone.now()))
        assert started.watcher._feed_keeper._thread.ident is None
    finally:
        started.stop()
    assert not SharedState.objects.filter(name=FEED).exists()


def test_a_log_that_is_looked_at_is_read(upstream: Simulator, watching: Watching) -> None:
    run = store(running(upstream.id("stale", seed=1, age=100)))
    live_logs.want(run, timezone.now())
    until(lambda: "got prompt" in LiveLog.objects.get().body)
    watching.stop()
    assert LiveLog.objects.get().holder == ""
    until(lambda: upstream.logs.open == 0)
