"""What the fold says of a live run's log, and how steps are worded."""

from typing import Any

import pytest

from dashboard.domain.logs.steps import Steps
from dashboard.presentation.run import live_log
from dashboard.presentation.run.live_log import Archived, LiveLogShown, live_log_shown, steps_text


def shown(body: str, left_out: int = 0, **known: Any) -> LiveLogShown:
    facts: dict[str, Any] = {
        "finished": False,
        "archived": Archived.AWAITED,
        "read": True,
        "refused": False,
    }
    found = live_log_shown(body, left_out, **{**facts, **known})
    assert found
    return found


@pytest.mark.parametrize(
    ("body", "known", "words", "again"),
    [
        ("", {}, live_log.WAITING, 2),
        ("", {"refused": True, "read": False}, live_log.NOT_AVAILABLE, 10),
        ("", {"crowded": True, "read": False}, live_log.CROWDED, 2),
        ("a", {"read": False}, live_log.BROKE_OFF, 2),
        ("a", {}, live_log.GOES_ON, 2),
        ("a", {"refused": True, "read": False}, live_log.BROKE_OFF, 2),
        ("a", {"finished": True}, live_log.WHOLE_FOLLOWS, 10),
        ("a", {"finished": True, "archived": Archived.NOT_YET}, live_log.NOT_YET, 10),
        ("a", {"finished": True, "archived": Archived.NONE}, live_log.LAST_SEEN, None),
        ("a", {"finished": True, "archived": Archived.NOT_GIVEN}, live_log.NOT_GIVEN, None),
    ],
)
def test_words_and_pace(body: str, known: dict[str, Any], words: str, again: int | None) -> None:
    found = shown(body, **known)
    assert (found.words, found.again, found.text is None) == (words, again, not body)


def test_an_ended_run_without_lines_is_left_to_its_archive() -> None:
    assert (
        live_log_shown("", 0, finished=True, archived=Archived.AWAITED, read=False, refused=False)
        is None
    )


def test_the_lines_are_counted() -> None:
    assert shown("a\nb").head == "2 lines"
    assert shown("a").head == "1 line"
    assert (shown("a").part, shown("a", 1).part) == (False, True)
    assert shown("a\nb", 1200).head == "1,202 lines, last 2 shown"


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        (Steps(10, 20, 0.5, 5.0), "10/20, 0.5 s a step, about 5 s left"),
        (Steps(1, 20, 12.0, 228.0), "1/20, 12 s a step, about 3 min left"),
        (Steps(1, 20, 0.034, 0.2), "1/20, 0.03 s a step, about 1 s left"),
        (Steps(0, 20), "0/20"),
    ],
)
def test_steps(steps: Steps, text: str) -> None:
    assert steps_text(steps).replace("\u202f", " ") == text
