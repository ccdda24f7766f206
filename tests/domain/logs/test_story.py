"""Where a run's own part of its log begins, and how the machine's process ended."""

import pytest

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.run_log import read_error
from dashboard.domain.logs.story import ending_of, story_of
from tests.growth import grows_with_its_text, repeated


def lines(text: str) -> list[LogLine]:
    return [LogLine(None, line) for line in text.split("\n")]


@pytest.mark.parametrize("said", ["got prompt", " got prompt ", "[comfyui] got prompt"])
def test_the_story_is_what_follows_the_last_prompt(said: str) -> None:
    story = story_of(lines(f"a\ngot prompt\nb\n{said}\nc"))
    assert story.prompted and [line.text for line in story.lines] == ["c"]


def test_the_story_ends_where_the_machine_starts_anew() -> None:
    found = read_error(
        lines("got prompt\nb\nKilled\nTotal VRAM 9 MB, total RAM 9 MB\nStarting server")
    )
    assert found and found.cause == "killed"


@pytest.mark.parametrize("said", ["he got prompt answers", "got prompts", "got prompt answers"])
def test_other_words_begin_no_run(said: str) -> None:
    assert not story_of(lines(f"a\n{said}\nc")).prompted


@pytest.mark.parametrize(
    ("text", "killed", "code"),
    [
        ("Runner terminated with exit code: 137", True, 137),
        ("Process exited with exit code 139", True, 139),
        ("ComfyUI process exited with code -9", True, -9),
        ("Container terminated with exit status 137.", True, 137),
        ("python exited with return code: -11", True, -11),
        ("exit code: 137", True, 137),
        ("return code: 137", True, 137),
        ("Process was terminated by signal 9", True, -9),
        ("Killed", True, None),
        ("  77 Killed   python main.py --listen", True, None),
        ("/start.sh: line 9:  77 Killed   python main.py", True, None),
        ("Segmentation fault (core dumped)", True, None),
        ("Fatal Python error: Segmentation fault", True, None),
        ("Bus error (core dumped)", True, None),
        ("[ 9.2] Out of memory: Killed process 77 (python) total-vm:1kB", True, None),
        ("Memory cgroup out of memory: Killed process 77 (python)", True, None),
        ("Container was OOMKilled", True, None),
        ("Runner terminated by SIGKILL", True, None),
        ("Runner terminated with exit code: 1", False, 1),
        ("Process exited with code 143", False, 143),
        ("Process exited with code 0", False, 0),
        ("[prompt] a dragon, Killed", False, None),
        ("Killed it: the best prompt", False, None),
        ("a segmentation fault line in the desert", False, None),
        ("mask covers 137 pixels", False, None),
        ("seed: 137", False, None),
    ],
)
def test_how_the_process_ended(text: str, killed: bool, code: int | None) -> None:
    found = ending_of(["the line before", text.strip()])
    assert (found.killed, found.exit_code) == (killed, code)


@pytest.mark.parametrize(
    "unit",
    [
        *("Traceback (most recent call last):\n", "Traceback (most recent call last):\nE: x\n"),
        *("!!! Exception during processing !!! x\n", "Failed to validate prompt\n", "got prompt\n"),
        *("  + Exception Group Traceback (most recent call last):\n  | E: x\n", "process ", "x\n"),
        *("no such file or directory", "Value not in list: ", "node ", "{exception_message\n"),
    ],
)
def test_hostile_logs_are_read_in_time_linear_in_their_length(unit: str) -> None:
    assert grows_with_its_text(
        lambda text: read_error(lines(text), started=False), lambda size: repeated(unit, size)
    )
