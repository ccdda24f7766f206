"""What Cold starts has to say, in plain arithmetic from the definitions of its design."""

import math
import random
from datetime import date, timedelta
from decimal import Decimal

from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun

Z = 1.959963984540054
EDGES = (0, 15, 30, 60, 120, 240, 600, 1800)


def quantile(values: list[float], share: float, least: int = 1) -> float | None:
    """Type 7; None of fewer than `least` values."""
    if len(values) < least:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = ordered[int(place)]
    return low + (ordered[math.ceil(place)] - low) * (place - int(place))


def score(part: int, n: int, z: float = Z) -> tuple[float, float]:
    p = part / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


def cold_of(runs: list[InsightRun]) -> list[InsightRun]:
    return [run for run in runs if run.start_kind == "cold"]


def warm_of(runs: list[InsightRun]) -> list[InsightRun]:
    return [run for run in runs if run.start_kind == "warm"]


def known_of(runs: list[InsightRun]) -> list[InsightRun]:
    return [run for run in runs if run.start_kind in ("cold", "warm")]


def taken(runs: list[InsightRun]) -> list[float]:
    return [run.cold_start for run in runs if run.cold_start is not None]


def newcombe(after: list[InsightRun], before: list[InsightRun]) -> tuple[float, float] | None:
    ends = []
    for runs in (after, before):
        n, cold = len(known_of(runs)), len(cold_of(runs))
        if n < 5:
            return None
        ends.append((cold / n, *score(cold, n)))
    (p, low, high), (q, below, above) = ends
    return (
        p - q - math.sqrt((p - low) ** 2 + (above - q) ** 2),
        p - q + math.sqrt((high - p) ** 2 + (q - below) ** 2),
    )


def drawn_change(
    after: list[InsightRun], before: list[InsightRun], period: Period
) -> tuple[float, float] | None:
    """The middle 95 % of differences of medians, of days drawn again; not of the same draws."""
    sides = []
    for runs in (after, before):
        days: dict[date, list[float]] = {}
        for run in runs:
            own = days.setdefault(run.created.astimezone(period.zone).date(), [])
            own.append(run.cold_start or 0)
        if len(days) < 3 or len(runs) < 5:
            return None
        sides.append(list(days.values()))
    dice, gaps = random.Random(7), []
    for _ in range(400):
        medians = []
        for days_ in sides:
            drawn = [value for _ in days_ for value in dice.choice(days_)]
            medians.append(quantile(drawn, 0.5))
        gaps.append((medians[0] or 0) - (medians[1] or 0))
    return quantile(gaps, 0.025) or 0, quantile(gaps, 0.975) or 0


def lost_each(part: list[InsightRun], runs: list[InsightRun]) -> list[float] | None:
    """What each cold start of a part of the runs lost; None where no warm start is known."""
    warm = warm_of(runs)
    overall, own = quantile(taken(warm), 0.5, 5), dict[str | None, float | None]()
    for machine in {run.machine for run in cold_of(part)}:
        its = [run for run in warm if machine and run.machine == machine]
        own[machine] = quantile(taken(its), 0.5, 5) if len(its) >= 5 else overall
    if overall is None:
        return [] if not cold_of(part) else None
    return [max(0.0, (run.cold_start or 0) - (own[run.machine] or 0)) for run in cold_of(part)]


def seconds_lost(part: list[InsightRun], runs: list[InsightRun]) -> float | None:
    losses = lost_each(part, runs)
    return None if losses is None else math.fsum(losses)


def money_lost(part: list[InsightRun], runs: list[InsightRun]) -> Decimal | None:
    losses = lost_each(part, runs)
    if losses is None:
        return None
    prices = [run.price for run in cold_of(part)]
    money = [
        Decimal(repr(one)) * price
        for one, price in zip(losses, prices, strict=True)
        if price is not None
    ]
    return sum(money, Decimal(0)) if money or not losses else None


def days_of(
    runs: list[InsightRun], past: list[InsightRun], period: Period
) -> list[tuple[object, ...]]:
    """Day, cold, warm, p50; p50 and p95 of a week's cold starts, p50 of its warm ones."""

    local: dict[date, list[InsightRun]] = {}
    for run in [*past, *runs]:
        local.setdefault(run.created.astimezone(period.zone).date(), []).append(run)
    now = {run.id for run in runs}
    rows, day = [], period.begin.astimezone(period.zone).date()
    while day <= (period.end - timedelta(microseconds=1)).astimezone(period.zone).date():
        own = [run for run in local.get(day, []) if run.id in now]
        week = [run for n in range(7) for run in local.get(day - timedelta(days=n), [])]
        cold = taken(cold_of(own))
        rows.append(
            (
                day,
                len(cold),
                len(warm_of(own)),
                quantile(cold, 0.5, 5),
                quantile(taken(cold_of(week)), 0.5, 5),
                quantile(taken(cold_of(week)), 0.95, 20),
                quantile(taken(warm_of(week)), 0.5, 5),
            )
        )
        day += timedelta(days=1)
    return rows


def bars_of(runs: list[InsightRun]) -> list[int]:
    return [
        sum(bar <= run < bar + 1 or (bar == 59 and run >= 59) for run in taken(runs))
        for bar in range(60)
    ]


def hours_of(runs: list[InsightRun], period: Period) -> dict[tuple[int, int], tuple[int, int]]:
    """Starts and cold ones by weekday and hour."""
    cells: dict[tuple[int, int], tuple[int, int]] = {}
    for run in known_of(runs):
        at = run.created.astimezone(period.zone)
        n, cold = cells.get((at.weekday(), at.hour), (0, 0))
        cells[at.weekday(), at.hour] = (n + 1, cold + (run.start_kind == "cold"))
    return cells


def idle_of(
    machine: str, runs: list[InsightRun], past: list[InsightRun]
) -> tuple[list[tuple[int, int]], int, int]:
    """Cold starts and starts by idle time; starts during another run; those after none known."""
    own = sorted(
        (run for run in known_of([*past, *runs]) if run.machine == machine),
        key=lambda run: run.created,
    )
    bars, during, first = [(0, 0)] * 8, 0, 0
    now, live, latest = {run.id for run in runs}, False, None
    for run in own:
        if run.id not in now:
            pass
        elif live or (latest and latest > run.created):
            during += 1
        elif not latest:
            first += 1
        else:
            idle = (run.created - latest).total_seconds()
            bar = max(place for place, edge in enumerate(EDGES) if idle >= edge)
            cold, n = bars[bar]
            bars[bar] = (cold + (run.start_kind == "cold"), n + 1)
        live = live or not run.finished
        if run.ended and (not latest or run.ended > latest):
            latest = run.ended
    return bars, during, first
