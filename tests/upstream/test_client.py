"""The client against a real socket: what it asks, and how each answer is named."""

import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from dashboard.upstream import errors
from tests.upstream.asking import KEY, RUN, client, failure
from tests.wire import Wire, answer, chunked, zipped


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
