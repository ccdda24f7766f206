"""Which runs a demo has, at any moment."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from dashboard.simulator.api import state_of
from dashboard.simulator.demo_schedule import DORMANT, IDLE, LISTED_FOR, DemoSchedule, Planned
from dashboard.simulator.ids import Ticket, decode
from dashboard.simulator.timeline import LIVE
from dashboard.simulator.workflows import workflow_at
from tests.simulator.conftest import NOON

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


@pytest.mark.parametrize("size", [4, 12, 40])
def test_most_workflows_of_a_large_workspace_have_runs(size: int) -> None:
    runs = DemoSchedule(workflows=size).runs(NOON)
    assert [run.start for run in runs] == sorted((run.start for run in runs), reverse=True)
    last = newest_by_workflow(runs)
    for number in range(size):
        age = last.get(workflow_at(number).id)
        if number == DORMANT:
            assert age and 49 < age.days <= 51
        elif number % IDLE == IDLE - 1:
            assert age is None
        else:
            assert age is not None and age < timedelta(days=5)


def newest_by_workflow(runs: list[Planned]) -> dict[str, timedelta]:
    """How long ago each workflow had its last run."""
    states = {run.run_id: run for run in reversed(runs)}
    ages = {}
    for run_id in states:
        ticket = decode(run_id)
        assert ticket
        ages[state_of(ticket, NOON).details.workflow.id] = NOON - ticket.start
    return ages


@pytest.mark.parametrize("size", [3, 12])
def test_a_batch_is_one_persons_and_one_workflows(size: int) -> None:
    runs = [run for run in DemoSchedule(workflows=size).runs(NOON) if run.batch_id]
    batches = {run.batch_id: [one for one in runs if one.batch_id == run.batch_id] for run in runs}
    assert len(batches) >= 4
    for batch in batches.values():
        assert 6 <= len(batch) <= 8 and batch[0].start - batch[-1].start < 8
        tickets = [ticket for run in batch if (ticket := decode(run.run_id))]
        details = [state_of(ticket, NOON).details for ticket in tickets]
        assert len({one.workflow.id for one in details}) == 1
        assert len({one.user_id for one in details}) == 1
        assert len({ticket.seed for ticket in tickets}) == len(batch)


def test_a_batch_of_a_large_workspace_may_be_under_way() -> None:
    schedule = DemoSchedule(workflows=12)
    found = [
        run
        for minute in range(15)
        for run in schedule.runs(NOON + timedelta(minutes=minute))
        if run.batch_id and (NOON + timedelta(minutes=minute)).timestamp() - run.start < 60
    ]
    assert len({run.run_id for run in found}) >= 6


def test_a_quiet_schedule_has_no_runs() -> None:
    assert DemoSchedule(workflows=12, quiet=True).runs(NOON) == []


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
