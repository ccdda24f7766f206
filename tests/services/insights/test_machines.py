"""What is known of machines for the replay."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from dashboard.domain.insights.keep_warm import MachineFacts
from dashboard.domain.insights.period import Period
from dashboard.models import Container, Run, UsedMachine
from dashboard.services.insights.machines import facts_of

pytestmark = pytest.mark.django_db
T0 = datetime(2026, 11, 1, 12, tzinfo=UTC)
PERIOD = Period(T0 - timedelta(days=1), T0 + timedelta(days=1), UTC, T0)


def machine(name: str = "m", **columns: object) -> None:
    given = {"settings_of": T0, "idle_timeout": 60, "concurrency_limit": 2, "keep_warm": 0}
    UsedMachine.objects.create(id=name, **{**given, **columns})


def container(number: int, seconds: int, at: datetime = T0, **columns: object) -> None:
    Container.objects.create(
        id=UUID(int=number),
        **{"machine_id": "m", "open": False, **columns},
        started_at=at,
        ended_at=at + timedelta(seconds=seconds),
        listed_at=at,
    )


def run(number: int, on: int | None, begin: int, end: int, **columns: object) -> None:
    Run.objects.create(
        uuid=UUID(int=number),
        status="success",
        finished=True,
        created_at=T0,
        queued_at=T0 + timedelta(seconds=begin),
        ended_at=T0 + timedelta(seconds=end),
        sorted_at=T0,
        first_seen_at=T0,
        gpu_event_id=str(UUID(int=on)) if on else None,
        **{"machine_id": "m", "machine_type": "comfy-deploy-serverless", **columns},
    )


def test_settings_are_those_that_were_told_last() -> None:
    machine(keep_warm=1)
    assert facts_of({"m", "other"}, PERIOD) == {
        "m": MachineFacts(60, 2, 1),
        "other": MachineFacts(),
    }


def test_settings_that_were_never_told_are_not_known() -> None:
    machine(settings_of=None, idle_timeout=None, concurrency_limit=None, keep_warm=None)
    assert facts_of({"m"}, PERIOD) == {"m": MachineFacts()}


def test_an_own_machine_is_known_by_its_runs() -> None:
    run(1, None, 0, 10, machine_type="classic")
    run(2, None, 0, 10, machine_id="n")
    run(3, None, 0, 10, machine_id="o", machine_type=None)
    assert {key: one.own for key, one in facts_of({"m", "n", "o"}, PERIOD).items()} == {
        "m": True,
        "n": False,
        "o": False,
    }


def test_time_of_containers_without_a_known_run_is_told() -> None:
    machine()
    container(1, 100)
    container(2, 300)
    run(1, 1, 30, 40)
    assert facts_of({"m"}, PERIOD)["m"].unexplained == pytest.approx(0.75)


def test_sessions_fluid_deployments_and_other_times_are_left_out() -> None:
    machine()
    container(1, 100)
    run(1, 1, 30, 40)
    container(2, 300, session_id="s")
    container(3, 300, environment="production")
    container(4, 300, at=T0 - timedelta(days=2))
    assert facts_of({"m"}, PERIOD)["m"].unexplained == 0


def test_containers_that_are_always_up_need_no_run() -> None:
    machine(keep_warm=1)
    container(1, 5_000)
    assert facts_of({"m"}, PERIOD)["m"].unexplained is None


def test_many_machines_cost_no_more_queries(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for n in range(30):
        machine(f"m-{n}")
        container(n + 1, 100, machine_id=f"m-{n}")
    with django_assert_max_num_queries(4):
        facts_of({f"m-{n}" for n in range(30)}, PERIOD)
    with django_assert_max_num_queries(0):
        assert facts_of(set(), PERIOD) == {}
