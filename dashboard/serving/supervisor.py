"""Starts the children, brings a fallen one back, and ends all of them together."""

import logging
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

from dashboard.config import BASE_DIR

log = logging.getLogger(__name__)
GRACE = 12.0
LOOK_EVERY = 0.2
STEADY = 10.0  # a child that lives this long may fall again without a longer pause
LONGEST_PAUSE = 30.0


@dataclass
class Child:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    back_at: float = field(default=0.0)

    def start(self) -> None:
        # A session of its own: Ctrl-C reaches the supervisor, which ends all in order.
        self.process = subprocess.Popen(self.command, cwd=BASE_DIR, start_new_session=True)  # noqa: S603
        self.started = time.monotonic()

    def fell(self) -> bool:
        return self.process is not None and self.process.poll() is not None


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


class Supervisor:
    def __init__(self, children: list[Child]) -> None:
        self.children = children
        self.stopping = threading.Event()

    def start(self) -> None:
        for child in self.children:
            child.start()

    def stop(self) -> None:
        self.stopping.set()

    def run(self) -> None:
        """Until `stop()`: restarts what falls, with pauses that double from 1 s to 30 s."""
        while not self.stopping.wait(LOOK_EVERY):
            for child in self.children:
                self._tend(child)
        self._end_all()

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.fell():
            assert child.process is not None
            child.falls = 1 if now - child.started > STEADY else child.falls + 1
            pause = min(2.0 ** (child.falls - 1), LONGEST_PAUSE)
            log.error(
                "The %s ended (exit %s); starting it again in %.0f s.",
                child.name,
                child.process.returncode,
                pause,
            )
            child.process, child.back_at = None, now + pause
        elif child.process is None and now >= child.back_at:
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
