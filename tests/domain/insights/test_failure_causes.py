"""Causes: equal errors together, and those that came with a version."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.domain.insights.failure_causes import (
    MOST,
    NO_TEXT,
    CauseFacts,
    CauseKey,
    VersionKey,
    examples,
    failure_causes,
)
from dashboard.domain.insights.failure_days import ended_of
from dashboard.domain.insights.shares import Share
from tests.domain.insights.histories import PERIOD, insight_run

FIRST = PERIOD.begin + timedelta(days=10)
V15 = VersionKey("lighthouse", "v15")
FACTS = CauseFacts(
    first_seen=FIRST,
    last_seen=FIRST,
    only_version=V15,
    version_first=FIRST - timedelta(minutes=5),
    workflow_first=FIRST - timedelta(days=60),
)
KEY = CauseKey("cuda", "a")


def failed(number: int, key: CauseKey = KEY, **columns: object):  # type: ignore[no-untyped-def]
    told = {"error_cause": key.cause, "error_digest": key.digest, "status": "failed"}
    return insight_run(id=number, **{**told, **columns})


def test_equal_errors_are_one_cause_and_the_most_frequent_is_first() -> None:
    rare, timeout = CauseKey("cuda", "b"), CauseKey("timed-out", "")
    runs = [
        *(failed(n, NO_TEXT, version="v3") for n in range(5)),
        failed(11, rare),
        *(failed(20 + n) for n in range(3)),
        *(failed(30 + n, timeout, status="timeout", version="v2") for n in range(2)),
        *(insight_run(id=40 + n) for n in range(6)),
    ]
    found = failure_causes(ended_of(runs), PERIOD, {})
    assert [(each.key, len(each.runs)) for each in found] == [
        (KEY, 3),
        (timeout, 2),
        (rare, 1),
        (NO_TEXT, 5),
    ]
    assert [each.of_runs for each in found] == [Share(3, 10), Share(2, 2), Share(1, 10), None]
    assert found[0].versions == (VersionKey("lighthouse", "v1"),)
    assert examples(ended_of(runs)) == {KEY: 22, timeout: 31, rare: 11}


def test_the_example_is_the_newest_run() -> None:
    runs = [failed(1, created=FIRST), failed(2, created=FIRST - timedelta(hours=1))]
    assert examples(runs) == {KEY: 1}
    assert failure_causes(runs, PERIOD, {})[0].example == 1


def test_versions_are_in_the_order_in_which_they_failed() -> None:
    runs = [
        failed(n, version=version, created=FIRST + timedelta(hours=n))
        for n, version in enumerate(("v2", None, "v1", "v2"))
    ]
    (cause,) = failure_causes(runs, PERIOD, {})
    assert [each.version for each in cause.versions] == ["v2", None, "v1"]


def test_facts_are_asked_for_of_the_most_frequent_causes() -> None:
    runs = [failed(n, CauseKey("", f"d{n}")) for n in range(MOST + 20)]
    assert len(examples(runs)) == MOST
    assert examples([]) == {}


def new_since(facts: CauseFacts) -> VersionKey | None:
    (cause,) = failure_causes([failed(1)], PERIOD, {KEY: facts})
    return cause.new_since


def test_a_cause_is_new_since_the_version_that_alone_has_it() -> None:
    assert new_since(FACTS) == V15
    assert new_since(replace(FACTS, first_seen=FACTS.version_first or FIRST)) == V15


NOT_NEW = {
    "seen before this time": {"first_seen": PERIOD.begin - timedelta(seconds=1)},
    "first seen later": {"first_seen": PERIOD.end},
    "of several versions": {"only_version": None},
    "of the first version": {"workflow_first": FIRST - timedelta(minutes=5)},
    "of a version without runs": {"version_first": None},
    "of a workflow without runs": {"workflow_first": None},
}


@pytest.mark.parametrize("columns", NOT_NEW.values(), ids=NOT_NEW)
def test_else_it_is_not(columns: dict[str, object]) -> None:
    assert new_since(replace(FACTS, **columns)) is None  # type: ignore[arg-type]


def test_without_facts_or_text_nothing_is_new() -> None:
    assert failure_causes([failed(1)], PERIOD, {})[0].new_since is None
    (untold,) = failure_causes([failed(1, NO_TEXT)], PERIOD, {NO_TEXT: FACTS})
    assert untold.new_since is None
