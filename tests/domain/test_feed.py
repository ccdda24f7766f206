"""The feed of new runs: its lines and events, its bounds, and the waits between connections."""

import itertools
import json
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.feed import (
    LONGEST_WAIT,
    FailedFeed,
    FeedReader,
    NewRun,
    wait_after,
)
from dashboard.domain.server_events import MAX_LINE, MAX_NONSENSE, NotAStream

A = UUID("0150a967-2249-45c9-b432-fd25ffe4ef37")
B = UUID("12502a54-af0c-467c-a4bf-34fc10861db5")


def event(run_id: object = A, **more: object) -> bytes:
    named = str(run_id) if isinstance(run_id, UUID) else run_id
    return b"data: " + json.dumps({"run_id": named, "status": "input", **more}).encode() + b"\n\n"


def read(*pieces: bytes) -> list[UUID]:
    reader = FeedReader()
    return [run.id for piece in pieces for run in reader.feed(piece)]


HELLO = b'data: {"type": "connection_established", "channels": ["progress:org:org_acme"]}\n\n'
STREAM = b"".join(
    [
        HELLO,
        b": a comment\n\n",
        event(A),
        event(B).replace(b"\n", b"\r\n"),
        b"event: x\nid: 7\nretry: 1\n" + event(A),
        event(B).replace(b"\n", b"\r"),
        b'data: {"run_id":\ndata: "%s"}\n\n' % str(A).encode(),
        event(B, note="é"),
    ]
)


def test_it_reads_the_ids_in_order() -> None:
    assert read(STREAM) == [A, B, A, B, A, B]


@given(st.lists(st.integers(0, len(STREAM)), max_size=40))
def test_any_cut_of_the_bytes_gives_the_same(cuts: list[int]) -> None:
    at = [0, *sorted(cuts), len(STREAM)]
    assert read(*[STREAM[a:b] for a, b in itertools.pairwise(at)]) == [A, B, A, B, A, B]


@pytest.mark.parametrize(
    ("sent", "workflow"),
    [({"workflow_id": str(B)}, B), ({}, None), ({"workflow_id": 7}, None)],
)
def test_it_tells_the_workflow_where_one_is_named(
    sent: dict[str, object], workflow: UUID | None
) -> None:
    assert FeedReader().feed(event(A, **sent)) == [NewRun(A, workflow)]


def test_byte_by_byte_gives_the_same() -> None:
    assert read(*[STREAM[n : n + 1] for n in range(len(STREAM))]) == [A, B, A, B, A, B]


@pytest.mark.parametrize(
    "nonsense",
    [
        b"<!doctype html><title>Sign in</title>\n\n",
        b"data: \xff\xfe\n\n",
        b"data: [1, 2]\n\n",
        b"data: 7\n\ndata: null\n\ndata: true\n\n",
        b'data: "' + str(A).encode() + b'"\n\n',
        b"data: " + b"[" * 60_000 + b"\n\n",
        b"data: " + b"9" * 5000 + b"\n\n",
        b"data:\n\ndata\n\n",
        event("abc"),
        event(None),
        event(7),
        event([str(A)]),
        event("{" + str(A) + "}"),
        event(A.hex),
        event(str(A) + "\n"),
        b"\0" * 100 + b"\n\n",
    ],
)
def test_what_names_no_run_is_passed_over(nonsense: bytes) -> None:
    assert read(nonsense, event(B)) == [B]


@given(st.binary(max_size=2000))
def test_any_bytes_are_survived(junk: bytes) -> None:
    reader = FeedReader()
    try:
        reader.feed(junk)
    except FailedFeed:
        return
    assert reader.feed(b"\n\n" + event(B)) == [NewRun(B)]


@pytest.mark.parametrize("size", [MAX_LINE + 1, 2 * MAX_LINE])
@pytest.mark.parametrize("cut", [1000, 16_384, 10**9])
def test_a_long_line_is_skipped_with_its_event(size: int, cut: int) -> None:
    long = event(A, padding="x" * size)
    assert read(*[long[n : n + cut] for n in range(0, len(long), cut)], event(B)) == [B]


def test_an_event_of_many_lines_is_skipped_too() -> None:
    many = b"data: " + b" " * 1000 + b"\n"
    assert read(many * 100, event(A)[:-1], b"\n", event(B)) == [B]


def test_a_line_of_ten_megabytes_is_no_feed_and_is_not_kept() -> None:
    reader = FeedReader()
    with pytest.raises(NotAStream):
        for _ in range(10_000_000 // 16_384):
            reader.feed(b"x" * 16_384)
            assert len(reader._events._line) <= MAX_LINE


def test_nonsense_counts_in_a_row() -> None:
    reader = FeedReader()
    for _ in range(10):
        reader.feed(b": " + b"x" * (MAX_NONSENSE // 2) + b"\n\n")
        assert reader.feed(event(A)) == [NewRun(A)]
    with pytest.raises(NotAStream):
        for _ in range(3):
            reader.feed(b"<p>" + b"x" * (MAX_NONSENSE // 2) + b"\n\n")


def test_it_has_spoken_once_an_event_has_come() -> None:
    reader = FeedReader()
    reader.feed(b": hello\n\ndata: 7\n\n")
    assert not reader.spoke
    reader.feed(HELLO)
    assert reader.spoke


def test_a_feed_that_says_it_failed_has_failed() -> None:
    with pytest.raises(FailedFeed):
        read(HELLO, b'data: {"type": "error", "message": "Connect call failed"}\n\n')


def test_a_captured_feed() -> None:
    captured = (Path(__file__).parent.parent / "samples/feed/created.sse").read_bytes()
    assert len(read(captured)) == 15
    assert len(set(read(captured))) == 5


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 1), (1, 1), (2, 2), (3, 4), (8, 128), (9, 256), (10, LONGEST_WAIT), (10**6, LONGEST_WAIT)],
)
def test_waits_double_up_to_five_minutes(failures: int, seconds: float) -> None:
    assert wait_after(failures) == seconds
