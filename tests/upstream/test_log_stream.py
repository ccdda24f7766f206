"""The log of a live run, read from captured streams and from what is none."""

import itertools
import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.upstream import log_stream
from dashboard.upstream.errors import BadAnswer
from dashboard.upstream.log_stream import LogStreamReader, log_stream_path
from tests.conftest import SAMPLES

RUNNING = (SAMPLES / "logs" / "stream-running.sse").read_bytes()


def event(**fields: object) -> bytes:
    return b"data: " + json.dumps(fields).encode() + b"\n\n"


def messages(*pieces: bytes) -> list[str]:
    reader = LogStreamReader()
    return [text for piece in pieces for _, text in reader.feed(piece)]


def test_a_path() -> None:
    assert log_stream_path(UUID(int=7)) == f"/v2/stream-logs?run_id={UUID(int=7)}"


def test_a_captured_stream() -> None:
    reader = LogStreamReader()
    entries = reader.feed(RUNNING)
    assert [text for _, text in entries][:5] == [
        "[cold start] Starting server",
        "Total VRAM 22731 MB, total RAM 64000 MB",
        "To see the GUI go to: http://0.0.0.0:8188",
        "got prompt",
        "",
    ]
    assert entries[0][0] and entries[0][0].isoformat() == "2026-11-26T22:18:02.552000+00:00"
    assert len(entries) == 10
    assert reader.complete


@given(st.lists(st.integers(0, len(RUNNING)), max_size=20))
def test_any_cut_of_the_bytes_gives_the_same(cuts: list[int]) -> None:
    at = [0, *sorted(cuts), len(RUNNING)]
    assert messages(*[RUNNING[a:b] for a, b in itertools.pairwise(at)]) == messages(RUNNING)


def test_a_stream_without_its_end_is_not_complete() -> None:
    reader = LogStreamReader()
    reader.feed(event(message="a", level="info"))
    assert not reader.complete


def test_deliveries_of_webhooks_are_left_out() -> None:
    sent = (SAMPLES / "logs" / "stream-with-webhook.sse").read_bytes()
    assert not any("made-up-0123456789abcdef" in text for text in messages(sent))


def test_what_no_database_holds_is_replaced() -> None:
    assert messages(b'data: {"message": "a\\u0000\\ud800b"}\n\n') == ["a\ufffd\ufffdb"]


def test_events_that_are_no_lines_are_skipped_but_not_for_ever() -> None:
    odd = event(log="changed")
    assert messages(odd * log_stream.MAX_UNREADABLE, event(message="a")) == ["a"]
    with pytest.raises(BadAnswer):
        messages(odd * (log_stream.MAX_UNREADABLE + 1))


@pytest.mark.parametrize(
    "sent",
    [event(type="error", message="Error 111"), b"x" * (log_stream.MAX_NONSENSE + 1)],
)
def test_what_is_no_log_is_a_bad_answer(sent: bytes) -> None:
    with pytest.raises(BadAnswer):
        messages(sent)


def test_a_stream_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_stream, "MAX_BYTES", 1000)
    reader = LogStreamReader()
    with pytest.raises(BadAnswer):
        for _ in range(100):
            reader.feed(event(message="a"))
