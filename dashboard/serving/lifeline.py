"""Ends a child process when its parent is gone, however the parent ended."""

import os
import threading
import time

CHECK_EVERY = 0.5  # seconds


def end_with_parent() -> None:
    """Ends this process with the one in RUNBOARD_PARENT_PID; does nothing where that is not set."""
    parent = os.environ.get("RUNBOARD_PARENT_PID")
    if parent:
        _watch(int(parent))


def end_with_direct_parent() -> None:
    """Ends a web server's worker with the server that started it, under `manage.py serve`."""
    if os.environ.get("RUNBOARD_PARENT_PID"):
        _watch(os.getppid())


def _watch(parent: int) -> None:
    threading.Thread(target=_exit_after, args=(parent,), name="lifeline", daemon=True).start()


def _exit_after(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(CHECK_EVERY)
    os._exit(0)
