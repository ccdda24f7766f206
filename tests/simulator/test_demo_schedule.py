"""Which runs a demo has, at any moment."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.simulator import Simulator
from dashboard.simulator.api import state_of
from dashboard.simulator.demo_schedule import LISTED_FOR, DemoSchedule
from dashboard.simulator.ids import Ticket, decode
from dashboard.simulator.timeline import LIVE
from tests.simulator.conftest import NOON, Clock, Wire

MOMENTS = [NOON + timedelta(seconds=n * 7.3) for n in range(120)] + [
    datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC),
    datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC),
]
MONTH = timedelta(days=30)


def tickets(now: datetime, schedule: DemoSchedule = DemoSchedule()) -> list[Ticket]:  # noqa: B008
    found = [decode(run_id) for run_id in schedule.newest(now)]
    assert None not in found
    return [ticket for ticket in found if ticket]


def live(now: datetime, schedule: DemoSchedule = DemoSchedule()) -> list[str]:  # noqa: B008
    states = (state_of(ticket, now, schedule.speed) for ticket in tickets(now, schedule))
    return [state.status for state in states if state.status in LIVE]


@pytest.mark.parametrize("now", MOMENTS)
def test_three_or_four_runs_are_always_under_way_in_three_phases(now: datetime) -> None:
    words = live(now)
    assert 3 <= len(words) <= 4
    assert len(set(words)) >= 3


@pytest.mark.parametrize(
    "schedule",
    [
        DemoSchedule(10, 4),
        DemoSchedule(5, 2),
        DemoSchedule(30, 4, 6.0),
        DemoSchedule(30, 1),
        DemoSchedule(1, 4),
    ],
)
def test_no_more_are_under_way_than_asked(schedule: DemoSchedule) -> None:
    counts = [len(live(NOON + timedelta(seconds=n * 5.3), schedule)) for n in range(24)]
    assert max(counts) <= schedule.live
    assert max(counts) > 0


@pytest.mark.parametrize("now", MOMENTS[::20])
def test_a_month_is_listed_newest_first(now: datetime) -> None:
    found = tickets(now)
    starts = [ticket.start for ticket in found]
    assert 24 <= len(found) <= 300
    assert starts == sorted(starts, reverse=True)
    assert len({(ticket.start, ticket.seed) for ticket in found}) == len(found)
    assert now - MONTH < starts[-1] < now - timedelta(days=28)
    assert starts[0] <= now
    ages = [(now - start).total_seconds() for start in starts]
    assert sum(age < 3600 for age in ages) >= 10
    assert sum(3600 < age < 86400 for age in ages) >= 10
    assert sum(age > 86400 for age in ages) >= 24


@pytest.mark.parametrize("now", MOMENTS[::20])
def test_the_first_page_shows_every_end_workflow_and_gpu(now: datetime) -> None:
    states = [state_of(ticket, now) for ticket in tickets(now)[:50]]
    assert {state.status for state in states} >= {"success", "failed", "timeout", "cancelled"}
    assert len({state.details.workflow.id for state in states}) == 3
    assert len({state.details.gpu for state in states if state.details.gpu}) == 3
    assert sum(bool(state.reports) for state in states) > 25


def test_a_month_has_every_scenario_but_those_that_never_rest() -> None:
    names = Counter(ticket.scenario.name for ticket in tickets(NOON))
    assert set(names) >= {"warm", "cold", "queue", "ahead", "fail-midway", "fail-dispatch"}
    assert set(names) >= {"cancel-early", "cancel-running", "timeout", "stale", "private", "kinds"}
    assert set(names) >= {"many", "unicode", "late", "workspace", "runpod", "unknown-word"}
    assert not set(names) & {"flaky", "foreign"}


def test_a_new_run_comes_every_30_seconds() -> None:
    after_a_turn = NOON + timedelta(seconds=10)
    turns = [after_a_turn + timedelta(seconds=30 * n) for n in range(12)]
    newest = [tickets(now)[0] for now in turns]
    assert len({ticket.start for ticket in newest}) == 12
    assert all(
        (now - ticket.start).total_seconds() < 12 for now, ticket in zip(turns, newest, strict=True)
    )


def test_a_run_stays_listed_while_it_is_young() -> None:
    first = DemoSchedule().newest(NOON)[0]
    assert first in DemoSchedule().newest(NOON + timedelta(seconds=LISTED_FOR - 60))


def test_the_list_is_served_without_a_key(simulator: Simulator, wire: Wire, clock: Clock) -> None:
    got = wire.get("/demo/newest")
    ids = [str(run_id) for run_id in DemoSchedule().newest(clock.now)]
    assert got.status == 200
    assert got.body.decode().startswith('{"run_ids":["' + ids[0])
    assert all(wire.run(run_id).status == 200 for run_id in ids)
