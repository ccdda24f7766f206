"""Runs with working defaults, how well they are seen, and earlier runs to compare with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from dashboard.domain.run.facts import RunFacts
from dashboard.domain.run.usual import PastRun, Usual, usual_of
from dashboard.domain.run.visibility import Visibility

CREATED = datetime(2026, 11, 23, 14, 2, 38, 100_000, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return CREATED + timedelta(seconds=seconds)


def done(queue: float = 1.4, cold: float = 31.2, run: float = 12.3, **values: Any) -> RunFacts:
    """A finished run with every time, by default with a cold start of 31.2 s."""
    facts = RunFacts(
        id=UUID("7c1e9f42-3b0a-4d1e-9a57-2f6d0c88e1b4"),
        status="success",
        finished=True,
        progress=1.0,
        created_at=CREATED,
        queued_at=at(queue),
        started_at=at(queue + cold),
        ended_at=at(queue + cold + run),
        updated_at=at(queue + cold + run),
        queue_wait=queue,
        cold_start=cold,
        before_run=queue + cold,
        run=run,
        total=queue + cold + run,
        start_kind="cold" if cold > 5 else "warm",
        origin="api",
    )
    return replace(facts, **values)


def bare(status: str, **values: Any) -> RunFacts:
    """An ended run of which nothing but its creation is known."""
    facts = RunFacts(id=UUID(int=1), status=status, finished=True, created_at=CREATED)
    return replace(facts, **values)


def live(status: str = "running", **values: Any) -> RunFacts:
    """A live run with the stamps that its status implies: 0.9 s queue, 7.8 s cold start."""
    facts = RunFacts(id=UUID(int=2), status=status, finished=False, created_at=CREATED)
    if status != "not-started":
        facts = replace(facts, queued_at=at(0.9), queue_wait=0.9)
    if status in ("started", "running", "uploading"):
        facts = replace(
            facts, started_at=at(8.7), cold_start=7.8, before_run=8.7, start_kind="cold"
        )
    return replace(facts, **values)


def seen(seconds: float = 48.2, **values: Any) -> Visibility:
    """The visibility this many seconds after the creation, answered one second before."""
    visibility = Visibility(now=at(seconds), observed_at=at(seconds - 1), interval=2.0)
    return replace(visibility, **values)


def lost(seconds: float = 164.0, since: float = 43.9, **values: Any) -> Visibility:
    """The visibility of a run that was last seen `since` seconds after its creation."""
    return seen(seconds, observed_at=at(since), trouble="unreachable", **values)


def past(count: int = 23, **values: float) -> list[PastRun]:
    """Runs whose times rise evenly: run 40 to 84 s, cold start 5 to 9.4 s, queue 0.5 s up."""
    return [
        PastRun(
            pk=n,
            done=True,
            **{
                "queue_wait": 0.5 + n / 10,
                "cold_start": 5 + n / 5,
                "run": 40.0 + 2 * n,
                "total": 50.0 + 2 * n,
                **values,
            },
        )
        for n in range(count)
    ]


def usual(rows: list[PastRun] | None = None, kind: str | None = "cold") -> Usual:
    """The bands of these runs, by default of the 23 of `past`."""
    return usual_of(past() if rows is None else rows, start_kind=kind, gpu="A10G")
