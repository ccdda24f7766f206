"""What may go wrong with the live feed, each over a real connection."""

import socket
import time
from collections.abc import Callable
from http.client import IncompleteRead

import pytest

from dashboard.simulator import Simulator
from dashboard.simulator.feed import GARBAGE, INSTEAD, LONG_LINE
from tests.simulator.conftest import Wire
from tests.simulator.streams import KEY, OWN, Stream, listen, until

__all__ = ["listen"]


@pytest.mark.parametrize("mode", INSTEAD)
def test_a_stream_may_be_answered_with_something_else(
    simulator: Simulator, wire: Wire, mode: str
) -> None:
    simulator.feed.mode = mode
    got = wire.get(f"/api/v2/stream-progress?{OWN}", **KEY)
    assert str(got.status) == ("200" if mode == "html" else mode)
    assert not got.named["content-type"].startswith("text/event-stream")
    assert simulator.feed.opened == 0


def test_a_silent_stream_sends_nothing_until_the_mode_changes(
    simulator: Simulator, listen: Callable[..., Stream]
) -> None:
    simulator.feed.mode = "silent"
    stream = listen()
    until(lambda: simulator.feed.open == 1)
    simulator.start_run()
    time.sleep(0.2)
    simulator.feed.mode = "normal"
    time.sleep(0.1)
    later = simulator.start_run()
    assert stream.next()["run_id"] == str(later), "what happened meanwhile is lost"


def test_a_stream_may_have_no_headers_at_all(simulator: Simulator) -> None:
    simulator.feed.mode = "no-headers"
    with socket.create_connection(("127.0.0.1", simulator.port), timeout=0.3) as asking:
        head = f"GET /api/v2/stream-progress?{OWN} HTTP/1.1\r\nHost: x\r\nX-API-Key: key\r\n\r\n"
        asking.sendall(head.encode())
        until(lambda: simulator.feed.open == 1)
        with pytest.raises(TimeoutError):
            asking.recv(1)
    until(lambda: simulator.feed.open == 0)


def test_a_stream_dies_after_some_events(
    simulator: Simulator, listen: Callable[..., Stream]
) -> None:
    simulator.feed.mode, simulator.feed.dies_after = "dies", 2
    stream = listen().hello()
    for _ in range(3):
        simulator.start_run()
    assert [stream.next()["status"], stream.next()["status"]] == ["input", "input"]
    with pytest.raises(IncompleteRead):
        stream.response.read()


def test_a_long_line_comes_once(simulator: Simulator, listen: Callable[..., Stream]) -> None:
    simulator.feed.mode = "long-line"
    stream = listen().hello()
    stream.line()
    assert len(stream.line()) == LONG_LINE + len("data: \n")
    run_id = simulator.start_run()
    assert stream.next()["run_id"] == str(run_id)


def test_a_flood_repeats_one_run(simulator: Simulator, listen: Callable[..., Stream]) -> None:
    simulator.feed.mode = "flood"
    stream = listen().hello()
    assert len({stream.next()["run_id"] for _ in range(1500)}) == 1


def test_without_redis_a_stream_ends_after_an_error(
    simulator: Simulator, listen: Callable[..., Stream]
) -> None:
    stream = listen().hello()
    simulator.feed.mode = "redis-down"
    (error,) = stream.until_end()
    assert error["type"] == "error" and error["message"].startswith("Error 111 connecting")


def test_garbage_stands_between_good_events(
    simulator: Simulator, listen: Callable[..., Stream]
) -> None:
    simulator.feed.mode = "garbage"
    stream = listen().hello()
    run_ids = [simulator.start_run() for _ in range(len(GARBAGE))]
    read = b""
    while str(run_ids[-1]).encode() not in read:
        read += stream.line()
    assert all(part.strip() in read for part in GARBAGE)
    assert all(str(run_id).encode() in read for run_id in run_ids)
