"""What was read a short while ago is not read again."""

import threading

import pytest

from dashboard.services.remembered import Remembered


def test_a_value_is_read_once_whatever_it_is() -> None:
    reads: list[str] = []
    memory: Remembered[str, str | None] = Remembered(60, 10)

    def read() -> None:
        reads.append("a")

    assert memory.get("a", read) is None and memory.get("a", read) is None
    assert reads == ["a"]
    memory.forget()
    memory.get("a", read)
    assert reads == ["a", "a"]


def test_it_is_bounded_and_ends() -> None:
    memory: Remembered[int, int] = Remembered(60, 2)
    for n in range(5):
        assert memory.get(n, lambda n=n: n * 10) == n * 10  # type: ignore[misc]
    assert memory.get(0, lambda: 7) == 7, "the oldest has gone"
    at_once: Remembered[int, int] = Remembered(0, 2)
    at_once.get(1, lambda: 1)
    assert at_once.get(1, lambda: 2) == 2


def test_a_reading_that_fails_is_not_remembered_and_holds_nobody_up() -> None:
    memory: Remembered[int, int] = Remembered(60, 2)

    def fail() -> int:
        raise ValueError

    with pytest.raises(ValueError):
        memory.get(1, fail)
    done = threading.Thread(target=lambda: memory.get(1, lambda: 3))
    done.start()
    done.join(5)
    assert memory.get(1, lambda: 4) == 3
