"""Causes of failures: when they were first and last seen, of all history, and one run's error."""

import random
from datetime import timedelta
from typing import Any

import pytest

from dashboard.domain.insights.failure_causes import CauseFacts, CauseKey, VersionKey
from dashboard.models import Run
from dashboard.services.insights.failures import facts_of
from tests.domain.insights import failures_oracle as oracle
from tests.domain.insights.histories import BEGIN, history, insight_run
from tests.services.insights.stored import store_history

pytestmark = pytest.mark.django_db
KEY = CauseKey("cuda", "digest")
ERROR = {
    "message": "CUDA error: device-side assert triggered",
    "exception_type": "RuntimeError",
    "node_id": "12",
    "node_type": "KSampler",
}


def failed(number: int, days: float, **columns: Any):  # type: ignore[no-untyped-def]
    told = {"status": "failed", "error_cause": KEY.cause, "error_digest": KEY.digest}
    return insight_run(id=number, created=BEGIN + timedelta(days=days), **{**told, **columns})


def newest(runs: list[Any]) -> dict[CauseKey, int]:
    return {CauseKey(*key): own[-1].id for key, own in oracle.causes(runs).items()}


def test_all_history_counts_as_plain_arithmetic_has_it() -> None:
    dice = random.Random(5)  # noqa: S311 - no secret
    runs = [
        run._replace(
            version=dice.choice((run.version, None)) if run.id % 9 == 0 else run.version,
            error_digest=f"d{dice.randrange(60)}" if run.error_digest and run.id % 3 else "",
        )
        for run in history(2_000)
    ]
    store_history(runs)
    known = [run for run in runs if run.origin != "workspace"]
    asked = {key: pk for key, pk in newest(known).items() if key != ("", "")}
    found, right = facts_of(asked), oracle.facts_of(known)
    assert set(found) == set(asked)
    for key, facts in found.items():
        for name in ("first_seen", "last_seen", "only_version"):
            assert getattr(facts, name) == right[key][name], (key, name)
        if facts.only_version:
            workflow, version = facts.only_version
            of = [run for run in runs if (run.workflow, run.version) == (workflow, version)]
            assert facts.version_first == min(run.created for run in of)
            assert facts.workflow_first == min(
                run.created for run in runs if run.workflow == workflow
            )


def test_the_error_is_that_of_the_run_that_stands_for_the_cause() -> None:
    store_history([failed(1, 0, version="v1"), failed(2, 5, version="v1"), insight_run(id=3)])
    Run.objects.filter(pk=2).update(log_error=ERROR)
    found = facts_of({KEY: 2})[KEY]
    assert found == CauseFacts(
        first_seen=BEGIN,
        last_seen=BEGIN + timedelta(days=5),
        only_version=VersionKey("lighthouse", "v1"),
        version_first=BEGIN,
        workflow_first=BEGIN,
        error_type="RuntimeError",
        message="CUDA error: device-side assert triggered",
        node_id="12",
        node_type="KSampler",
    )


def test_a_cause_without_a_text_is_found_by_its_word() -> None:
    timeout = CauseKey("timed-out", "")
    store_history(
        [
            failed(1, 3, status="timeout", error_cause="timed-out", error_digest=""),
            failed(2, 1, error_cause="timed-out"),
            failed(3, 0, error_cause="", error_digest=""),
        ]
    )
    found = facts_of({timeout: 1, KEY: 9})
    assert list(found) == [timeout]
    assert found[timeout].first_seen == BEGIN + timedelta(days=3)
    assert found[timeout].message == ""


def test_sessions_in_the_editor_do_not_count() -> None:
    store_history([failed(1, 0, origin="workspace"), failed(2, 1, origin=None), failed(3, 2)])
    assert facts_of({KEY: 3})[KEY].first_seen == BEGIN + timedelta(days=1)


def test_the_queries_do_not_grow(django_assert_num_queries: Any) -> None:
    runs = history(600)
    store_history(runs)
    asked = {key: pk for key, pk in newest(runs).items() if key != ("", "")}
    assert len(asked) > 4
    with django_assert_num_queries(2):
        facts_of(asked)
    with django_assert_num_queries(0):
        assert facts_of({}) == {}
