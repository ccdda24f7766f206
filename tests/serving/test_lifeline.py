"""A child ends with its parent, also when the parent is gone before the child is ready."""

import os
import subprocess
import sys

import pytest

WAITS = "import time; from dashboard.serving.lifeline import {0}; {0}(); time.sleep(60)"
NAMES = (
    "import os; from dashboard.serving.lifeline import be_the_parent; be_the_parent();"
    "print(os.environ.get('RUNBOARD_PARENT_PID') == str(os.getpid()))"
)


def gone() -> int:
    """The ID of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        return process.pid


def test_a_child_whose_parent_is_gone_already_ends() -> None:
    env = {**os.environ, "RUNBOARD_PARENT_PID": str(gone())}
    code = WAITS.format("end_with_parent")
    assert subprocess.run([sys.executable, "-c", code], env=env, timeout=50).returncode == 0


@pytest.mark.parametrize(("parent", "named"), [("1", "True"), ("", "False")])
def test_a_server_is_the_parent_of_its_workers_under_a_supervisor(parent: str, named: str) -> None:
    env = {**os.environ, "RUNBOARD_PARENT_PID": parent}
    command = [sys.executable, "-c", NAMES]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == named
