"""Histories in which a new version brings a failure of its own."""

from datetime import timedelta

from dashboard.domain.insights.failure_causes import CauseFacts, CauseKey, VersionKey
from dashboard.domain.insights.runs import InsightRun
from tests.domain.insights import failures_oracle as oracle
from tests.domain.insights.histories import PERIOD, insight_run

NEW = CauseKey("missing-model", "new")


def spread(count: int, fails: int, **columns: object) -> list[InsightRun]:
    """Runs over the whole time, of which each `fails`th ran out of memory."""
    step = (PERIOD.end - PERIOD.begin) / count
    return [
        failing(
            n,
            bool(fails) and n % fails == 0,
            created=PERIOD.begin + n * step,
            **{"error_cause": "out-of-memory", "error_digest": "old", **columns},
        )
        for n in range(count)
    ]


def failing(number: int, fails: bool, **columns: object) -> InsightRun:
    run = insight_run(id=number, **columns)
    if fails:
        return run._replace(status="failed", outputs=0)
    return run._replace(error_cause="", error_digest="")


def with_new_version(days: int = 4, fails: int = 5) -> list[InsightRun]:
    """900 runs of v14 and, in the last days, 90 of v15, each fifth of which lacks a model."""
    begin = PERIOD.end - timedelta(days=days)
    step = (PERIOD.end - begin) / 90
    late = [
        failing(
            10_000 + n,
            n % fails == 1,
            created=begin + n * step,
            version="v15",
            error_cause=NEW.cause,
            error_digest=NEW.digest,
        )
        for n in range(90)
    ]
    return sorted([*spread(900, 50, version="v14"), *late], key=lambda run: run.created)


def facts_of(every: list[InsightRun], **told: str) -> dict[CauseKey, CauseFacts]:
    """What all these runs say of each cause; `told` is what one run's error tells."""
    found = {}
    for key, facts in oracle.facts_of(every).items():
        only = facts.pop("only_version")
        version = VersionKey(*only) if isinstance(only, tuple) else None
        found[CauseKey(*key)] = CauseFacts(only_version=version, **facts, **told)  # type: ignore[arg-type]
    return found
