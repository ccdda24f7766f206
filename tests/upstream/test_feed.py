"""The feed's stream against a real socket: opened within bounds, read as it comes, stopped."""

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from dashboard.upstream import errors
from dashboard.upstream.client import Client
from dashboard.upstream.feed import Feed, FeedAdapter
from tests.upstream.asking import KEY, client, failure, hurried, impatient
from tests.wire import Step, Wire, answer, chunked, cut, drip, hang

PATH = "/v2/stream-progress?run_id=9b3711ad-d3b9-4081-b567-0185bedeeca3&status=input"
HELLO = b'data: {"type": "subscribed"}\n\n'


def opening(*pieces: bytes, kind: str = "text/event-stream; charset=utf-8") -> bytes:
    """The beginning of a stream that goes on."""
    return chunked(*pieces).replace(b"transfer-", b"content-type: %s\r\ntransfer-" % kind.encode())


def stay(data: bytes) -> Step:
    """Sends this much and keeps the stream open, in silence."""

    def step(wire: Wire, peer: socket.socket) -> bool:
        peer.sendall(data)
        return hang(wire, peer)

    return step


@contextlib.contextmanager
def opened(wire: Wire) -> Iterator[Feed]:
    feed = Feed(client(wire.url), PATH)
    try:
        feed.open()
        yield feed
    finally:
        feed.close()


def refused(asking: Client) -> errors.UpstreamError:
    feed = Feed(asking, PATH)
    try:
        return failure(feed.open)
    finally:
        feed.close()


def test_it_asks_for_events_with_the_key() -> None:
    with Wire(stay(opening(HELLO))) as wire, opened(wire):
        pass
    head = wire.requests[0]
    assert head.startswith(f"GET /api{PATH} HTTP/1.1")
    for line in (f"Authorization: Bearer {KEY}", "Accept: text/event-stream", "User-Agent: Runb"):
        assert line in head


def test_bytes_are_given_as_they_come_while_the_stream_is_open() -> None:
    with Wire(stay(opening(HELLO))) as wire, opened(wire) as feed:
        assert feed.read() == HELLO


def test_the_end_of_a_stream_is_empty() -> None:
    with Wire(cut(opening(HELLO) + b"0\r\n\r\n")) as wire, opened(wire) as feed:
        assert [feed.read(), feed.read()] == [HELLO, b""]


def test_a_stream_without_a_length_is_read_to_its_end() -> None:
    plain = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
    with Wire(cut(plain + HELLO)) as wire, opened(wire) as feed:
        assert [feed.read(), feed.read()] == [HELLO, b""]


def test_a_stream_that_breaks_off_is_unreachable() -> None:
    with Wire(cut(opening(HELLO) + b"40\r\nabc")) as wire, opened(wire) as feed:
        assert feed.read() == HELLO

        def read_all() -> None:
            while feed.read():
                pass

        assert type(failure(read_all)) is errors.Unreachable


def test_no_read_gives_more_than_a_piece() -> None:
    with Wire(stay(opening(b"x" * 1_000_000))) as wire, opened(wire) as feed:
        assert 0 < len(feed.read()) <= 16_384


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (answer(b"{}", "401 Unauthorized"), errors.KeyRejected),
        (answer(b"{}", "403 Forbidden"), errors.Forbidden),
        (answer(b"{}", "404 Not Found"), errors.NotFound),
        (answer(b"{}", "429 Too Many Requests", retry_after="7"), errors.RateLimited),
        (answer(b"{}", "500 Internal Server Error"), errors.ServerFailed),
        (answer(b"", "302 Found", location="http://127.0.0.1:9/"), errors.BadAnswer),
        (answer(b"", "204 No Content", content_type="text/event-stream"), errors.BadAnswer),
        (answer(b"<p>Hello", content_type="text/html"), errors.BadAnswer),
        (answer(b"{}", content_type="application/json"), errors.BadAnswer),
        (answer(b"data: 1"), errors.BadAnswer),
        (
            answer(b"", content_type="text/event-stream", content_encoding="gzip"),
            errors.BadAnswer,
        ),
        (b"SSH-2.0-OpenSSH_9.6\r\n", errors.BadAnswer),
    ],
)
def test_what_is_no_feed_has_a_name(data: bytes, kind: type[errors.UpstreamError]) -> None:
    with Wire(cut(data)) as wire:
        error = refused(client(wire.url))
        assert type(error) is kind
        assert error.retry_after == (7 if kind is errors.RateLimited else None)
        assert len(wire.requests) == 1


def test_nobody_there_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    assert type(refused(client(f"http://127.0.0.1:{port}/api"))) is errors.Unreachable


def test_headers_must_come_in_time() -> None:
    with Wire(hang) as wire:
        assert type(refused(impatient(wire.url))) is errors.TimedOut
    with Wire(drip(b"HTTP/1.1 200 OK\r\n" + b"x: 1\r\n" * 100, 0.3)) as wire:
        assert type(refused(hurried(wire.url))) is errors.TimedOut


def test_a_stream_outlives_the_bounds_of_an_answer() -> None:
    """The bounds on answers end with the headers: an idle feed is no failure."""
    go_on = threading.Event()

    def later(wire: Wire, peer: socket.socket) -> bool:
        peer.sendall(opening(HELLO))
        go_on.wait(30)
        peer.sendall(b"3\r\nabc\r\n")
        return hang(wire, peer)

    with Wire(later) as wire:
        feed = Feed(client(wire.url, read_timeout=0.3, total_timeout=0.5), PATH)
        feed.open()
        assert feed.read() == HELLO
        threading.Timer(0.8, go_on.set).start()
        assert feed.read() == b"abc"
        feed.close()


def test_a_key_that_no_header_can_hold_is_never_sent() -> None:
    with Wire(stay(opening(HELLO))) as wire:
        assert type(refused(client(wire.url, key="a b\nc"))) is errors.KeyRejected
        assert wire.requests == []


@pytest.mark.parametrize("more", [b"", b"connection: close\r\n"])
def test_stopping_from_outside_ends_a_read_that_waits(more: bytes) -> None:
    begun = opening(HELLO).replace(b"content-type", more + b"content-type")
    with Wire(stay(begun)) as wire:
        feed, waits, seen = Feed(client(wire.url), PATH), threading.Event(), []

        def read() -> None:
            feed.open()
            seen.append(feed.read())
            waits.set()
            seen.append(feed.read())
            feed.close()

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        assert waits.wait(30)
        thread.join(0.2)  # so that the second read waits for its byte
        assert thread.is_alive()
        feed.stop()
        thread.join(30)
        assert not thread.is_alive()
    assert seen == [HELLO, b""]


def test_a_feed_that_was_stopped_before_it_opened_gives_nothing() -> None:
    with Wire(stay(opening(HELLO))) as wire:
        feed = Feed(client(wire.url), PATH)
        feed.stop()
        with contextlib.suppress(errors.UpstreamError):
            feed.open()
            assert feed.read() == b""
        feed.close()


def test_the_connection_is_kept_alive_by_tcp(monkeypatch: pytest.MonkeyPatch) -> None:
    options: list[tuple[int, ...]] = []
    real = socket.socket.setsockopt

    def spy(sock: socket.socket, *option: int) -> None:
        options.append(option)
        real(sock, *option)

    monkeypatch.setattr(socket.socket, "setsockopt", spy)
    with Wire(stay(opening(HELLO))) as wire, opened(wire):
        pass
    alive = (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    assert alive in options
    through_proxy = FeedAdapter().proxy_manager_for("http://proxy.example:3128")
    assert alive in through_proxy.connection_pool_kw["socket_options"]
