"""Whole logs: the samples, stories and exceptions in tables, and what must change nothing."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.entries import plain_lines
from dashboard.domain.logs.masking import mask_lines
from dashboard.domain.logs.run_log import LogError, read_error
from dashboard.upstream.directory import read_log
from tests.conftest import SAMPLES
from tests.domain.logs.exceptions import EXCEPTIONS
from tests.domain.logs.stories import START, STORIES, Right, raised

LOGS = SAMPLES / "logs"
EXPECTED: dict[str, dict[str, Any]] = json.loads((LOGS / "expected.json").read_text())
TOLD = {**STORIES, **{name: ("got prompt\n" + text, right) for name, (text, right)
                      in EXCEPTIONS.items()}}  # fmt: skip
AT = datetime(2026, 11, 26, 21, 40, 59, tzinfo=UTC)
RICH = "ERROR    "
PREFIXES = (
    "ERROR:root:",
    "WARNING:comfy.utils:",
    "2026-11-26 21:40:59,068 - root - ERROR - ",
    "2026-11-26T21:40:59.068123 - ",
    "[12:00:01] ",
    "[2026-11-26 21:40:59] ",
    "[2026-11-26 21:40:59.068] ",
    "[ERROR] ",
    "[12:00:01] [ERROR] ",
    "2026-11-26T21:40:59.123Z [error] ",
    "2026-11-26 21:40:59.123 | ERROR    | execution:execute:349 - ",
    "E1126 21:40:59.068123 1234 execution.py:349] ",
    RICH,
    "\x1b[31m",
    "\x1b[0;31mERROR\x1b[0m:root:",
    "\x1b]0;title\x07",
)


def by_line(text: str, prefix: str = "") -> list[LogLine]:
    """Each line as an entry of its own, a tenth of a second after the one before."""
    own = [line if prefix == RICH and not line else prefix + line for line in text.split("\n")]
    return list(
        plain_lines((AT + timedelta(seconds=n / 10), f"{line}\n") for n, line in enumerate(own))
    )


def whole(text: str) -> list[LogLine]:
    return list(plain_lines([(AT, text)]))


def holds(found: LogError | None, right: Right) -> None:
    if right.nothing:
        assert found is None
        return
    assert found
    error = found.error
    assert bool(error.message) == (right.message is not None)
    assert (right.message or "") in error.message
    assert not right.not_message or right.not_message not in error.message
    assert right.type in ("…", error.exception_type)
    assert right.cause in ("…", found.cause)
    assert right.node in (None, (error.node_id, error.node_type))


@pytest.mark.parametrize("name", EXPECTED)
def test_the_samples_are_read_as_expected(name: str) -> None:
    right = EXPECTED[name]
    lines = mask_lines(read_log((LOGS / f"{name}.json").read_bytes()))
    found = read_error(lines)
    assert found
    told = found.error
    assert (right.get("message") or "") in told.message
    assert "message" not in right or bool(told.message) == bool(right["message"])
    assert "not_message" not in right or right["not_message"] not in told.message
    assert right.get("type", told.exception_type) == told.exception_type
    assert right.get("node_id", told.node_id) == told.node_id
    assert right.get("node_type", told.node_type) == told.node_type
    assert right.get("cause", found.cause) == found.cause
    assert found.cause not in right.get("not_cause", ())
    assert not any("\x1b" in line.text for line in lines)


@pytest.mark.parametrize("name", TOLD)
@pytest.mark.parametrize("entries", [by_line, whole])
def test_each_story_has_its_error(name: str, entries: Any) -> None:
    text, right = TOLD[name]
    holds(read_error(entries(text)), right)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("name", TOLD)
def test_prefixes_and_colours_change_nothing(name: str, prefix: str) -> None:
    text, _ = TOLD[name]
    assert read_error(by_line(text, prefix)) == read_error(by_line(text))


@given(st.sampled_from(sorted(TOLD)), st.lists(st.sampled_from(PREFIXES), min_size=1, max_size=2))
def test_two_prefixes_change_nothing(name: str, prefixes: Sequence[str]) -> None:
    text, _ = TOLD[name]
    plain = [one for one in prefixes if one != RICH]
    assert read_error(by_line(text, "".join(plain))) == read_error(by_line(text))


EARLIER = st.lists(
    st.sampled_from(
        (START, raised("OSError: [Errno 28] No space left on device"), "Killed", "got prompt")
        + ("invalid prompt: {'type': 'x', 'message': 'y'}", "Operation timed out", "{", "")
    )
    | st.text(max_size=40)
)


@given(st.sampled_from(sorted(TOLD)), EARLIER)
def test_what_came_before_the_last_prompt_changes_nothing(name: str, earlier: list[str]) -> None:
    text, _ = TOLD[name]
    own = text.rpartition("got prompt\n")[2]
    alone = read_error(by_line("got prompt\n" + own))
    assert read_error(by_line("\n".join([*earlier, "got prompt", own]))) == alone


@given(st.text(max_size=400), st.booleans())
def test_any_text_is_read_without_an_exception(text: str, started: bool) -> None:
    read_error(whole(text), started=started)
    read_error(whole(f"got prompt\nTraceback (most recent call last):\n{text}"), started=started)


@pytest.mark.parametrize(
    ("text", "started", "cause"),
    [
        (START, True, None),
        (START, False, "start-up"),
        (START + "Error: Server on port 8188 not ready after 120 seconds", False, "start-up"),
        (raised("ImportError: cannot import name 'x'", marked=False), False, "start-up"),
        (raised("RuntimeError: The NVIDIA driver on your system is too old"), False, "cuda"),
        (raised("OSError: [Errno 98] Address already in use", marked=False), False, "start-up"),
        (START + "Killed", False, "killed"),
        (START + "got prompt\n" + raised("ImportError: cannot import name 'x'"), False, "import"),
    ],
)
def test_without_a_prompt_the_start_is_the_story(text: str, started: bool, cause: Any) -> None:
    found = read_error(whole(text), started=started)
    assert (found.cause if found else None) == cause
