"""The log of a live run over a real connection: what it sends, when it ends, and its moods."""

import json
from collections.abc import Callable, Iterator
from http.client import IncompleteRead
from typing import Any
from uuid import UUID, uuid4

import pytest

from dashboard.domain.logs.live_lines import LiveLines
from dashboard.domain.logs.steps import current_steps
from dashboard.simulator import Simulator
from dashboard.simulator.log_streams import INSTEAD
from dashboard.upstream.directory import read_log
from dashboard.upstream.log_stream import LogStreamReader
from tests.simulator.conftest import Clock
from tests.simulator.streams import KEY, Stream


@pytest.fixture
def stream(simulator: Simulator) -> Iterator[Callable[[UUID], Stream]]:
    opened: list[Stream] = []

    def begin(run_id: UUID) -> Stream:
        opened.append(Stream(simulator, f"run_id={run_id}", path="/api/v2/stream-logs"))
        return opened[-1]

    yield begin
    for each in opened:
        each.response.close()
        each.connection.close()


def answered(simulator: Simulator, query: str) -> int:
    return simulator.answer("GET", f"/api/v2/stream-logs{query}", KEY).status


def end_of(simulator: Simulator, clock: Clock, run_id: UUID) -> None:
    while not asked(simulator, run_id)["ended_at"]:
        clock.forward(1)


def asked(simulator: Simulator, run_id: UUID) -> Any:
    return json.loads(simulator.answer("GET", f"/api/run/{run_id}", KEY).body)


def test_a_stream_grows_with_its_run_and_reads_as_its_archive(
    simulator: Simulator, clock: Clock, stream: Callable[[UUID], Stream]
) -> None:
    run_id = simulator.id("warm", seed=3)
    listening = stream(run_id)
    while asked(simulator, run_id)["live_status"] != "Executing KSampler":
        clock.forward(0.5)
    events = [listening.next()]
    assert list(events[0]) == ["message", "level", "timestamp"]
    assert events[0]["message"] == "got prompt"
    clock.forward(1)
    events.append(listening.next())
    assert "/20 [00:00<?, ?it/s]" in events[1]["message"]
    end_of(simulator, clock, run_id)
    events += listening.until_end()
    assert events[-1] == {"type": "stream_complete", "source": "sentinel"}
    clock.forward(31)
    body = simulator.answer("GET", f"/api/v2/clickhouse-run-logs/{run_id}", KEY).body
    made = LiveLines()
    made.add((None, event["message"]) for event in events[:-1])
    assert [line.text for line in made.lines] == [line.text for line in read_log(body)]


def test_while_a_sampler_works_its_steps_are_told(
    simulator: Simulator, clock: Clock, stream: Callable[[UUID], Stream]
) -> None:
    run_id = simulator.id("warm", seed=3)
    while asked(simulator, run_id)["live_status"] != "Executing KSampler":
        clock.forward(0.2)
    clock.forward(1)
    reader, made = LogStreamReader(), LiveLines()
    listening = stream(run_id)
    while not (steps := current_steps(made.lines)) or not steps.done:
        made.add(reader.feed(listening.response.readline()))
    assert steps.total == 20 and steps.step and steps.left is not None


def test_an_archived_log_comes_at_once_with_the_marks_of_its_end(
    simulator: Simulator, stream: Callable[[UUID], Stream]
) -> None:
    events = stream(simulator.id("warm", age=3600)).until_end()
    assert [event.get("message") for event in events[-3:-1]] == ["__END__", "__END__"]
    assert events[-1] == {"type": "stream_complete", "source": "archive"}


def test_the_stream_of_a_cancelled_run_never_ends(
    simulator: Simulator, stream: Callable[[UUID], Stream]
) -> None:
    listening = stream(simulator.id("cancel-running", age=3600))
    while "interrupted" not in listening.next()["message"]:
        pass
    assert simulator.logs.open == 1


def test_what_is_refused(simulator: Simulator) -> None:
    foreign = simulator.id("foreign", age=60)
    queries = ("", "?run_id=x", f"?run_id={uuid4()}", f"?run_id={foreign}")
    assert [answered(simulator, query) for query in queries] == [422, 422, 404, 403]


@pytest.mark.parametrize("mode", list(INSTEAD))
def test_moods_that_answer_otherwise(simulator: Simulator, mode: str) -> None:
    simulator.logs.mode = mode
    reply = simulator.answer("GET", f"/api/v2/stream-logs?run_id={simulator.id('warm')}", KEY)
    assert reply == INSTEAD[mode]


def test_a_stream_that_dies_and_one_that_lies(
    simulator: Simulator, stream: Callable[[UUID], Stream]
) -> None:
    run_id = simulator.id("warm", age=3600)
    simulator.logs.mode = "dies"
    with pytest.raises(IncompleteRead):
        stream(run_id).response.read()
    simulator.logs.mode = "lies"
    assert stream(run_id).until_end() == [{"type": "stream_complete", "source": "sentinel"}]
    assert (simulator.logs.opened, simulator.logs.most) == (2, 1)
