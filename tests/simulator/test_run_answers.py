"""Answers beside those of a real server."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from dashboard.simulator.api import state_of
from dashboard.simulator.ids import decode, encode
from dashboard.simulator.run_answers import PUBLISHED, RunAnswer, float32, stamp
from dashboard.simulator.scenarios import SCENARIOS
from tests.conftest import SAMPLES
from tests.simulator.conftest import NOON

CAPTURES = SAMPLES / "captures"
DATE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}000)?Z$")
ORIGIN = "http://127.0.0.1:8901"


def captured(name: str) -> Any:
    return json.loads((CAPTURES / f"{name}.json").read_text())


def said(name: str, seconds: float, seed: int = 0, *, ask_position: bool = True) -> dict[str, Any]:
    run_id = encode(name, NOON, seed)
    ticket = decode(run_id)
    assert ticket is not None
    now = NOON + timedelta(seconds=seconds)
    return RunAnswer(run_id, NOON, state_of(ticket, now), ORIGIN, now).body(ask_position)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
@pytest.mark.parametrize("seconds", [0.1, 2.0, 20.0, 500.0])
def test_fields_come_in_the_captured_order(name: str, seconds: float) -> None:
    assert list(said(name, seconds)) == list(captured("023_life_success"))


def test_an_output_has_the_captured_fields() -> None:
    real = captured("014_life_output_public_before_upload_status")["outputs"][0]
    ours = said("warm", 60)["outputs"][-1]
    assert list(ours) == list(real)
    assert list(ours["data"]["images"][0]) == list(real["data"]["images"][0])
    assert list(said("fail-midway", 90)["outputs"][0]["node_meta"]) == ["node_id"]


@pytest.mark.parametrize(
    ("capture", "seconds"),
    [("003_life_not_started_queue_position", 0.2), ("005_life_queued_queue_position", 20.0)],
)
def test_a_waiting_run_has_the_captured_nulls(capture: str, seconds: float) -> None:
    real, ours = captured(capture), said("cold", seconds)
    empty = {field for field, value in real.items() if value is None} - {"webhook", "org_id"}
    assert ours["status"] == real["status"]
    assert {field for field in ours if ours[field] is None} - {"webhook"} == empty


@pytest.mark.parametrize("name", sorted(set(SCENARIOS) - {"unicode"}))
def test_every_field_has_the_captured_type(name: str) -> None:
    types: dict[str, set[type]] = {}
    for path in CAPTURES.glob("0*_life_*.json"):
        for field, value in json.loads(path.read_text()).items():
            types.setdefault(field, set()).add(type(value))
    free: dict[str, set[type]] = {
        "org_id": {str},
        "gpu": {type(None)},
        "webhook": {type(None)},
        "gpu_event_id": {str},
    }
    for seconds in (0.1, 3.0, 50.0, 600.0):
        for field, value in said(name, seconds).items():
            allowed = types[field] | free.get(field, set()) | {type(None)}
            assert type(value) in allowed, field


def test_dates_have_six_digits_or_none() -> None:
    for seconds in (0.1, 3.0, 60.0):
        for field, value in said("warm", seconds).items():
            if field.endswith("_at") and value is not None:
                assert DATE.match(value), field
    whole = datetime(2026, 11, 23, 12, 0, 7, 400, tzinfo=UTC)
    assert stamp(whole) == "2026-11-23T12:00:07Z"
    assert stamp(whole.replace(microsecond=29_619)) == "2026-11-23T12:00:07.029000Z"
    assert stamp(None) is None


def test_seconds_are_cut_off_where_microseconds_are_zero() -> None:
    assert stamp(datetime(2026, 11, 23, 12, 0, 59, tzinfo=UTC)) == "2026-11-23T12:00:00Z"
    answer = said("cut-seconds", 60)
    assert answer["created_at"].endswith(":00Z")
    assert answer["duration"] == answer["cold_start_duration_total"] + answer["run_duration"]


def test_progress_carries_the_noise_of_four_bytes() -> None:
    assert float32(0.17) == 0.17000000178813934
    assert float32(0.5) == 0.5
    seen = {said("cold", seconds)["progress"] for seconds in range(60)}
    assert all(float32(progress) == progress for progress in seen)
    assert len(seen) > 4


def test_durations_count_microseconds_and_appear_with_their_stamps() -> None:
    running, ended = said("cold", 45), said("cold", 120)
    assert running["cold_start_duration"] > 39
    assert running["run_duration"] is None
    assert ended["duration"] == pytest.approx(
        ended["cold_start_duration_total"] + ended["run_duration"], abs=2e-6
    )
    assert round(ended["duration"], 6) == ended["duration"]
    assert ended["duration"] != round(ended["duration"], 3)
    assert said("workspace", 60)["cold_start_duration"] < 1e-4
    assert said("retried", 120)["run_duration"] < 0


def test_the_queue_position_is_told_when_asked() -> None:
    assert said("ahead", 1)["queue_position"] == 3
    assert said("ahead", 1, ask_position=False)["queue_position"] is None
    assert said("ahead", 120)["queue_position"] is None


def test_public_files_keep_their_address_and_private_ones_change_it() -> None:
    def urls(name: str, seconds: float) -> list[str]:
        return [item["url"] for item in said(name, seconds)["outputs"][0]["data"]["images"]]

    assert urls("warm", 60) == urls("warm", 999)
    earlier, later = urls("private", 60), urls("private", 61)
    assert all(a != b for a, b in zip(earlier, later, strict=True))
    assert [u.split("?")[0] for u in earlier] == [u.split("?")[0] for u in later]
    assert earlier[0].startswith(f"{ORIGIN}/media/")
    real = captured("015_life_output_private_presigned_a")["outputs"][1]["data"]["images"][0]
    names = [part.split("=")[0] for part in real["url"].split("?")[1].split("&")]
    assert [part.split("=")[0] for part in earlier[0].split("?")[1].split("&")] == names


def test_input_files_lie_at_our_own_address() -> None:
    seed = next(n for n in range(50) if said("warm", 1, n)["gpu"] == "L40S")
    assert said("warm", 1, seed)["workflow_inputs"]["product_image"].startswith(f"{ORIGIN}/media/")
    references = said("big-inputs", 1)["workflow_inputs"]["references"]
    assert all(link.startswith(f"{ORIGIN}/media/inputs/") for link in references)


def test_the_published_sample_is_the_published_one() -> None:
    published = json.loads((SAMPLES / "payloads/00_documented_sample.json").read_text())
    assert published == PUBLISHED
    assert list(PUBLISHED) == list(published)


def test_no_answer_names_another_run() -> None:
    answer = said("many", 90)
    assert {element["run_id"] for element in answer["outputs"]} == {answer["id"]}
    assert len({element["id"] for element in answer["outputs"]}) == 4
    assert str(uuid4()) not in json.dumps(answer)
