"""The keeper of live logs over real sockets and one database; minutes pass on its own clock."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError
from django.utils import timezone

from dashboard.models import Gate, LiveLog, Run
from dashboard.models.live_log import LiveState
from dashboard.services.comfydeploy.token_bucket import token_bucket
from dashboard.services.runs import live_logs
from dashboard.services.worker.log_keeper import LogKeeper
from dashboard.simulator import Simulator
from tests.builders import running, store
from tests.patience import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


class Kept:
    """A keeper whose turns and whose clock are the test's."""

    def __init__(self, name: str = "a") -> None:
        self.moment = 1000.0
        self.keeper = LogKeeper(name, lambda _: None, clock=lambda: self.moment)

    def until(self, true: Callable[[], object], step: float = 0.3) -> None:
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, "it did not happen in time"
            self.turns(1, step)

    def turns(self, count: int, step: float = 1.0) -> None:
        for _ in range(count):
            self.keeper.tick()
            self.moment += step
            time.sleep(0.005)


@pytest.fixture
def kept() -> Iterator[Callable[..., Kept]]:
    made: list[Kept] = []

    def make(name: str = "a") -> Kept:
        made.append(Kept(name))
        return made[-1]

    yield make
    for each in made:
        each.keeper.end()


def live(upstream: Simulator, scenario: str = "stale", age: float = 100.0) -> Run:
    """A run of the simulator that is live here, and that somebody looks at."""
    run = store(running(upstream.id(scenario, seed=1, age=age)))
    live_logs.want(run, timezone.now())
    return run


def row(run: Run) -> LiveLog:
    return LiveLog.objects.get(pk=run.pk)


def asked(upstream: Simulator) -> int:
    return len(upstream.requests_at("/v2/stream-logs"))


def test_a_log_that_is_looked_at_is_read_once_for_all(
    upstream: Simulator, kept: Callable[..., Kept]
) -> None:
    run = live(upstream)
    a, b = kept("a"), kept("b")
    a.until(lambda: row(run).body)
    b.turns(3)
    live_logs.want(run, timezone.now())
    a.turns(3)
    assert "got prompt" in row(run).body
    assert (row(run).state, row(run).holder) == (LiveState.OPEN, "a")
    assert (asked(upstream), upstream.logs.open) == (1, 1)


def test_it_ends_when_nobody_looks_and_begins_again(
    upstream: Simulator, kept: Callable[..., Kept]
) -> None:
    run, a = live(upstream), kept()
    a.until(lambda: row(run).body)
    LiveLog.objects.update(wanted_until=timezone.now())
    a.until(lambda: upstream.logs.open == 0)
    assert (row(run).state, row(run).holder) == (LiveState.WAITING, "")
    body = row(run).body
    live_logs.want(run, timezone.now())
    a.until(lambda: upstream.logs.open == 1)
    a.turns(3)
    assert row(run).body.startswith(body)


def test_it_ends_a_minute_after_the_run(upstream: Simulator, kept: Callable[..., Kept]) -> None:
    run, a = live(upstream, "cancel-running", age=3600), kept()
    a.until(lambda: row(run).body)
    Run.objects.update(finished=True, status="cancelled")
    a.turns(30)
    assert upstream.logs.open == 1
    a.turns(40)
    a.until(lambda: upstream.logs.open == 0)
    assert row(run).state == LiveState.ENDED
    assert "Processing interrupted" in row(run).body
    a.turns(5)  # the wish of who looked last has not run out yet
    assert (row(run).state, asked(upstream)) == (LiveState.ENDED, 1)


def test_the_end_that_comfydeploy_tells(upstream: Simulator, kept: Callable[..., Kept]) -> None:
    run, a = live(upstream, "warm", age=3600), kept()
    a.until(lambda: row(run).state == LiveState.ENDED)
    assert "Prompt executed" in row(run).body and "__END__" not in row(run).body
    a.turns(5)
    assert asked(upstream) == 1


@pytest.mark.parametrize(
    ("mode", "state"),
    [
        ("404", LiveState.ABSENT),
        ("403", LiveState.ABSENT),
        ("html", LiveState.ABSENT),
        ("long-line", LiveState.ABSENT),
        ("500", LiveState.BROKEN),
        ("lies", LiveState.ENDED),
    ],
)
def test_what_is_no_log_leaves_the_row_empty_and_is_not_asked_again_at_once(
    upstream: Simulator, kept: Callable[..., Kept], mode: str, state: LiveState
) -> None:
    upstream.logs.mode = mode
    run, a = live(upstream), kept()
    a.until(lambda: row(run).state == state)
    again = row(run).next_at - timezone.now()
    assert again > timedelta(seconds=500 if state == LiveState.ABSENT else 0.2)
    assert (row(run).body, asked(upstream)) == ("", 1)
    assert not Gate.objects.filter(strikes__gt=0).exists()


def test_a_log_of_another_shape_stays_empty(upstream: Simulator, kept: Callable[..., Kept]) -> None:
    upstream.logs.mode = "changed"
    run, a = live(upstream), kept()
    a.until(lambda: upstream.logs.open == 1)
    a.turns(10)
    assert row(run).body == ""


def test_a_log_that_breaks_off_keeps_its_lines_and_waits_longer_each_time(
    upstream: Simulator, kept: Callable[..., Kept]
) -> None:
    upstream.logs.mode, upstream.logs.dies_after = "dies", 1
    run, a = live(upstream), kept()
    a.until(lambda: row(run).state == LiveState.BROKEN)
    body = row(run).body
    assert "got prompt" in body and row(run).failures == 1
    LiveLog.objects.update(next_at=timezone.now())
    a.until(lambda: row(run).failures == 2)
    assert row(run).body.startswith(body)
    assert row(run).next_at - timezone.now() > timedelta(seconds=1)


def test_a_flood_is_written_bounded_and_at_most_once_a_second(
    upstream: Simulator, kept: Callable[..., Kept], monkeypatch: pytest.MonkeyPatch
) -> None:
    upstream.logs.mode = "flood"
    writes = []
    write = live_logs.write
    monkeypatch.setattr(live_logs, "write", lambda *given: (writes.append(a.moment), write(*given)))
    run, a = live(upstream), kept()
    a.until(lambda: row(run).left_out > 1000, step=0.1)
    assert row(run).lines == 500
    assert all(after - at >= 0.99 for at, after in zip(writes, writes[1:], strict=False))


def test_eight_streams_and_no_more(upstream: Simulator, kept: Callable[..., Kept]) -> None:
    for seed in range(10):
        run = store(running(upstream.id("stale", seed=2 * seed + 1, age=100)))
        live_logs.want(run, timezone.now())
    a, b = kept("a"), kept("b")
    a.until(lambda: upstream.logs.open == 8)
    b.turns(3)
    a.turns(3)
    assert (upstream.logs.most, asked(upstream)) == (8, 8)


def test_without_a_token_or_with_a_closed_gate_it_does_not_ask(
    upstream: Simulator, kept: Callable[..., Kept]
) -> None:
    live(upstream)
    now, a = timezone.now(), kept()
    stop = Gate.objects.create(
        reason="unreachable", since=now, until=now + timedelta(hours=1), strikes=5
    )
    a.turns(3)
    stop.delete()
    token_bucket().take(1000)
    token_bucket().charge()
    a.turns(1)
    assert asked(upstream) == 0


def test_a_run_that_is_removed_ends_its_stream(
    upstream: Simulator, kept: Callable[..., Kept]
) -> None:
    run, a = live(upstream), kept()
    a.until(lambda: row(run).body)
    Run.objects.all().delete()
    a.until(lambda: upstream.logs.open == 0)


def test_a_log_that_another_has_taken_is_let_go(
    upstream: Simulator, kept: Callable[..., Kept]
) -> None:
    run, a = live(upstream), kept()
    a.until(lambda: row(run).body)
    LiveLog.objects.update(holder="b")
    a.until(lambda: upstream.logs.open == 0)
    assert row(run).holder == "b"


def test_a_watcher_that_slept_gives_up_what_others_have_taken_the_place_of(
    upstream: Simulator, kept: Callable[..., Kept]
) -> None:
    runs = [live(upstream)]
    a, b = kept("a"), kept("b")
    a.until(lambda: upstream.logs.open == 1)
    for seed in range(1, 9):
        runs.append(store(running(upstream.id("stale", seed=2 * seed + 1, age=100))))
        live_logs.want(runs[-1], timezone.now())
    # Its hold has expired, and who looked at it has gone.
    held = LiveLog.objects.filter(pk=runs[0].pk)
    held.update(next_at=timezone.now(), wanted_until=timezone.now())
    b.until(lambda: LiveLog.objects.filter(holder="b").count() == 8)
    live_logs.want(runs[0], timezone.now())
    a.turns(15)
    assert not LiveLog.objects.filter(holder="a", next_at__gt=timezone.now()).exists()
    a.until(lambda: upstream.logs.open == 8)


def test_its_end_gives_all_up(upstream: Simulator, kept: Callable[..., Kept]) -> None:
    run, a = live(upstream), kept()
    a.keeper.start()
    end = time.monotonic() + PATIENCE
    while not row(run).body and time.monotonic() < end:
        time.sleep(0.02)
    a.keeper.stop()
    a.keeper.join(10)
    assert (row(run).holder, row(run).state) == ("", LiveState.WAITING)
    assert row(run).next_at <= timezone.now()


def test_what_the_database_refused_is_written_when_it_takes_it(
    upstream: Simulator, kept: Callable[..., Kept], monkeypatch: pytest.MonkeyPatch
) -> None:
    run, a = live(upstream, "warm", age=3600), kept()
    write, refusals = live_logs.write, []

    def refuse_once(*given: Any) -> None:
        if not refusals:
            refusals.append(given)
            raise OperationalError("database is locked")
        write(*given)

    monkeypatch.setattr(live_logs, "write", refuse_once)
    with pytest.raises(OperationalError):
        a.until(lambda: False)
    a.until(lambda: row(run).state == LiveState.ENDED)
    assert "Prompt executed" in row(run).body


def test_tokens_come_back_where_the_database_refuses(
    upstream: Simulator, kept: Callable[..., Kept], monkeypatch: pytest.MonkeyPatch
) -> None:
    live(upstream)
    a, taken = kept(), []
    bucket = token_bucket()
    monkeypatch.setattr(bucket, "take", lambda most: taken.append(most) or most)
    monkeypatch.setattr(bucket, "give_back", lambda count: taken.append(-count))

    def refuse(*given: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(live_logs, "take", refuse)
    with pytest.raises(OperationalError):
        a.turns(1)
    assert taken and sum(taken) == 0


def test_a_log_that_cannot_be_written_leaves_the_others_alone(
    upstream: Simulator, kept: Callable[..., Kept], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, a = live(upstream), kept()
    good = store(running(upstream.id("stale", seed=2, age=100)))
    write = live_logs.write

    def choose(name: str, pk: int, *given: Any) -> None:
        if pk == bad.pk:
            raise ValueError("no such text")
        write(name, pk, *given)

    monkeypatch.setattr(live_logs, "write", choose)
    a.until(lambda: upstream.logs.open == 1)
    live_logs.want(good, timezone.now())
    a.until(lambda: row(good).body)
    assert row(bad).state == LiveState.ABSENT


def test_a_run_that_comfydeploy_does_not_know(
    upstream: Simulator, kept: Callable[..., Kept]
) -> None:
    run = store(running(UUID(int=7)))
    live_logs.want(run, timezone.now())
    a = kept()
    a.until(lambda: row(run).state == LiveState.ABSENT)
