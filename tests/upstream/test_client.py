"""The client against a real socket: what it asks, its bounds, and its named failures."""

import contextlib
import logging
import socket
import threading
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from dashboard.upstream import errors
from dashboard.upstream.client import Client
from tests.wire import Wire, answer, chunked, cut, drip, hang, send, zipped

RUN = UUID("9b3711ad-d3b9-4081-b567-0185bedeeca3")
KEY = "eyJfake.fake-key.signature"
QUICK = {"connect_timeout": 1.0, "read_timeout": 0.4, "total_timeout": 0.8}


def client(url: str, key: str = KEY, **bounds: Any) -> Client:
    return Client(url, key, user_agent="Runboard/0.1.0", **{**QUICK, **bounds})


def failure(act: Callable[[], Any]) -> errors.UpstreamError:
    with pytest.raises(errors.UpstreamError) as caught:
        act()
    told = "".join(traceback.format_exception(caught.value))
    assert KEY not in told
    assert "Authorization" not in told
    assert str(caught.value).endswith(".")
    return caught.value


def test_it_asks_for_the_run_with_its_place_in_the_queue() -> None:
    with Wire(answer(b'{"id": 1}')) as wire:
        assert client(wire.url + "/").get_run(RUN) == b'{"id": 1}'
    head = wire.requests[0].lower()
    assert head.startswith(f"get /api/run/{RUN}?queue_position=true http/1.1\r\n")
    assert f"authorization: bearer {KEY}".lower() in head
    assert "user-agent: runboard/0.1.0" in head
    assert "cookie" not in head


def test_one_thread_keeps_one_connection() -> None:
    with Wire(answer()) as wire:
        asking = client(wire.url)
        for _ in range(3):
            asking.get_run(RUN)
        assert wire.connections == 1
        thread = threading.Thread(target=asking.get_run, args=(RUN,))
        thread.start()
        thread.join()
        assert wire.connections == 2


@pytest.mark.parametrize("body", [b"", b"{}", b"x" * 300_000])
def test_bodies_come_as_they_were_sent(body: bytes) -> None:
    for sent in (answer(body), zipped(body), chunked(*filter(None, [body[:9], body[9:]]), b"")):
        with Wire(sent) as wire:
            assert client(wire.url, read_timeout=5, total_timeout=5).get_run(RUN) == body


@pytest.mark.parametrize(
    ("status", "kind", "trouble"),
    [
        ("401 Unauthorized", errors.KeyRejected, "key-rejected"),
        ("403 Forbidden", errors.Forbidden, "forbidden"),
        ("404 Not Found", errors.NotFound, "not-found"),
        ("429 Too Many Requests", errors.RateLimited, "rate-limited"),
        ("500 Internal Server Error", errors.ServerFailed, "server-error"),
        ("502 Bad Gateway", errors.ServerFailed, "server-error"),
        ("503 Service Unavailable", errors.ServerFailed, "server-error"),
        ("504 Gateway Timeout", errors.ServerFailed, "server-error"),
        ("599 Odd", errors.ServerFailed, "server-error"),
        ("400 Bad Request", errors.BadAnswer, "bad-answer"),
        ("405 Method Not Allowed", errors.BadAnswer, "bad-answer"),
        ("422 Unprocessable Entity", errors.BadAnswer, "bad-answer"),
        ("304 Not Modified", errors.BadAnswer, "bad-answer"),
    ],
)
def test_every_status_has_its_error(status: str, kind: type, trouble: str) -> None:
    with Wire(answer(b'{"detail":"no"}', status)) as wire:
        error = failure(lambda: client(wire.url).get_run(RUN))
    assert type(error) is kind
    assert error.trouble == trouble
    assert len(wire.requests) == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary Redirect"])
def test_a_redirect_is_not_followed(status: str) -> None:
    with Wire(answer()) as elsewhere, Wire(answer(b"", status, location=elsewhere.url)) as wire:
        assert type(failure(lambda: client(wire.url).get_run(RUN))) is errors.BadAnswer
        assert elsewhere.requests == []


def http_date(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("sent", "low", "high"),
    [
        ("17", 17, 17),
        (" 2.5 ", 3, 3),
        ("0", 1, 1),
        ("-5", 1, 1),
        ("99999", 3600, 3600),
        ("9" * 400, 3600, 3600),
        (30.0, 27, 31),
        (-30.0, 1, 1),
        (1e6, 3600, 3600),
    ],
)
def test_a_limit_tells_how_long_to_wait(sent: str | float, low: float, high: float) -> None:
    """A number here stands for a date so many seconds from now."""
    sent = http_date(sent) if isinstance(sent, float) else sent
    with Wire(answer(b"", "429 Too Many Requests", retry_after=sent)) as wire:
        wait = failure(lambda: client(wire.url).get_run(RUN)).retry_after
    assert wait is not None
    assert low <= wait <= high


def test_a_date_to_wait_for_goes_by_the_servers_clock() -> None:
    sent = {"retry_after": "Mon, 23 Nov 2020 12:00:40 GMT", "date": "Mon, 23 Nov 2020 12:00:00 GMT"}
    with Wire(answer(b"", "429 Too Many Requests", **sent)) as wire:
        assert failure(lambda: client(wire.url).get_run(RUN)).retry_after == 40


@pytest.mark.parametrize(
    "sent", ["soon", "", "nan", "inf", "12 s", "Mon, 99 Nov 2020 12:00:40 GMT"]
)
def test_a_wait_that_cannot_be_read_is_none(sent: str) -> None:
    with Wire(answer(b"", "429 Too Many Requests", retry_after=sent)) as wire:
        assert failure(lambda: client(wire.url).get_run(RUN)).retry_after is None


def test_a_busy_server_may_name_a_wait_too() -> None:
    with Wire(answer(b"", "503 Service Unavailable", retry_after="9")) as wire:
        assert failure(lambda: client(wire.url).get_run(RUN)).retry_after == 9


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
        asking = client(wire.url)
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
    assert str(error) == "Can't reach ComfyDeploy: the connection was refused."


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    error = failure(lambda: client("https://nowhere.invalid/api", total_timeout=5).get_run(RUN))
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
    assert str(error) == "Can't reach ComfyDeploy: no secure connection could be made."


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
        start = time.monotonic()
        error = failure(lambda: client(wire.url).get_run(RUN))
        assert time.monotonic() - start < 0.7
    assert type(error) is errors.TimedOut
    assert str(error) == "ComfyDeploy did not answer within 0.4 s."


HEAD = b"HTTP/1.1 200 OK\r\n"
DRIPS = {
    "status line": b"HTTP/1.1 200 " + b"O" * 500,
    "headers": HEAD + b"x: 1\r\n" * 100,
    "body": answer(b"{" + b" " * 500),
    "chunks": chunked(*[b"x"] * 200),
}


@pytest.mark.parametrize("data", DRIPS.values(), ids=DRIPS.keys())
def test_a_dripping_answer_ends_with_the_whole_answers_timer(data: bytes) -> None:
    with Wire(drip(data, every=0.02)) as wire:
        start = time.monotonic()
        error = failure(lambda: client(wire.url).get_run(RUN))
        assert time.monotonic() - start < 1.3
    assert type(error) is errors.TimedOut
    assert str(error) == "ComfyDeploy did not finish its answer within 0.8 s."


def test_both_tries_share_one_timer() -> None:
    slow = drip(answer(b" " * 500), every=0.02)
    with Wire(answer(), cut(), slow) as wire:
        asking = client(wire.url)
        asking.get_run(RUN)
        start = time.monotonic()
        assert type(failure(lambda: asking.get_run(RUN))) is errors.TimedOut
        assert time.monotonic() - start < 1.3


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
        error = failure(lambda: client(wire.url, total_timeout=5).get_run(RUN))
    assert type(error) is errors.BadAnswer


def test_a_packed_bomb_stops_at_the_cap() -> None:
    with Wire(zipped(b"0" * 50_000_000)) as wire:
        asking = client(wire.url, read_timeout=5, total_timeout=10)
        assert type(failure(lambda: asking.get_run(RUN))) is errors.BadAnswer


def test_a_packed_answer_that_is_broken_is_bad() -> None:
    with Wire(answer(b"not gzip", content_encoding="gzip")) as wire:
        assert type(failure(lambda: client(wire.url).get_run(RUN))) is errors.BadAnswer


def test_after_any_failure_the_next_question_is_answered() -> None:
    for broken in (hang, cut(b"H"), cut(), send(answer(b"", "500 Oops")), cut(b"nonsense\r\n")):
        with Wire(broken, answer(b"2")) as wire:
            asking = client(wire.url)
            failure(lambda asking=asking: asking.get_run(RUN))
            assert asking.get_run(RUN) == b"2"


def test_a_netrc_does_not_replace_the_key(tmp_path: Path, monkeypatch: Any) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with Wire(answer()) as wire:
        client(wire.url).get_run(RUN)
    assert f"Bearer {KEY}" in wire.requests[0]


def test_a_proxy_of_the_environment_does_not_stand_before_loopback(monkeypatch: Any) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with Wire(answer(b"1")) as wire:
        assert client(wire.url).get_run(RUN) == b"1"


def test_a_proxy_stands_before_everything_else(monkeypatch: Any) -> None:
    with Wire(answer(b"1")) as proxy:
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/api"))
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        assert client("http://comfy.example/api").get_run(RUN) == b"1"
    assert proxy.requests[0].startswith(f"GET http://comfy.example/api/run/{RUN}")


def test_cookies_are_not_kept() -> None:
    with Wire(answer(set_cookie="__session=stolen; Path=/")) as wire:
        asking = client(wire.url)
        asking.get_run(RUN)
        asking.get_run(RUN)
    assert "stolen" not in wire.requests[1]


def test_an_accepted_key_gets_404_for_the_nil_uuid() -> None:
    with Wire(answer(b'{"detail":"Run not found"}', "404 Not Found")) as wire:
        client(wire.url).check_key()
    assert f"/run/{UUID(int=0)}" in wire.requests[0]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("401 Unauthorized", errors.KeyRejected),
        ("403 Forbidden", errors.Forbidden),
        ("500 Oops", errors.ServerFailed),
    ],
)
def test_a_key_that_is_not_accepted_raises(status: str, kind: type) -> None:
    with Wire(answer(b"", status)) as wire:
        assert type(failure(client(wire.url).check_key)) is kind


@pytest.mark.parametrize("key", ["two\r\nlines", "with space", "schlüssel", "tab\t"])
def test_a_key_that_cannot_be_sent_is_rejected_unsent(key: str) -> None:
    with Wire(answer()) as wire:
        asking = client(wire.url, key)
        with pytest.raises(errors.KeyRejected) as caught:
            asking.get_run(RUN)
        assert wire.requests == []
    assert key not in "".join(traceback.format_exception(caught.value))


def test_without_a_key_none_is_sent() -> None:
    with Wire(answer(b"", "401 Unauthorized")) as wire:
        assert type(failure(lambda: client(wire.url, "").get_run(RUN))) is errors.KeyRejected
    assert "uthorization" not in wire.requests[0]


def test_the_key_stands_in_no_repr_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with Wire(answer(), cut()) as wire, caplog.at_level(logging.DEBUG):
        asking = client(wire.url)
        asking.get_run(RUN)
        failure(lambda: asking.get_run(RUN))
    assert KEY not in repr(asking)
    assert KEY not in repr(vars(asking))
    assert KEY not in caplog.text
