"""What Failures has to say, in plain arithmetic from the definitions of its design."""

import math
import random
from collections.abc import Iterable
from datetime import date, datetime

from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun

Z = 1.959963984540054
Runs = list[InsightRun]


def score(part: int, n: int) -> tuple[float, float]:
    p = part / n
    middle, half = p + Z * Z / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return (middle - half) / (1 + Z * Z / n), (middle + half) / (1 + Z * Z / n)


def interval(part: int, n: int) -> tuple[float, float] | None:
    return None if n < 5 else score(part, n)


def newcombe(part: int, n: int, past: int, m: int) -> tuple[float, float] | None:
    if n < 5 or m < 5:
        return None
    (low, high), (below, above) = score(part, n), score(past, m)
    p, q = part / n, past / m
    return (
        p - q - math.sqrt((p - low) ** 2 + (above - q) ** 2),
        p - q + math.sqrt((high - p) ** 2 + (q - below) ** 2),
    )


def ended(runs: Runs) -> Runs:
    return [run for run in runs if run.status in ("success", "failed", "timeout")]


def failed(runs: Runs) -> Runs:
    return [run for run in runs if run.status == "failed" or run.status == "timeout"]


def by_day(runs: Runs, period: Period) -> dict[date, tuple[int, int]]:
    """Of each day with ended runs: how many failed, of how many."""
    found: dict[date, tuple[int, int]] = {}
    for run in ended(runs):
        day = run.created.astimezone(period.zone).date()
        part, n = found.get(day, (0, 0))
        found[day] = (part + (run in failed([run])), n + 1)
    return found


def causes(runs: Runs) -> dict[tuple[str, str], Runs]:
    found: dict[tuple[str, str], Runs] = {}
    for run in failed(runs):
        found.setdefault((run.error_cause, run.error_digest), []).append(run)
    return found


def their_runs(of: Runs, runs: Runs) -> int:
    """The ended runs of the versions in which these failed."""
    versions = {(run.workflow, run.version) for run in of}
    return sum((run.workflow, run.version) in versions for run in ended(runs))


def is_new(key: tuple[str, str], every: Runs, period: Period) -> tuple[str, str] | None:
    """The version that a cause came with, by all runs of all history; None: it did not."""
    of = [run for run in failed(every) if (run.error_cause, run.error_digest) == key]
    first = min(run.created for run in of)
    versions = {(run.workflow, run.version) for run in of}
    if key == ("", "") or not period.begin <= first < period.end or len(versions) > 1:
        return None
    ((workflow, version),) = versions
    if workflow is None or version is None:
        return None
    own = [run.created for run in every if (run.workflow, run.version) == (workflow, version)]
    whole = [run.created for run in every if run.workflow == workflow]
    return (workflow, version) if min(own) <= first and min(whole) < min(own) else None


def chi_square(before: list[tuple[int, int]], since: list[tuple[int, int]]) -> float:
    """Of the two-by-two table of failed and not, before and since; 0 of too few runs."""
    a, n = sum(part for part, _ in before), sum(each for _, each in before)
    b, m = sum(part for part, _ in since), sum(each for _, each in since)
    whole = a + b
    if n < 20 or m < 20 or whole in (0, n + m):
        return 0.0
    return (n + m) * (a * (m - b) - b * (n - a)) ** 2 / (n * m * whole * (n + m - whole))


def steps(days: list[tuple[int, int]]) -> list[float]:
    """How much each day parts those before it from itself and those after."""
    return [chi_square(days[:at], days[at:]) for at in range(1, len(days))]


def chance(days: list[tuple[int, int]], draws: int = 600) -> float:
    """How often days in another order have a step as large."""
    largest, dice, as_large = max(steps(days)), random.Random(99), 0  # noqa: S311 - no secret
    for _ in range(draws):
        order = dice.sample(days, len(days))
        as_large += max(steps(order)) >= largest * (1 - 1e-9)
    return as_large / draws


def facts_of(every: Runs) -> dict[tuple[str, str], dict[str, object]]:
    """What all history says of each cause."""
    found = {}
    for key, runs in causes(every).items():
        versions = {(run.workflow, run.version) for run in runs}
        only = versions.pop() if len(versions) == 1 else None
        told = only if only and None not in only else None
        found[key] = {
            "first_seen": min(run.created for run in runs),
            "last_seen": max(run.created for run in runs),
            "only_version": told,
            "version_first": _first(run for run in every if (run.workflow, run.version) == told),
            "workflow_first": _first(run for run in every if told and run.workflow == told[0]),
        }
    return found


def _first(runs: Iterable[InsightRun]) -> datetime | None:
    return min((run.created for run in runs), default=None)
