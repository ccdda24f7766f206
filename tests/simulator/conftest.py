"""A simulator with a clock that stands still until a test moves it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest

from dashboard.simulator import Simulator

NOON = datetime(2026, 11, 23, 12, 0, 0, 345_000, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Got:
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    named: dict[str, str] = field(default_factory=dict)


class Wire:
    """Asks over one kept-alive connection, and shows answers as they came."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator = simulator
        self.connection = HTTPConnection(urlsplit(simulator.url).netloc, timeout=10)

    def get(self, path: str, method: str = "GET", **headers: str) -> Got:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(method, path, headers=sent)
        response: HTTPResponse = self.connection.getresponse()
        body, found = response.read(), response.getheaders()
        return Got(response.status, found, body, {name.lower(): value for name, value in found})

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def run(self, run_id: Any, query: str = "", **headers: str) -> Got:
        return self.get(f"/api/run/{run_id}{query}", Authorization="Bearer key", **headers)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def simulator(clock: Clock) -> Iterator[Simulator]:
    with Simulator(port=0, key="key", clock=clock) as running:
        yield running


@pytest.fixture
def wire(simulator: Simulator) -> Iterator[Wire]:
    with Wire(simulator) as asking:
        yield asking
