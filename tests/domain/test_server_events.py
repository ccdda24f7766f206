"""Server-sent events as JSON objects; the feed's tests hold the cuts and the bounds."""

import pytest

from dashboard.domain.server_events import MAX_LINE, MAX_NONSENSE, EventReader, NotAStream


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
