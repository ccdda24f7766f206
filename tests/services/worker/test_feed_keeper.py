"""The feed's keeper over real sockets and one database; hours pass on a clock of its own."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from dashboard.models import Gate, Run, SharedState, Workflow
from dashboard.services.comfydeploy import feed_lease
from dashboard.services.comfydeploy.feed_lease import FEED, FeedState
from dashboard.services.comfydeploy.token_bucket import token_bucket
from dashboard.services.worker.feed_keeper import FeedKeeper
from tests.builders import answer, store
from tests.domain.test_feed import HELLO, event
from tests.patience import PATIENCE
from tests.services.worker.feed_keeping import QUIET, asked_by, told
from tests.upstream.test_feed import opening, stay

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_run_that_it_names_is_tracked_at_once(wire, kept) -> None:  # type: ignore[no-untyped-def]
    ours, new = store(answer()), uuid4()
    asked = wire(stay(opening(HELLO, event(new))))
    a = kept()
    a.until(lambda: Run.objects.filter(uuid=new).exists())
    assert Run.objects.due(timezone.now()).get(uuid=new).status is None
    assert a.woken == 1
    assert asked_by(asked) == [str(ours.uuid)]
    a.turns(2)
    assert told() is FeedState.ON


def test_it_costs_one_token_and_no_other_request(wire, kept, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    asked = wire(QUIET)
    monkeypatch.setattr(token_bucket(), "rate", 1e-9)
    before = token_bucket()._tokens
    a = kept()
    a.until(lambda: a.on)
    a.turns(20, step=1)
    assert before - token_bucket()._tokens == pytest.approx(1, abs=0.01)
    assert len(asked.requests) == 1


def test_without_a_token_or_with_a_closed_gate_it_does_not_ask(wire, kept) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    asked, now = wire(QUIET), timezone.now()
    stop = Gate.objects.create(
        reason="unreachable", since=now, until=now + timedelta(hours=1), strikes=5
    )
    a = kept()
    a.turns(10, step=3)
    assert asked.requests == []
    stop.delete()
    token_bucket().take(1000)
    token_bucket().charge()
    a.turns(3, step=3)
    assert asked.requests == []
    token_bucket().give_back(10)
    a.until(lambda: a.on, step=3)


def test_two_keepers_hold_one_connection(wire, kept) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    asked = wire(QUIET)
    a, b = kept("a"), kept("b")
    a.until(lambda: a.on)
    for _ in range(20):
        b.turns(1, step=1)
        a.turns(1, step=1)
    assert len(asked.requests) == 1
    assert not b.on


def test_another_takes_over_what_was_given_up_or_left(wire, kept) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    asked = wire(QUIET)
    a, b, c = kept("a"), kept("b"), kept("c")
    a.until(lambda: a.on)
    a.keeper.end()
    b.until(lambda: b.on, step=1)
    SharedState.objects.filter(name=FEED).update(at=timezone.now() - timedelta(seconds=31))
    c.until(lambda: c.on, step=1)
    b.turns(8, step=1)
    assert not b.on  # it has noticed, and closed its own
    assert c.on
    assert len(asked.requests) == 3


def test_a_holder_whose_beats_are_not_written_closes_it(wire, kept, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    wire(QUIET)
    a = kept()
    a.until(lambda: a.on)

    def fail(*_: object) -> bool:
        raise OperationalError("disk is full")

    monkeypatch.setattr(feed_lease, "renew", fail)
    for seconds, on in ((6, True), (10, True), (10, False)):
        a.moment += seconds
        with pytest.raises(OperationalError):
            a.keeper.tick()
        assert a.on is on


def test_before_any_run_a_workflow_is_heard_and_then_the_whole_workspace(wire, kept) -> None:  # type: ignore[no-untyped-def]
    flow = uuid4()
    asked = wire(QUIET)
    a = kept()
    a.turns(5, step=1)
    assert (asked.requests, told()) == ([], FeedState.OFF)
    Workflow.objects.create(uuid=flow, seen_at=timezone.now())
    a.until(lambda: a.on, step=5)
    run = store(answer())
    a.until(lambda: len(asked.requests) == 2, step=1)
    assert "workflow_id=" in asked.requests[0]
    assert asked_by(asked) == [str(flow), str(run.uuid)]
    a.turns(20, step=5)
    assert len(asked.requests) == 2


def test_after_five_silent_minutes_a_new_one_is_opened_before_the_old_is_closed(wire, kept) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    asked = wire(QUIET)
    a = kept()
    a.until(lambda: a.on)
    old = a.keeper._current
    assert old is not None
    a.until(lambda: old.silent_for(a.moment) > 290, step=4)
    assert len(asked.requests) == 1
    overlapping = []

    def replaced() -> bool:
        current, opening = a.keeper._current, a.keeper._opening
        if opening is not None:
            overlapping.append(current is old and not old._stopped.is_set())
        return current is not old

    a.until(replaced, step=1)
    assert overlapping and all(overlapping)
    assert old._stopped.is_set()
    assert (len(asked.requests), asked.connections) == (2, 2)
    assert a.on


def test_its_thread_ends_and_releases_with_an_open_silent_feed(wire) -> None:  # type: ignore[no-untyped-def]
    store(answer())
    wire(QUIET)
    keeper = FeedKeeper("a", lambda: None, lambda _: None)
    keeper.start()
    end = time.monotonic() + PATIENCE
    while told() is not FeedState.ON:
        assert time.monotonic() < end
        time.sleep(0.02)
    current = keeper._current
    assert current is not None
    keeper.stop()
    keeper.join(30)
    assert not keeper._thread.is_alive()
    assert told() is FeedState.OFF
    while not current.ended:
        assert time.monotonic() < end
        time.sleep(0.02)
