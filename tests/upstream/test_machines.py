"""Containers, settings and prices, as ComfyDeploy tells them and as nonsense."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from dashboard.upstream.errors import BadAnswer
from dashboard.upstream.machines import (
    containers_path,
    read_containers,
    read_machine,
    read_prices,
    settings_path,
)
from tests.builders import NOON
from tests.conftest import SAMPLES

MACHINE = "7123804d-0eed-40af-827d-e8d3c9556b2f"
LATER = datetime(2026, 11, 27, tzinfo=UTC)
ID = "7eca9a52-16b4-4fae-989f-37d719ac1782"


def sample(name: str) -> bytes:
    return (SAMPLES / "machines" / f"{name}.json").read_bytes()


def read(*rows: Any, now: datetime = NOON) -> list[Any]:
    return list(read_containers(json.dumps(rows).encode(), MACHINE, now))


def row(**given: Any) -> dict[str, Any]:
    sent = {"id": ID, "machine_id": MACHINE, "start_time": "2026-11-23T11:59:30.553Z"}
    return {**sent, "end_time": None, "gpu": "A10G", **given}


def test_the_captured_containers_are_read() -> None:
    found = read_containers(sample("machine-events"), MACHINE, LATER)
    assert [(one.gpu, one.open, one.session_id) for one in found] == [
        ("H100", False, None),
        ("A10G", True, None),
        ("A10G", False, None),
        ("A10G", False, "sess-30e7354a"),
        ("A10G", False, None),
    ]
    first, *_, cut = found
    assert first.ended_at and first.started_at
    assert first.ended_at - first.started_at == timedelta(seconds=0.196)
    assert first.environment == "production"
    # Sent as 21:00Z and 21:10Z: the seconds are not known, and the container is not open.
    assert (cut.started_at, cut.ended_at, cut.open) == (None, None, False)


@pytest.mark.parametrize("name", ["machine-events-classic", "machine-events-personal"])
def test_other_captured_machines_are_read(name: str) -> None:
    sent = json.loads(sample(name))
    found = [
        one
        for machine in {row["machine_id"] for row in sent}
        for one in read_containers(sample(name), machine, LATER)
    ]
    assert len(found) == len(sent)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, {"open": True, "ended_at": None}),
        ({"end_time": "2026-11-23T11:59:30.553Z"}, {"open": False}),
        ({"end_time": "2026-11-23T11:00:00.553Z"}, {"open": False, "ended_at": None}),
        ({"end_time": "nonsense"}, {"open": False, "ended_at": None}),
        ({"start_time": None}, {"started_at": None}),
        ({"start_time": ["x"]}, {"started_at": None}),
        ({"gpu": None}, {"gpu": None}),
        ({"gpu": 7, "session_id": ""}, {"gpu": None, "session_id": None}),
        ({"machine_id": None}, {"machine_id": MACHINE}),
        ({"machine_version_id": "v"}, {"machine_version_id": "v"}),
    ],
)
def test_what_cannot_be_read_is_not_known(given: dict[str, Any], told: dict[str, Any]) -> None:
    (found,) = read(row(**given))
    assert {name: getattr(found, name) for name in told} == told


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        3,
        {},
        {"id": "x"},
        row(id=None),
        row(machine_id="another"),
        row(start_time="2099-01-01T00:00:00.5Z"),
    ],
)
def test_what_is_no_container_of_this_machine_is_left_out(wrong: Any) -> None:
    assert read(wrong) == []
    assert len(read(wrong, row(), row())) == 1, "each once"


@pytest.mark.parametrize("body", [b"", b"{}", b'"x"', b"null", b"[", b"<html>"])
def test_no_list_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        read_containers(body, MACHINE, NOON)


def test_the_captured_settings_are_read() -> None:
    found = read_machine(sample("machine"))
    assert (found.idle_timeout, found.run_timeout, found.keep_warm) == (120, 600, 1)
    assert (found.concurrency_limit, found.optimised, found.version) == (4, False, None)
    assert found.version_id == "f7ea17ad-2238-455a-b9d4-3a9731b87915"


@pytest.mark.parametrize("value", [None, "x", -1, 2**40, 1.5, [], {}, True])
def test_settings_of_other_types_are_not_known(value: Any) -> None:
    names = ("idle_timeout", "run_timeout", "keep_warm", "concurrency_limit", "machine_version")
    found = read_machine(json.dumps(dict.fromkeys(names, value)).encode())
    assert (found.idle_timeout, found.run_timeout, found.keep_warm) == (None, None, None)
    assert (found.concurrency_limit, found.version) == (None, None)
    with pytest.raises(BadAnswer):
        read_machine(json.dumps([value]).encode())


def test_the_captured_prices_are_exact() -> None:
    found = read_prices(sample("gpu-pricing"))
    assert (found["H100"], found["CPU"]) == (Decimal("0.002338"), Decimal("0.000042"))
    assert len(found) == 10


@pytest.mark.parametrize("told", [None, True, "x", -0.1, 11, "NaN", "Infinity", [], {}, "1" * 99])
def test_what_is_no_price_is_left_out(told: Any) -> None:
    body = json.dumps({"A10G": told, "T4": "0.00018"}).encode()
    assert read_prices(body) == {"T4": Decimal("0.00018")}


def test_ids_are_quoted_in_paths() -> None:
    assert containers_path("a/b") == "/machine/a%2Fb/events"
    assert settings_path("a?b") == "/machine/a%3Fb"
