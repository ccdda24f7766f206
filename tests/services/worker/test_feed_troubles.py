"""A feed that refuses, fails, floods or falls silent: it is done without, and tried again later."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from dashboard.domain.feed import NewRun
from dashboard.domain.polling.trouble import Trouble
from dashboard.models import Gate, Run, SharedState
from dashboard.services.comfydeploy import gate, shared_state
from dashboard.services.comfydeploy.feed_lease import FeedState
from dashboard.services.runs import feed
from dashboard.services.worker import feed_connection
from tests.builders import answer, store
from tests.domain.test_feed import HELLO, event
from tests.services.worker.feed_keeping import QUIET, asked_by, told
from tests.upstream.test_feed import opening, stay
from tests.wire import Wire, cut
from tests.wire import answer as reply

pytestmark = pytest.mark.django_db(transaction=True)
ENDS = cut(opening(HELLO) + b"0\r\n\r\n")
NO_RUN, NOT_OURS = cut(reply(b"{}", "404 Not Found")), cut(reply(b"{}", "403 Forbidden"))


@pytest.mark.parametrize("refusal", [NO_RUN, NOT_OURS])
def test_three_refusals_turn_it_off_until_another_run_can_be_read(wire, kept, refusal) -> None:  # type: ignore[no-untyped-def]
    runs = [store(answer()) for _ in range(5)]
    asked = wire(refusal, refusal, refusal, QUIET)
    a = kept()
    a.until(lambda: told() is FeedState.OFF and len(asked.requests) == 3, step=1)
    assert len(set(asked_by(asked))) == 3
    a.turns(30, step=10)
    assert len(asked.requests) == 3
    new = store(answer())
    a.until(lambda: a.on, step=10)
    assert asked_by(asked)[3:] == [str(new.uuid)]
    assert new.uuid not in {run.uuid for run in runs}


def test_off_it_is_tried_again_after_an_hour(wire, kept) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    asked = wire(NOT_OURS, QUIET)
    a = kept()
    a.until(lambda: told() is FeedState.OFF and asked.requests, step=1)
    a.turns(50, step=60)
    assert len(asked.requests) == 1
    a.until(lambda: a.on, step=60)
    assert a.moment > 1000 + 3600


def test_a_refused_run_makes_room_for_the_next(wire, kept) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    store(answer())
    asked = wire(NOT_OURS, QUIET)
    a = kept()
    a.until(lambda: a.on, step=1)
    assert len(set(asked_by(asked))) == 2


def test_a_silent_feed_that_cannot_be_renewed_is_in_doubt(wire, kept) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    wire(QUIET, cut(reply(b"", "502 Bad Gateway")))
    a = kept()
    a.until(lambda: a.on)
    a.until(lambda: told() is not FeedState.ON, step=5)
    assert a.keeper._current is not None


@pytest.mark.parametrize(
    "failing",
    [
        cut(reply(b"<p>", content_type="text/html")),
        cut(reply(b"{}", "500 Internal Server Error")),
        cut(),
        ENDS,
        cut(opening(b"data: {}\n\n", b'data: {"type": "error"}\n\n')),
    ],
)
def test_failures_make_it_wait_longer_each_time(wire, kept, failing) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    asked = wire(failing)
    a = kept()
    waits: list[float] = []
    for _ in range(11):
        count = len(waits) + 1
        # The clock stands until the failure is seen.
        a.until(lambda count=count: len(asked.requests) == count)
        a.until(lambda count=count: a.keeper._failures == count)
        waits.append(a.keeper._next_at - a.moment)
        a.moment = a.keeper._next_at
    planned = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert all(p <= w <= p * 1.11 for p, w in zip(planned, waits, strict=True)), waits


def test_a_stream_of_nonsense_is_closed(wire, kept) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    wire(stay(opening(b"<p>" + b"x" * 10_000_000)))
    a = kept()
    a.until(lambda: a.keeper._failures == 1)
    assert not a.on


def test_a_stream_that_spoke_resets_the_wait(wire, kept) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    over: list[bool] = []

    def until_told(wire: Wire, peer) -> bool:  # type: ignore[no-untyped-def]
        peer.sendall(opening(HELLO))
        while not over and not wire.over.wait(0.01):
            pass
        return False

    wire(cut(), cut(), cut(), until_told)
    a = kept()
    a.until(lambda: a.on and a.keeper._current.spoke, step=0.5)
    assert a.keeper._failures == 3
    a.turns(4, step=5)
    over.append(True)
    a.until(lambda: not a.keeper._current)
    assert a.keeper._failures == 1


def test_a_wait_that_comfydeploy_names_is_kept(wire, kept) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    asked = wire(cut(reply(b"", "429 Too Many Requests", retry_after="500")), QUIET)
    a = kept()
    a.until(lambda: a.keeper._failures == 1)
    assert a.keeper._next_at - a.moment >= 500
    assert told() is not FeedState.ON
    a.until(lambda: a.on, step=20)
    assert len(asked.requests) == 2


@pytest.mark.parametrize("status", ["401 Unauthorized", "429 Too Many Requests", "502 Bad"])
def test_what_the_feed_answers_stops_nothing_else(wire, kept, status: str) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    asked = wire(cut(reply(b"", status)))
    a = kept()
    a.until(lambda: a.keeper._failures >= 1)
    a.turns(50, step=60)
    assert len(asked.requests) > 5
    assert gate.current_stop(timezone.now()) is None
    assert not shared_state.key_rejected(SharedState.read())


def test_the_feed_of_a_rejected_key_is_ended(wire, kept) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    asked, now = wire(QUIET), timezone.now()
    a = kept()
    a.until(lambda: a.on)
    Gate.objects.create(
        reason=Trouble.KEY_REJECTED,
        since=now,
        until=now + timedelta(minutes=5),
        key=shared_state.key_digest(),
    )
    gate.forget()
    a.until(lambda: told() is FeedState.OFF, step=1)
    a.turns(20, step=5)
    assert len(asked.requests) == 1


def test_an_outage_leaves_the_feed_open(wire, kept) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    wire(QUIET)
    a, now = kept(), timezone.now()
    a.until(lambda: a.on)
    Gate.objects.create(
        reason="unreachable", since=now, until=now + timedelta(minutes=5), strikes=5
    )
    gate.forget()
    a.turns(20, step=3)
    assert a.on


def test_a_flood_of_one_run_is_one_write(wire, kept, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    written: list[list[NewRun]] = []
    receive = feed.receive
    monkeypatch.setattr(feed, "receive", lambda ids, now: (written.append(ids), receive(ids, now)))
    run_id = uuid4()
    wire(stay(opening(HELLO, event(run_id) * 3000)))
    a = kept()
    a.until(lambda: a.on and written)
    byte_at = -1.0
    while a.keeper._current._byte_at != byte_at:  # until all of it is read
        byte_at = a.keeper._current._byte_at
        a.turns(30, step=0.1)
    assert written == [[NewRun(run_id)]]
    assert a.on


def test_a_flood_of_runs_is_done_without(wire, kept, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(feed_connection, "BURST", 30.0)
    monkeypatch.setattr(feed_connection, "RATE", 1e-9)
    store(answer())
    asked = wire(stay(opening(HELLO, b"".join(event(uuid4()) for _ in range(500)))))
    a = kept()
    a.until(lambda: told() is FeedState.OFF and asked.requests, step=0.1)
    assert Run.objects.count() == 31
    assert a.keeper._next_at - a.moment > 250
    a.turns(20, step=1)
    assert len(asked.requests) == 1


def test_what_was_heard_waits_for_a_database_that_takes_nothing(wire, kept, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    ours, new = store(answer()), uuid4()
    wire(stay(opening(HELLO, event(new))))
    receive, failures = feed.receive, []

    def fail_first(ids: list[NewRun], now: object) -> None:
        if not failures:
            failures.append(ids)
            raise OperationalError("disk is full")
        receive(ids, now)  # type: ignore[arg-type]

    monkeypatch.setattr(feed, "receive", fail_first)
    a = kept()
    with pytest.raises(OperationalError):
        a.until(lambda: False)
    a.until(lambda: Run.objects.filter(uuid=new).exists())
    assert Run.objects.count() == 2
    assert ours.uuid != new
