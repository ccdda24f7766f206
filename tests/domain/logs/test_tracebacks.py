"""Tracebacks in a log: where each begins and ends, and what it is chained to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.tracebacks import tracebacks
from tests.domain.logs.stories import FRAMES

DURING = "\nDuring handling of the above exception, another exception occurred:\n\n"
CAUSED = "\nThe above exception was the direct cause of the following exception:\n\n"
NAMES = (
    "Exception",
    "cv2.error",
    "StopIteration",
    "httpx.ReadTimeout",
    "KeyboardInterrupt",
    "a.B.C",
)


def lines(text: str) -> list[LogLine]:
    return [LogLine(None, line) for line in text.split("\n")]


@pytest.mark.parametrize(
    ("text", "chain"),
    [
        (f"{FRAMES}ValueError: a", [("ValueError", "a")]),
        (f"{FRAMES}StopIteration", [("StopIteration", "")]),
        (f"{FRAMES}RuntimeError: a:\n\tsize mismatch\n", [("RuntimeError", "a:\n\tsize mismatch")]),
        (f"{FRAMES}KeyError: 1\n{DURING}{FRAMES}OSError: 2", [("KeyError", "1"), ("OSError", "2")]),
        (f"{FRAMES}KeyError: 1\n{CAUSED}{FRAMES}OSError: 2", [("KeyError", "1"), ("OSError", "2")]),
        ("Traceback (most recent call last):", None),
        ("a traceback that is none\nValueError: a", None),
    ],
)
def test_a_traceback_has_the_chain_of_its_exceptions(
    text: str, chain: list[tuple[str, str]] | None
) -> None:
    found = tracebacks(lines(text))
    told = [(one.type, one.message) for one in found[0].chain] if found else None
    assert told == chain
    assert not found or found[0].root == found[0].chain[0]


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4))
def test_each_traceback_of_a_log_is_found_whatever_its_name(names: list[str]) -> None:
    text = "\n".join(f"{FRAMES}{name}: of {name}\ngot prompt" for name in names)
    found = tracebacks(lines(text))
    assert [trace.last.type for trace in found] == names
    assert all("got prompt" not in trace.text for trace in found)
