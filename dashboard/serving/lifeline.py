"""Ends a child process when its parent is gone, however the parent ended."""

import os
import threading
import time

CHECK_EVERY = 0.5  # seconds


def end_with_parent() -> None:
    """Ends this process with the one in RUNBOARD_PARENT_PID; does nothing where that is not set."""
    parent = os.environ.get("RUNBOARD_PARENT_PID")
    if parent:
        threading.Thread(
            target=_exit_after, args=(int(parent),), name="lifeline", daemon=True
        ).start()


def be_the_parent() -> None:
    """Names this process as the parent of those it starts, under `manage.py serve`."""
    if os.environ.get("RUNBOARD_PARENT_PID"):
        os.environ["RUNBOARD_PARENT_PID"] = str(os.getpid())


def _exit_after(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(CHECK_EVERY)
    os._exit(0)
