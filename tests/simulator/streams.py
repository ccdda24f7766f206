"""An open stream of the simulator, read event by event."""

import json
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest

from dashboard.simulator import Simulator
from dashboard.simulator.workflows import workflow_at

KEY = {"Authorization": "Bearer key"}
OWN = f"workflow_id={workflow_at(0).id}"


class Stream:
    """An open stream; `next` reads one event."""

    def __init__(
        self, simulator: Simulator, query: str, path: str = "/api/v2/stream-progress"
    ) -> None:
        self.connection = HTTPConnection(urlsplit(simulator.url).netloc, timeout=10)
        self.connection.request("GET", f"{path}?{query}", headers=KEY)
        self.response: HTTPResponse = self.connection.getresponse()

    def line(self) -> bytes:
        return self.response.readline()

    def next(self) -> Any:
        line = self.line()
        while line == b"\n":
            line = self.line()
        assert line.startswith(b"data: ") or not line, line
        return json.loads(line[6:]) if line else None

    def until_end(self) -> list[Any]:
        return list(iter(self.next, None))

    def hello(self) -> "Stream":
        assert [self.next()["type"], self.next()["type"]] == [
            "connection_established",
            "subscribed",
        ]
        return self


@pytest.fixture
def listen(simulator: Simulator) -> Iterator[Callable[..., Stream]]:
    streams: list[Stream] = []

    def begin(query: str = OWN) -> Stream:
        streams.append(Stream(simulator, query))
        return streams[-1]

    yield begin
    for stream in streams:
        stream.response.close()
        stream.connection.close()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
