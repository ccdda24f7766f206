"""Why runs failed: equal errors together, and which of them came with a new version."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from dashboard.domain.insights.failure_days import has_failed
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun
from dashboard.domain.insights.shares import Share

MOST = 100  # causes of which more than the number of runs is told


class CauseKey(NamedTuple):
    """What makes errors equal: the cause's word, and the error's class and text without digits."""

    cause: str  # a word of `domain/logs/causes`; "" where not known
    digest: str  # "" without a text


class VersionKey(NamedTuple):
    """A version of a workflow; None: not reported."""

    workflow: str | None
    version: str | None


NO_TEXT = CauseKey("", "")


@dataclass(frozen=True, slots=True)
class CauseFacts:
    """What is known of a cause beside its runs of a time: of all history, and of one run's error.

    `only_version` is the version that all its runs of all history are of; None where they are of
    several or of none. The first runs of that version and its workflow are those of all history.
    """

    first_seen: datetime
    last_seen: datetime
    only_version: VersionKey | None = None
    version_first: datetime | None = None
    workflow_first: datetime | None = None
    error_type: str = ""
    message: str = ""
    node_id: str = ""
    node_type: str = ""


@dataclass(frozen=True)
class FailureCause:
    """The runs of a time that failed with one cause, in the order of their creation."""

    key: CauseKey
    runs: tuple[InsightRun, ...]
    of_runs: Share | None  # of the ended runs of its versions; None without an error's text
    facts: CauseFacts | None = None
    new_since: VersionKey | None = None

    @property
    def example(self) -> int:
        """The newest of its runs."""
        return self.runs[-1].id

    @cached_property
    def versions(self) -> tuple[VersionKey, ...]:
        """Those that it occurred in, in the order in which it did."""
        return tuple(dict.fromkeys(version_of(run) for run in self.runs))


def version_of(run: InsightRun) -> VersionKey:
    return VersionKey(run.workflow, run.version)


def examples(ended: Sequence[InsightRun]) -> dict[CauseKey, int]:
    """The newest run of each of the most frequent causes: of those the facts are asked for."""
    groups = _groups(ended)
    return {key: runs[-1].id for key, runs in groups[:MOST] if key != NO_TEXT}


def failure_causes(
    ended: Sequence[InsightRun], period: Period, facts: Mapping[CauseKey, CauseFacts]
) -> tuple[FailureCause, ...]:
    """The causes of the runs that ended, the most frequent first; the one without text last."""
    counts = Counter(map(version_of, ended))
    known = {key: told for key, told in facts.items() if key != NO_TEXT}
    return tuple(_cause(key, runs, counts, period, known.get(key)) for key, runs in _groups(ended))


def _groups(ended: Iterable[InsightRun]) -> list[tuple[CauseKey, list[InsightRun]]]:
    groups: dict[CauseKey, list[InsightRun]] = {}
    for run in sorted(filter(has_failed, ended), key=lambda run: (run.created, run.id)):
        groups.setdefault(CauseKey(run.error_cause, run.error_digest), []).append(run)
    return sorted(groups.items(), key=lambda each: (each[0] == NO_TEXT, -len(each[1]), each[0]))


def _cause(
    key: CauseKey,
    runs: Sequence[InsightRun],
    counts: Mapping[VersionKey, int],
    period: Period,
    facts: CauseFacts | None,
) -> FailureCause:
    of = sum(counts[version] for version in {version_of(run) for run in runs})
    return FailureCause(
        key=key,
        runs=tuple(runs),
        of_runs=None if key == NO_TEXT else Share(len(runs), of),
        facts=facts,
        new_since=None if facts is None else _new_since(facts, period),
    )


def _new_since(facts: CauseFacts, period: Period) -> VersionKey | None:
    """The version that it came with: first seen in this time, and in that version alone.

    With the first version of a workflow that is seen here all is new, so that says nothing.
    """
    version, first, workflow_first = facts.only_version, facts.version_first, facts.workflow_first
    if version is None or first is None or workflow_first is None:
        return None
    is_new = period.holds(facts.first_seen) and facts.first_seen >= first > workflow_first
    return version if is_new else None
