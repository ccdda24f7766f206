"""Granian with two workers, and the CPU time of all its processes."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dashboard.config import BASE_DIR
from tests.patience import PATIENCE

TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def proc(pid: int, name: str) -> str:
    """A file of a process, or nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/{name}").read_text()
    except OSError:
        return ""


def family_of(pid: int) -> list[int]:
    """A process and all its descendants."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := proc(int(entry.name), "stat")):
            parents.setdefault(int(stat.rsplit(")", 1)[1].split()[1]), []).append(int(entry.name))
    found, queue = [], [pid]
    while queue:
        found.append(queue.pop())
        queue.extend(parents.get(found[-1], []))
    return found


def cpu_seconds(pid: int) -> float:
    total = 0
    for member in family_of(pid):
        if stat := proc(member, "stat"):
            fields = stat.rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


def memory_mb(pid: int, kind: str = "Pss") -> float:
    total = 0
    for member in family_of(pid):
        rollup = proc(member, "smaps_rollup")
        total += sum(
            int(line.split()[1]) for line in rollup.splitlines() if line.startswith(f"{kind}:")
        )
    return total / 1024


@dataclass
class Server:
    pid: int
    port: int

    def cost(self, path: str, requests: int, headers: dict[str, str]) -> float:
        """Milliseconds of CPU for each request, over `requests` on one connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        for _ in range(min(100, requests)):
            self._get(connection, path, headers)
        before = cpu_seconds(self.pid)
        for _ in range(requests):
            self._get(connection, path, headers)
        spent = cpu_seconds(self.pid) - before
        connection.close()
        return spent / requests * 1000

    def _get(
        self, connection: http.client.HTTPConnection, path: str, headers: dict[str, str]
    ) -> None:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        if response.status not in (200, 304):
            raise SystemExit(f"{path} answered {response.status}")


@contextmanager
def granian(target: str, environment: dict[str, str]) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "granian", target, "--interface", "wsgi", "--workers", "2"]
    command += ["--blocking-threads", "16", "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen(command, cwd=BASE_DIR, env={**os.environ, **environment})
    try:
        wait_for(port)
        yield Server(process.pid, port)
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int, seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"nothing answers on port {port}")
