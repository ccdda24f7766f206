"""The client's bounds against a real socket: time, bytes, and broken answers."""

import contextlib
import socket
import threading

import pytest

from dashboard.upstream import errors
from dashboard.upstream.deadline import deadline
from tests.upstream.asking import RUN, client, failure, hurried, impatient
from tests.wire import Wire, answer, chunked, cut, drip, hang, send, zipped


def test_a_kept_connection_that_was_dropped_is_tried_once_more() -> None:
    with Wire(answer(b"1"), cut(), answer(b"2")) as wire:
        asking = client(wire.url)
        assert [asking.get_run(RUN), asking.get_run(RUN)] == [b"1", b"2"]
        assert (len(wire.requests), wire.connections) == (3, 2)


def test_it_is_tried_no_third_time() -> None:
    with Wire(answer(b"1"), cut(), cut(), answer(b"2")) as wire:
        asking = client(wire.url)
        asking.get_run(RUN)
        assert type(failure(lambda: asking.get_run(RUN))) is errors.Unreachable
        assert len(wire.requests) == 3


def test_a_fresh_connection_that_drops_is_not_tried_again() -> None:
    with Wire(cut(), answer()) as wire:
        assert type(failure(lambda: client(wire.url).get_run(RUN))) is errors.Unreachable
        assert len(wire.requests) == 1


@pytest.mark.parametrize("data", [answer(b"{}", length=50), b"H", b"HTTP/1.1 200 OK\r\nx: 1"])
def test_an_answer_that_has_begun_is_not_asked_for_again(data: bytes) -> None:
    with Wire(answer(b"1"), cut(data), answer(b"2")) as wire:
        asking = client(wire.url)
        asking.get_run(RUN)
        with contextlib.suppress(errors.UpstreamError):
            assert asking.get_run(RUN) == b""  # to http.client, headers may end with the connection
        assert len(wire.requests) == 2


def test_a_silent_kept_connection_is_not_tried_again() -> None:
    with Wire(answer(), hang) as wire:
        asking = impatient(wire.url)
        asking.get_run(RUN)
        assert type(failure(lambda: asking.get_run(RUN))) is errors.TimedOut
        assert len(wire.requests) == 2


def test_a_dropped_answer_is_unreachable() -> None:
    for broken in (cut(answer(b"{}", length=50)), cut(chunked(b"abc"))):
        with Wire(broken) as wire:
            assert type(failure(lambda: client(wire.url).get_run(RUN))) is errors.Unreachable


def test_nobody_there_is_unreachable_and_asked_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    error = failure(lambda: client(f"http://127.0.0.1:{port}/api").get_run(RUN))
    assert type(error) is errors.Unreachable
    assert str(error) == "Runboard can't reach ComfyDeploy: the connection was refused."


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    error = failure(lambda: client("https://nowhere.invalid/api").get_run(RUN))
    assert type(error) is errors.Unreachable


def test_a_server_without_tls_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def refuse() -> None:
            peer, _ = plain.accept()
            with peer:
                peer.sendall(answer(b"", "400 Bad Request"))
                peer.recv(65536)

        thread = threading.Thread(target=refuse)
        thread.start()
        url = f"https://127.0.0.1:{plain.getsockname()[1]}/api"
        error = failure(lambda: client(url).get_run(RUN))
        thread.join()
    assert str(error) == "Runboard can't reach ComfyDeploy: no secure connection could be made."


@pytest.mark.parametrize(
    "sent",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x00\x01\x02\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 70_000,
    ],
)
def test_what_is_no_http_is_a_bad_answer(sent: bytes) -> None:
    with Wire(cut(sent)) as wire:
        assert type(failure(lambda: client(wire.url).get_run(RUN))) is errors.BadAnswer


def test_silence_ends_with_our_timer() -> None:
    with Wire(hang) as wire:
        error = failure(lambda: impatient(wire.url).get_run(RUN))
    assert type(error) is errors.TimedOut
    assert str(error) == "ComfyDeploy did not answer within 0.4 s."


HEAD = b"HTTP/1.1 200 OK\r\n"
SLOWLY = 0.3  # seconds for each byte: minutes for the whole, more than a test may take
DRIPS = {
    "status line": b"HTTP/1.1 200 " + b"O" * 500,
    "headers": HEAD + b"x: 1\r\n" * 100,
    "body": answer(b"{" + b" " * 500),
    "chunks": chunked(*[b"x"] * 200),
}


@pytest.mark.parametrize("data", DRIPS.values(), ids=DRIPS.keys())
def test_a_dripping_answer_ends_with_the_whole_answers_timer(data: bytes) -> None:
    with Wire(drip(data, SLOWLY)) as wire:
        error = failure(lambda: hurried(wire.url).get_run(RUN))
    assert type(error) is errors.TimedOut
    assert str(error) == "ComfyDeploy did not finish its answer within 0.8 s."


def test_both_tries_share_one_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = []
    start = deadline.start

    def noted(read_timeout: float, end: float) -> None:
        ends.append(end)
        start(read_timeout, end)

    with Wire(answer(), cut(), drip(answer(b" " * 500), SLOWLY)) as wire:
        asking = hurried(wire.url)
        asking.get_run(RUN)
        monkeypatch.setattr(deadline, "start", noted)
        assert type(failure(lambda: asking.get_run(RUN))) is errors.TimedOut
        assert len(wire.requests) == 3
        assert ends == [deadline.end]


def test_the_cap_is_exact() -> None:
    for size, fits in ((1000, True), (1001, False)):
        for sent in (answer(b"x" * size), zipped(b"x" * size), chunked(b"x" * size, b"")):
            with Wire(sent) as wire:
                asking = client(wire.url, max_bytes=1000)
                if fits:
                    assert len(asking.get_run(RUN)) == size
                else:
                    error = failure(lambda asking=asking: asking.get_run(RUN))
                    assert type(error) is errors.BadAnswer
                    assert "1,000 bytes" in str(error)


def test_a_body_without_end_stops_at_the_cap() -> None:
    def endless(wire: Wire, peer: socket.socket) -> bool:
        peer.sendall(HEAD + b"\r\n")
        while not wire.over.is_set():
            peer.sendall(b"x" * 65536)
        return False

    with Wire(endless) as wire:
        error = failure(lambda: client(wire.url).get_run(RUN))
    assert type(error) is errors.BadAnswer


def test_a_packed_bomb_stops_at_the_cap() -> None:
    with Wire(zipped(b"0" * 50_000_000)) as wire:
        asking = client(wire.url)
        assert type(failure(lambda: asking.get_run(RUN))) is errors.BadAnswer


def test_a_packed_answer_that_is_broken_is_bad() -> None:
    with Wire(answer(b"not gzip", content_encoding="gzip")) as wire:
        assert type(failure(lambda: client(wire.url).get_run(RUN))) is errors.BadAnswer


def test_after_any_failure_the_next_question_is_answered() -> None:
    for broken in (hang, cut(b"H"), cut(), send(answer(b"", "500 Oops")), cut(b"nonsense\r\n")):
        with Wire(broken, answer(b"2")) as wire:
            asking = impatient(wire.url)
            failure(lambda asking=asking: asking.get_run(RUN))
            assert asking.get_run(RUN) == b"2"
