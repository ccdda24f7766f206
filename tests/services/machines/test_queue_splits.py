"""The queues of runs, taken apart by their containers."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from dashboard.models import Container, Run, UsedMachine
from dashboard.services.machines import containers, queue_splits
from dashboard.upstream.machines import read_containers
from tests.builders import NOON, answer, store
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db
MACHINE = "7123804d-0eed-40af-827d-e8d3c9556b2f"
CONTAINER = UUID("7eca9a52-16b4-4fae-989f-37d719ac1782")


def captured(name: str) -> Run:
    return store(json.loads((SAMPLES / "machines" / f"{name}.json").read_text()), NOON)


def listed() -> list[UUID]:
    later = NOON + timedelta(days=10)
    body = (SAMPLES / "machines" / "machine-events.json").read_bytes()
    return containers.store(read_containers(body, MACHINE, later), later)


def parts(run: Run) -> tuple[str, float | None, float | None]:
    run.refresh_from_db()
    return run.queue_kind, run.gpu_wait, run.boot


def up(start: float, **given: Any) -> Container:
    """A container that was started so many seconds after noon."""
    at = NOON + timedelta(seconds=start)
    row = {"id": CONTAINER, "machine_id": MACHINE, "started_at": at, "open": True}
    return Container.objects.create(**{**row, "listed_at": NOON, **given})


def on_it(**given: Any) -> Run:
    """A run of noon that waited 4 s and names the container."""
    times = {"queued_at": "2026-11-23T12:00:04Z", "started_at": "2026-11-23T12:00:10Z"}
    reported = {"cold_start_duration": 6.0, "cold_start_duration_total": 10.0}
    sent = {"gpu_event_id": str(CONTAINER), "machine_id": MACHINE, **times, **reported}
    return store(answer(created=NOON, **{**sent, **given}), NOON + timedelta(minutes=5))


@pytest.mark.parametrize("container_first", [True, False])
def test_captured_runs_meet_their_container_in_either_order(container_first: bool) -> None:
    changed = listed() if container_first else []
    cold, warm, failed = captured("run-A"), captured("run-B"), captured("run-E")
    if not container_first:
        assert parts(cold) == ("", None, None)
        queue_splits.split_of_containers(listed())
    assert container_first == (CONTAINER in changed)
    # As worked out by hand in container-example.json, from timestamps of whole milliseconds.
    worked_out = [("machine", 2.341, 1.676), ("line", 1.155, 0.0), ("line", 0.12, 0.0)]
    for run, (kind, gpu_wait, boot) in zip((cold, warm, failed), worked_out, strict=True):
        found = parts(run)
        assert found[0] == kind
        assert found[1:] == (pytest.approx(gpu_wait, abs=0.002), pytest.approx(boot, abs=0.002))


def test_the_parts_add_up_to_the_queue() -> None:
    up(1.5)
    run = on_it()
    assert parts(run) == ("machine", 1.5, 2.5)
    assert run.queue_wait == 4.0


@pytest.mark.parametrize(
    "container",
    [{"session_id": "s"}, {"started_at": None}, {"id": UUID(int=4)}, {"start": 6.1}],
)
def test_what_tells_nothing_leaves_the_queue_whole(container: dict[str, Any]) -> None:
    up(**{"start": 1.0, **container})
    assert parts(on_it()) == ("", None, None)


@pytest.mark.parametrize("given", [{"gpu_event_id": "session"}, {"queued_at": None}])
def test_a_run_that_cannot_be_joined_stays_whole(given: dict[str, Any]) -> None:
    up(1.0)
    lost = {"cold_start_duration": None} if "queued_at" in given else {}
    assert parts(on_it(**given, **lost)) == ("", None, None)


def test_an_optimised_machine_boots_comfyui_too() -> None:
    UsedMachine.objects.create(id=MACHINE, optimised=True)
    up(1.0)
    assert parts(on_it())[0] == "machine-and-comfyui"


def test_a_page_is_drawn_anew_when_its_container_is_told_of() -> None:
    run = on_it()
    before = run.extras_version
    up(1.0)
    queue_splits.split_of_containers([CONTAINER])
    run.refresh_from_db()
    assert run.extras_version == before + 1
    queue_splits.split_of_containers([UUID(int=4)])
    run.refresh_from_db()
    assert run.extras_version == before + 1


def test_a_new_answer_with_another_queue_is_taken_apart_anew() -> None:
    up(1.0)
    run = on_it()
    payload = {"queued_at": "2026-11-23T12:00:05Z", "cold_start_duration": 5.0}
    on_it(id=str(run.uuid), **payload)
    assert parts(run) == ("machine", 1.0, 4.0)
