"""A log that is being written: its last lines, however its entries are cut."""

import pytest

from dashboard.domain.logs.entries import Entry, plain_lines
from dashboard.domain.logs.live_lines import MOST_BYTES, MOST_LINES, LiveLines
from tests.conftest import SAMPLES


def bar(step: int) -> str:
    return f"\r{step * 5}%|{'█' * step}| {step}/20 [00:01<00:02, 2.00it/s]"


ENTRIES: list[Entry] = [
    (None, "got prompt"),
    (None, ""),
    (None, bar(1)),
    (None, bar(2)),
    (None, ""),
    (None, bar(3) + bar(4)),
    (None, "\x1b[33mWARNING\x1b[0m: yellow\nsecond"),
    (None, "__END__"),
    (None, '{"type": "webhook", "status": 200, "latency_ms": 3.4, "url": "http://h/?secret=x"}'),
    (None, "api_key=sk-abcdefghijklmnop0123456789"),
]


def texts(made: LiveLines) -> list[str]:
    return [line.text for line in made.lines]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_entries_by_pieces_read_as_the_whole(size: int) -> None:
    made = LiveLines()
    for at in range(0, len(ENTRIES), size):
        made.add(ENTRIES[at : at + size])
    whole = [line.text for line in plain_lines(ENTRIES)]
    assert texts(made)[:-1] == whole[:-1]
    assert texts(made)[-1] == "api_key=•••"
    assert made.total == len(whole)


def test_it_tells_whether_anything_has_changed() -> None:
    made = LiveLines()
    assert made.add([(None, "a")])
    assert not made.add([(None, "__END__")])
    assert made.add([(None, bar(1))])
    assert not made.add([])
    assert made.add([(None, bar(2))])


def test_the_last_lines_stay() -> None:
    made = LiveLines()
    made.add([(None, f"line {n}") for n in range(MOST_LINES + 7)])
    made.add([(None, "last")])
    assert (len(made.lines), made.left_out, made.total) == (500, 8, 508)
    assert texts(made)[-1] == "last"


def test_long_lines_take_the_place_of_many() -> None:
    made = LiveLines()
    made.add([(None, "ü" * 15_000) for _ in range(40)])
    size = sum(len(text.encode()) for text in texts(made))
    assert 200_000 < size <= MOST_BYTES
    assert made.left_out == 40 - len(made.lines)


def test_no_secret_of_a_delivery_is_kept() -> None:
    sent = (SAMPLES / "logs" / "stream-with-webhook.sse").read_text()
    made = LiveLines()
    made.add([(None, line) for line in sent.splitlines()])
    assert "made-up-0123456789abcdef" not in "".join(texts(made))
