"""What Speed has to say, in plain Python from its definitions; and histories with steps."""

import math
from collections.abc import Sequence
from statistics import median

from dashboard.domain.insights.runs import InsightRun
from tests.domain.insights.histories import PERIOD, history, insight_run

Key = tuple[str | None, str | None, str | None]


def stepped(size: int, seed: int = 1) -> list[InsightRun]:
    """A history in which two workflows on the H100 change, one of them twice."""
    found = []
    for run in history(size, seed):
        day = (run.created - PERIOD.begin).days
        factor = 1.0
        if run.run is not None and run.gpu == "H100":
            factor *= 1.8 if run.workflow == "lighthouse" and day >= 12 else 1
            factor *= 0.5 if run.workflow == "portrait" and day >= 5 else 1
            factor *= 2.5 if run.workflow == "portrait" and day >= 20 else 1
        found.append(run._replace(run=round(run.run * factor, 3) if run.run else run.run))
    return found


def rollout() -> list[InsightRun]:
    """Sixty runs of v1 and, 40 % longer, sixty of v2; one of v2 comes a little early."""
    return [
        insight_run(
            id=n,
            created=PERIOD.begin.replace(hour=n // 10, minute=n % 10),
            version="v2" if n >= 60 or n == 58 else "v1",
            run=(14.0 if n >= 60 else 10.0) + n % 7 / 10,
        )
        for n in range(120)
    ]


def quantile(values: Sequence[float], part: float, least: int) -> float | None:
    """Type 7: the value at (n − 1)·part, between two by the fraction."""
    if len(values) < least:
        return None
    ordered = sorted(values)
    whole, fraction = divmod((len(ordered) - 1) * part, 1)
    above = ordered[min(int(whole) + 1, len(ordered) - 1)]
    return ordered[int(whole)] + (above - ordered[int(whole)]) * fraction


def hodges_lehmann(later: list[float], earlier: list[float]) -> tuple[float, float, float] | None:
    if len(later) < 20 or len(earlier) < 20:
        return None
    m, n = len(later), len(earlier)
    pairs = sorted(x - y for x in later for y in earlier)
    cut = math.floor(m * n / 2 - 1.959963985 * math.sqrt(m * n * (m + n + 1) / 12))
    return median(pairs), pairs[max(cut, 1) - 1], pairs[-max(cut, 1)]


def shown_runs(runs: Sequence[InsightRun], kind: str) -> tuple[list[InsightRun], int, int]:
    """The runs that are shown, and how many finished ones are of another start or untold."""
    shown, other, untold = [], 0, 0
    for run in runs:
        if run.status != "success":
            continue
        if run.run is None or (run.start_kind == "unknown" and kind != "unknown"):
            untold += 1
        elif run.start_kind != kind:
            other += 1
        else:
            shown.append(run)
    return shown, other, untold


def groups(runs: Sequence[InsightRun], kind: str) -> dict[Key, dict[str, object]]:
    shown, _, _ = shown_runs(runs, kind)
    found: dict[Key, dict[str, object]] = {}
    for key in {(run.workflow, run.version, run.gpu) for run in shown}:
        workflow, version, gpu = key

        def started(name: str) -> object:
            return min(run.created for run in runs if run.version == name), name

        own = [run.run for run in shown if (run.workflow, run.version, run.gpu) == key]
        earlier = [
            run.run
            for run in shown
            if None not in key
            and (run.workflow, run.gpu) == (workflow, gpu)
            and run.version is not None
            and started(run.version) < started(version)
        ]
        found[key] = {
            "runs": len(own),
            "p25": quantile(own, 0.25, 20),
            "p50": quantile(own, 0.5, 5),
            "p90": quantile(own, 0.9, 20),
            "earlier": len(earlier),
            "against": hodges_lehmann(own, earlier),
        }
    return found


def changes(runs: Sequence[InsightRun], kind: str) -> dict[tuple[str, str], list[tuple]]:
    """By workflow and GPU: (at, before, after, runs before, runs after, difference, p)."""
    shown, _, _ = shown_runs(runs, kind)
    series: dict[tuple[str, str], list[float]] = {}
    for run in shown:
        if run.workflow and run.gpu:
            series.setdefault((run.workflow, run.gpu), []).append(run.run)
    series = {key: values for key, values in series.items() if len(values) >= 40}
    proposed = [(p, key, at) for key, values in series.items() for at, p in _parted(values)]
    silent = len(series.keys() - {key for _, key, _ in proposed})
    kept: dict[tuple[str, str], dict[int, float]] = {key: {} for key in series}
    worst = 0.0
    for tried, (p, key, at) in enumerate(sorted(proposed)):
        worst = max(worst, min(1.0, p * (len(proposed) + silent - tried)))
        if worst < 0.01:
            kept[key][at] = worst
    return {key: _large(series[key], places) for key, places in kept.items()}


def _parted(values: list[float], first: int = 0) -> list[tuple[int, float]]:
    """Binary segmentation with Pettitt's statistic: places and probabilities of steps of 5 %."""
    n = len(values)
    if n < 40:
        return []
    best, at, total = -1, 0, 0
    for t in range(1, n):
        one = values[t - 1]
        total += sum((one > other) - (one < other) for other in values)
        if 20 <= t <= n - 20 and abs(total) > best:
            best, at = abs(total), t
    p = min(1.0, 2 * math.exp(-6 * best**2 / (n**3 + n**2)))
    if p >= 0.01:
        return []
    before, after = median(values[:at]), median(values[at:])
    own = [(first + at, p)] if abs(after - before) >= 0.05 * before else []
    return own + _parted(values[:at], first) + _parted(values[at:], first + at)


def _large(values: list[float], places: dict[int, float]) -> list[tuple]:
    """The changes that are left when the smallest under 5 % was taken away, again and again."""
    while places:
        marks = [0, *sorted(places), len(values)]
        rows = []
        for begin, at, end in zip(marks, marks[1:], marks[2:], strict=False):
            before, after = values[begin:at], values[at:end]
            step = abs(median(after) - median(before)) / median(before)
            told = hodges_lehmann(after, before)
            row = (at, median(before), median(after), len(before), len(after), told, places[at])
            rows.append((step, row))
        step, least = min(rows)
        if step >= 0.05:
            return [row for _, row in rows]
        places = {at: p for at, p in places.items() if at != least[0]}
    return []
