from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from dashboard.presentation.format import THIN
from dashboard.presentation.run.history import MAX, HistoryEntry, entries
from tests.timed_run import at, done, live


@dataclass(frozen=True)
class Seen:
    observed_at: datetime
    status: str = "running"
    progress: float | None = None
    live_status: str | None = None
    changes: dict[str, Any] = field(default_factory=dict)


def told(found: tuple[HistoryEntry, ...]) -> list[str]:
    return [f"{e.clock} {e.bold} {e.rest}".strip().replace(THIN, " ") for e in found]


def image(name: str) -> dict[str, Any]:
    return {"id": name, "data": {"images": [{"url": f"https://x/{name}"}]}}


def test_stamps_and_sightings_stand_in_one_order() -> None:
    snapshots = [
        Seen(at(3), "queued"),
        Seen(at(34), "running", 0.08, "Executing CheckpointLoaderSimple", {"status": "running"}),
        Seen(at(38), "running", 0.62, "Executing KSampler", {"progress": 0.62}),
        Seen(at(42), "running", 0.62, "Executing KSampler", {"outputs": {"added": [image("a")]}}),
        Seen(at(46), "success", 0.92, "Executing SaveImage", {"status": "success"}),
        Seen(at(76), "success", 0.92, None, {"outputs": {"added": [image("b"), image("c")]}}),
    ]
    assert told(entries(done(), snapshots)) == [
        "14:02:38.1 Run created from api",
        "14:02:39.5 GPU assigned after 1.4 s in the queue",
        "14:02:41 First seen Starting up",
        "14:03:10.7 ComfyUI ready after 31.2 s",
        "14:03:12 Running CheckpointLoaderSimple · 8 %",
        "14:03:16 Running KSampler · 62 %",
        "14:03:20 1 output arrived",
        "14:03:23.0 Done after a 12.3 s run",
        "14:03:54 2 outputs arrived after the end",
    ]


def test_our_own_sightings_are_whole_seconds() -> None:
    found = entries(live(), [Seen(at(3.7), "running")])
    assert [(e.source, "." in e.clock) for e in found][-1] == ("reported", True)
    assert next(e.clock for e in found if e.source == "seen") == "14:02:41"


def test_an_end_without_a_stamp_is_told_by_the_sighting() -> None:
    run = replace(done(), status="cancelled", ended_at=None)
    found = told(entries(run, [Seen(at(3)), Seen(at(50), "cancelled", changes={"status": ""})]))
    assert found[-1] == "14:03:28 Cancelled"


def test_a_second_start_is_told() -> None:
    snapshots = [
        Seen(at(3), "running", changes={"started_at": "one"}),
        Seen(at(60), "queued", changes={"status": "queued", "queued_at": "two"}),
        Seen(at(70), "running", changes={"status": "running", "started_at": "two"}),
    ]
    assert any("Restarted" in line for line in told(entries(live(), snapshots)))


def test_a_long_run_stays_readable() -> None:
    moves = [Seen(at(n), "running", n / 1000, "Executing KSampler") for n in range(9, 909)]
    found = entries(live(), moves)
    assert len(found) <= MAX
    assert f"90{THIN}%" in found[-1].rest


def test_outputs_are_counted_by_file() -> None:
    images = [{"url": "https://x/a"}, {"url": "https://x/b"}]
    element = {"id": "1", "data": {"images": images, "flags": [True], "text": "one"}}
    snapshots = [Seen(at(1)), Seen(at(2), changes={"outputs": {"added": [element]}})]
    assert "3 outputs arrived" in " ".join(told(entries(live(), snapshots)))


def test_a_file_that_is_told_twice_arrived_once() -> None:
    again = image("a") | {"id": "b"}
    snapshots = [
        Seen(at(1)),
        Seen(at(2), changes={"outputs": {"added": [image("a"), again]}}),
        Seen(at(3), changes={"outputs": {"added": [image("a") | {"id": "c"}]}}),
        Seen(at(4), changes={"outputs": {"gone": ["a", "b", "c"]}}),
        Seen(at(5), changes={"outputs": {"added": [image("a")]}}),
    ]
    found = [entry.bold for entry in entries(live(), snapshots)]
    told = [bold for bold in found if "output" in bold]
    assert told == ["1 output arrived", "3 outputs no longer listed", "1 output arrived"]


def test_odd_changes_are_survived() -> None:
    for delta in ({"whole": 7}, [], "x", {"added": 3, "gone": ["a"]}, {"added": [None]}):
        assert entries(live(), [Seen(at(1)), Seen(at(2), changes={"outputs": delta})])


def test_long_words_are_cut_with_their_length() -> None:
    seen = [Seen(at(1)), Seen(at(2), live_status="Executing " + "x" * 20_000)]
    found = entries(replace(live(1), origin="y" * 9_000), seen)
    assert all(len(entry.rest) < 400 for entry in found)
    assert any("characters)" in entry.rest for entry in found)
