"""One connection to a live log over a real socket: its lines, its end, and how it is stopped."""

import time
from collections.abc import Callable

from dashboard.services.worker.log_connection import LogConnection
from dashboard.upstream.errors import BadAnswer, Forbidden, Unreachable
from dashboard.upstream.feed import Feed
from tests.conftest import SAMPLES
from tests.patience import PATIENCE
from tests.upstream.asking import client
from tests.upstream.test_feed import opening, stay
from tests.wire import Step, Wire, answer, cut

RUNNING = (SAMPLES / "logs" / "stream-running.sse").read_bytes()
PATH = "/v2/stream-logs?run_id=x"


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


def connected(step: Step) -> LogConnection:
    """A connection to a server that does this; it has ended, or read what was sent."""
    with Wire(step) as wire:
        made = LogConnection(Feed(client(wire.url), PATH))
        made.start()
        until(lambda: made.ended)
    return made


def test_a_log_is_read_to_its_end() -> None:
    made = connected(cut(opening(RUNNING) + b"0\r\n\r\n"))
    assert made.complete and made.changed and made.error is None
    texts = [line.text for line in made.lines.lines]
    bar = "100%|██████████| 25/25 [00:07<00:00,  3.20it/s]"
    assert texts[3:8] == ["got prompt", bar, "first", "second in one entry", "yellow"]


def test_a_log_that_is_refused_or_none() -> None:
    assert type(connected(cut(answer(b"{}", "403 Forbidden"))).error) is Forbidden
    assert type(connected(cut(answer(b"<p>", content_type="text/html"))).error) is BadAnswer
    failed = opening(b'data: {"type": "error", "message": "x"}\n\n')
    assert type(connected(cut(failed + b"0\r\n\r\n")).error) is BadAnswer


def test_a_log_that_breaks_off() -> None:
    made = connected(cut(opening(RUNNING[:600]) + b"40\r\nabc"))
    assert type(made.error) is Unreachable
    assert made.lines.total > 2 and not made.complete


def test_it_is_stopped_while_it_waits() -> None:
    with Wire(stay(opening(RUNNING[:600]))) as wire:
        made = LogConnection(Feed(client(wire.url), PATH))
        made.start()
        until(lambda: made.changed)
        assert not made.ended
        made.stop()
        until(lambda: made.ended)
    assert made.error is None and not made.complete
