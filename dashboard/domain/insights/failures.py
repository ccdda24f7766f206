"""All figures of the Failures page: how many runs failed, when, and why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from dashboard.domain.insights.failure_causes import (
    NO_TEXT,
    CauseFacts,
    CauseKey,
    FailureCause,
    VersionKey,
    failure_causes,
    version_of,
)
from dashboard.domain.insights.failure_days import (
    CANCELLED,
    FailureDay,
    ShareStep,
    ended_of,
    failure_days,
    has_failed,
    share_of,
    share_step,
)
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import TIMEOUT, InsightRun, Population
from dashboard.domain.insights.shares import Interval, Share, difference
from dashboard.domain.insights.version_steps import VersionMarker, version_markers

HEADLINE = timedelta(days=14)  # after its first run, for which a new cause is the headline


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How the runs of a time ended."""

    runs: int
    failed: int  # with an error
    timed_out: int
    cancelled: int
    live: int  # not ended yet
    share: Share  # of those that ended and were not cancelled: failed or timed out


@dataclass(frozen=True, slots=True)
class VersionShare:
    """The ended runs of a version, and how many of them failed or timed out."""

    key: VersionKey
    share: Share


@dataclass(frozen=True, slots=True)
class NewCause:
    """The cause that makes the headline, its version, and the workflow's others in this time."""

    cause: FailureCause
    version: VersionKey
    share: Share  # of all failures of the version
    others: tuple[VersionKey, ...]
    share_of_others: Share
    change: Interval | None  # of the version's share less that of the others


@dataclass(frozen=True, slots=True)
class FailureFigures:
    """Of the runs of a time; what is of the time `before` is None where that is not known."""

    now: Outcomes
    before: Outcomes | None
    change: Interval | None  # of the share
    days: tuple[FailureDay, ...]
    step: ShareStep | None
    markers: tuple[VersionMarker, ...]
    causes: tuple[FailureCause, ...]  # with an error's text or a known cause
    untold: FailureCause | None  # without either
    versions: tuple[VersionShare, ...]
    new: NewCause | None
    timeout_machines: tuple[str | None, ...]
    money: Decimal | None  # dollars that failed runs cost, as far as known
    money_of_all: Decimal | None


def failure_figures(
    now: Population,
    before: Population | None,
    period: Period,
    facts: Mapping[CauseKey, CauseFacts],
) -> FailureFigures:
    """What the page says of the runs of a period; `facts` are of the causes of its `examples`."""
    runs, past = now.runs, before.runs if before else ()
    ended = ended_of(runs)
    failed = [run for run in ended if has_failed(run)]
    outcomes, outcomes_before = _outcomes(runs), _outcomes(past) if before else None
    days, causes = failure_days(ended, period), failure_causes(ended, period, facts)
    versions = version_shares(ended)
    return FailureFigures(
        now=outcomes,
        before=outcomes_before,
        change=difference(outcomes.share, outcomes_before.share) if outcomes_before else None,
        days=days,
        step=share_step(days),
        markers=version_markers(runs, past),
        causes=tuple(cause for cause in causes if cause.key != NO_TEXT),
        untold=next((cause for cause in causes if cause.key == NO_TEXT), None),
        versions=versions,
        new=_new(causes, versions, period),
        timeout_machines=_machines(run for run in failed if run.status == TIMEOUT),
        money=_money(failed),
        money_of_all=_money(runs),
    )


def _outcomes(runs: Sequence[InsightRun]) -> Outcomes:
    ended = ended_of(runs)
    statuses = Counter(run.status for run in ended)
    live = sum(not run.finished for run in runs)
    return Outcomes(
        runs=len(runs),
        failed=statuses["failed"],
        timed_out=statuses[TIMEOUT],
        cancelled=sum(run.finished and run.status == CANCELLED for run in runs),
        live=live,
        share=share_of(ended),
    )


def version_shares(ended: Iterable[InsightRun]) -> tuple[VersionShare, ...]:
    """Each version of the runs that ended, that with the most failures first."""
    counts = Counter((version_of(run), has_failed(run)) for run in ended)
    keys = dict.fromkeys(key for key, _ in counts)
    found = [
        VersionShare(key, Share(counts[key, True], counts[key, True] + counts[key, False]))
        for key in keys
    ]
    return tuple(sorted(found, key=lambda each: (-each.share.part, -each.share.n)))


def _new(
    causes: Iterable[FailureCause], versions: Sequence[VersionShare], period: Period
) -> NewCause | None:
    """The most frequent cause that came with a version in the last 14 days."""
    for cause in causes:
        key, facts = cause.new_since, cause.facts
        if key and facts and period.end - facts.first_seen <= HEADLINE:
            own = next(each.share for each in versions if each.key == key)
            others = [
                each for each in versions if each.key.workflow == key.workflow and each.key != key
            ]
            rest = Share(
                sum(each.share.part for each in others), sum(each.share.n for each in others)
            )
            names = tuple(each.key for each in others)
            return NewCause(cause, key, own, names, rest, difference(own, rest))
    return None


def _machines(runs: Iterable[InsightRun]) -> tuple[str | None, ...]:
    return tuple(dict.fromkeys(run.machine for run in runs))


def _money(runs: Iterable[InsightRun]) -> Decimal | None:
    costs = [run.cost_micros for run in runs if run.cost_micros is not None]
    return Decimal(sum(costs)) / 1_000_000 if costs else None
