"""Starts the child processes, restarts one that has exited, and ends all of them together."""

import logging
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

from dashboard.config import BASE_DIR

log = logging.getLogger(__name__)
GRACE = 12.0  # seconds between SIGTERM and SIGKILL
CHECK_EVERY = 0.2  # seconds
STABLE_AFTER = 10.0  # seconds; a child that lives longer restarts after the shortest pause
MAX_PAUSE = 30.0  # seconds


@dataclass
class Child:
    """A child process, and when it is started again after an exit."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    exits: int = 0
    restart_at: float = 0.0

    def start(self) -> None:
        # In a session of its own: Ctrl-C reaches only the supervisor, which ends all in order.
        self.process = subprocess.Popen(self.command, cwd=BASE_DIR, start_new_session=True)  # noqa: S603
        self.started = time.monotonic()

    def has_exited(self) -> bool:
        return self.process is not None and self.process.poll() is not None


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


class Supervisor:
    """Runs the child processes until `stop()`."""

    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = threading.Event()

    def start(self) -> None:
        for child in self.children:
            child.start()

    def stop(self) -> None:
        self.stopping.set()

    def run(self) -> None:
        """Restarts children that exit, until `stop()`; pauses double from 1 s to 30 s."""
        while not self.stopping.wait(CHECK_EVERY):
            for child in self.children:
                self._restart_if_exited(child)
        self._end_all()

    def _restart_if_exited(self, child: Child) -> None:
        now = time.monotonic()
        if child.has_exited():
            assert child.process is not None
            child.exits = 1 if now - child.started > STABLE_AFTER else child.exits + 1
            pause = min(2.0 ** (child.exits - 1), MAX_PAUSE)
            log.error(
                "The %s ended (exit %s); starting it again in %.0f s.",
                child.name,
                child.process.returncode,
                pause,
            )
            child.process, child.restart_at = None, now + pause
        elif child.process is None and now >= child.restart_at:
            child.start()

    def _end_all(self) -> None:
        running = [child.process for child in self.children if child.process]
        for process in running:
            process.terminate()
        end = time.monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
