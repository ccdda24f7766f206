"""Server-sent events as JSON objects; the feed's tests hold the cuts and the bounds."""

import pytest

from dashboard.domain.server_events import MAX_LINE, MAX_NONSENSE, EventReader, NotAStream
from tests.growth import grows_with_its_text, repeated


def test_objects_come_in_order_and_all_else_is_skipped() -> None:
    sent = b': hi\n\ndata: {"a": 1}\n\ndata: 7\n\nevent: x\ndata: {"b":\ndata: 2}\r\n\r\n'
    assert EventReader().feed(sent) == [{"a": 1}, {"b": 2}]


def test_a_long_event_is_skipped() -> None:
    long = b'data: {"a": "%s"}\n\n' % (b"x" * MAX_LINE)
    assert EventReader().feed(long + b'data: {"b": 2}\n\n') == [{"b": 2}]


def test_the_bound_of_nonsense_may_be_another() -> None:
    nonsense = b"x" * (MAX_NONSENSE + 1)
    with pytest.raises(NotAStream):
        EventReader().feed(nonsense)
    assert EventReader(2 * MAX_NONSENSE).feed(nonsense) == []


def test_bytes_that_are_no_utf_8_do_not_lose_an_event() -> None:
    assert EventReader().feed(b'data: {"a": "caf\xe9"}\n\n') == [{"a": "caf\ufffd"}]


@pytest.mark.parametrize("unit", [b"data:\n", b"data:x\n", b"\n", b"x\n", b"x"])
def test_nonsense_is_read_in_time_linear_in_its_length(unit: bytes) -> None:
    def read(text: str) -> None:
        EventReader(10**9).feed(text.encode())

    assert grows_with_its_text(read, lambda size: repeated(unit.decode(), size))
