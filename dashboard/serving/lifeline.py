"""Ends a child process when its parent is gone, however the parent ended."""

import os
import threading
import time

LOOK_EVERY = 0.5


def end_with_parent() -> None:
    """Watches the parent named by RUNBOARD_PARENT_PID; without it nothing is watched."""
    named = os.environ.get("RUNBOARD_PARENT_PID")
    if named:
        _watch(int(named))


def end_with_my_parent() -> None:
    """Watches whoever started this process (a server's worker and its supervisor)."""
    if os.environ.get("RUNBOARD_PARENT_PID"):
        _watch(os.getppid())


def _watch(parent: int) -> None:
    threading.Thread(target=_wait, args=(parent,), name="lifeline", daemon=True).start()


def _wait(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY)
    os._exit(0)
