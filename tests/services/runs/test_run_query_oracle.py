"""Every field of a filter lets through what a plain reading of the runs does."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.filters.moments import stretch_of
from dashboard.domain.filters.query import RunQuery, Term, parse
from dashboard.domain.filters.ranges import read_range
from dashboard.models import Run
from dashboard.services.runs.run_query import in_parts, narrowed
from tests.builders import NOON

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
RUNS = 2000
STATUSES = ("not-started", "running", "success", "failed", "timeout", "cancelled", "Paused")
COLUMNS = {
    "start": "start_kind", "gpu": "gpu", "origin": "origin", "by": "user_id",
    "created": "created_at", "ended": "ended_at", "total": "total", "run": "run",
    "cold_start": "cold_start", "queue": "queue_wait", "cost": "cost_micros", "status": "status",
    "error": "error_cause",
    "workflow": "workflow_id", "batch": "batch_id",
    "picked": "picked_count", "slow": "slow",
}  # fmt: skip
ONE, OTHER = "2ca3f0a3-9056-4e34-a0f1-edc4786b7985", "999e772e-7cc5-4152-83d1-6854a5aafcbe"


@pytest.fixture
def runs() -> list[Run]:
    """Two thousand runs of any values, many of them not known."""
    draw = random.Random(19)

    def some(*values: Any) -> Any:
        return draw.choice((None, *values))

    def moment() -> datetime:
        return NOON - timedelta(minutes=draw.randrange(60 * 24 * 12))

    def seconds() -> float | None:
        return some(round(draw.uniform(0, 90), 3), float(draw.randrange(0, 90, 10)))

    def micros() -> int | None:
        return some(draw.randrange(500_000), draw.randrange(0, 500_000, 100_000))

    made = []
    for n in range(RUNS):
        status = draw.choice(STATUSES)
        created = some(moment(), moment())
        made.append(
            Run(
                uuid=UUID(int=n), status=status, first_seen_at=NOON, sorted_at=created or NOON,
                finished=status in STATUSES[2:6], created_at=created, ended_at=some(moment()),
                total=seconds(), run=seconds(), cold_start=seconds(), queue_wait=seconds(),
                cost_micros=micros(),
                start_kind=draw.choice(("cold", "warm", "unknown")),
                gpu=some("H100", "A10G", "A, B", ""), origin=some("api", "manual"),
                user_id=some("user_a", "user_b"), workflow_id=some(ONE, OTHER),
                batch_id=some(ONE, ""), error_cause=draw.choice(("", "", "network", "cuda")),
                error_digest=draw.choice(("", "", "abc")), picked_count=draw.choice((0, 0, 1, 3)),
                slow=draw.random() < 0.1,
            )
        )  # fmt: skip
    return Run.objects.bulk_create(made, batch_size=500)


def has(run: Run, term: Term) -> bool:
    """Whether a run has a value, read without the database."""
    value = getattr(run, COLUMNS[term.name])
    if term.name in ("picked", "slow"):
        return (value > 0) == (term.value == "1")
    if term.name == "error" and term.value in ("any", "-"):
        return bool(run.error_cause or run.error_digest) == (term.value == "any")
    if term.value == "-":
        return value == "unknown" if term.name == "start" else value in (None, "")
    if term.name == "status" and term.value in ("live", "finished", "attention"):
        groups = {"live": not run.finished, "finished": run.finished}
        return groups.get(term.value, run.status in ("failed", "timeout"))
    if value is None:
        return False
    if term.name in ("created", "ended"):
        return stretch_of(term.value, NOON, BERLIN).holds(value)
    if term.name in ("total", "run", "cold_start", "queue", "cost"):
        found = read_range(term.value)
        told = value / 1_000_000 if term.name == "cost" else value
        return found is not None and found.holds(told)
    same: Callable[[str], str] = str.lower if term.name == "status" else str
    return bool(same(value) == term.value)


FILTERS = [
    "status=failed", "status=FAILED,timeout", "status=live", "status=finished&status!=success",
    "status=attention", "status=attention,running", "gpu=H100,T4",
    "status=paused", "status!=live", "start=cold", "start=-", "start!=cold,-",
    "gpu=H100", 'gpu="A, B"', "gpu=-", "gpu!=-", "gpu!=H100", "gpu=H100,-", "origin=api",
    "by=user_a", "by!=user_a,user_b", "created=today", "created=yesterday", "created=24h",
    "created=7d", "created=2026-11-20..2026-11-22", "created=2026-11-21", "created=-",
    "created!=7d", "created=>2026-11-22T10:00Z", "ended=<2026-11-20", "ended=<=2026-11-20",
    "total=>60", "total=>=60", "run=<5", "run=<=50", "cold_start=10..30", "queue=-",
    "queue!=>30", "total=>60,<5",
    "cost=>0.10", "cost=>=0.1", "cost=<0.1", "cost=<=0.3", "cost=0.1..0.3", "cost=0.2..0.2",
    "cost=-", "cost!=-", "cost!=>0.10", "cost=<0.05,>0.4,-", "cost=>0.25&gpu=H100&created=7d",
    "cost=>0.000123&cost!=0.2..0.4", f"workflow={ONE}", f"workflow!={ONE}", "batch=-", "batch!=-",
    "error=network", "error=network,cuda", "error!=network", "error=any", "error=-", "error!=-",
    "picked=1", "picked!=1", "picked=-", "picked!=-", "picked=1&gpu=H100",
    "slow=1", "slow!=1", "slow=-", "slow=1&start=cold",
    "status=failed&gpu=H100&created=7d", "start=cold&cold_start=>30&origin!=api",
]  # fmt: skip


def plain(text: str, runs: list[Run]) -> set[UUID]:
    """The runs that a filter lets through, read one by one."""
    query = parse_text(text)
    names = {term.name for term in query.terms}

    def passes(run: Run) -> bool:
        wanted = all(
            any(has(run, term) for term in query.of(name)) for name in names if query.of(name)
        )
        return wanted and not any(has(run, term) for term in query.terms if term.excluded)

    return {run.uuid for run in runs if passes(run)}


def parse_text(text: str) -> RunQuery:
    query = parse([(name, value) for name, _, value in (x.partition("=") for x in text.split("&"))])
    assert query.terms and not query.ignored, text
    return query


def test_a_filter_lets_through_what_a_plain_reading_does(runs: list[Run]) -> None:
    for text in FILTERS:
        expected = plain(text, runs)
        assert 0 < len(expected) < RUNS, f"{text} keeps all or none, which proves little"
        found = narrowed(Run.objects.seen(), parse_text(text), NOON, BERLIN)
        assert set(found.values_list("uuid", flat=True)) == expected, text


def test_the_parts_of_a_filter_have_its_runs_together(runs: list[Run]) -> None:
    taken_apart = 0
    for text in FILTERS:
        found = in_parts(parse_text(text))
        rows = [narrowed(Run.objects.seen(), part, NOON, BERLIN) for part in found]
        together = {run for part in rows for run in part.values_list("uuid", flat=True)}
        assert not found or together == plain(text, runs), text
        taken_apart += len(found) > 1
    assert taken_apart >= 3
    assert not in_parts(parse_text("gpu=" + ",".join(f"T{n}" for n in range(9))))


def test_the_moment_and_zone_are_now_and_utc_unless_told(runs: list[Run]) -> None:
    query = parse([("created", "2026-11-21")])
    utc, berlin = (set(narrowed(Run.objects.seen(), query, NOON, zone)) for zone in (UTC, BERLIN))
    assert utc != berlin and set(narrowed(Run.objects.seen(), query)) == utc
