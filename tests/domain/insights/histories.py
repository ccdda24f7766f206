"""Invented histories of runs, for tests of what Insights say."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun

BEGIN = datetime(2026, 10, 1, tzinfo=UTC)
PRICES = {"H100": Decimal("0.002338"), "L4": Decimal("0.00032"), "own": None}
MACHINES = (("flux", "H100"), ("studio", "L4"), ("wall", "own"))
WORKFLOWS = ("lighthouse", "portrait", "posters")
PERIOD = Period(BEGIN + timedelta(days=30), BEGIN + timedelta(days=60), UTC, BEGIN)
_PLAIN = InsightRun(
    id=1,
    created=PERIOD.begin + timedelta(hours=1),
    ended=PERIOD.begin + timedelta(hours=1, minutes=1),
    status="success",
    finished=True,
    origin="api",
    start_kind="warm",
    queue=1.0,
    cold_start=2.0,
    run=10.0,
    total=13.0,
    gpu="H100",
    machine="flux",
    workflow="lighthouse",
    version="v1",
    user="user_a",
    error_cause="",
    error_digest="",
    outputs=1,
    picked=0,
    cost_micros=28_056,
    price=PRICES["H100"],
)


def insight_run(**columns: object) -> InsightRun:
    """A warm run that finished, but for these columns."""
    return _PLAIN._replace(**columns)  # type: ignore[arg-type]


def cold_run(seconds: float, **columns: object) -> InsightRun:
    return insight_run(start_kind="cold", cold_start=seconds, **columns)


def history(size: int, seed: int = 1) -> list[InsightRun]:
    """`size` runs over the 60 days that end with PERIOD, in the order of their creation.

    With cold, warm and unknown starts, failures, live runs, workspace sessions, assumed
    timeouts, times that cannot be, a machine without a price, and days without runs.
    """
    dice = random.Random(seed)  # noqa: S311 - no secret
    moments = sorted(dice.random() ** 0.9 * 60 * 86_400 for _ in range(size))
    return [_invented(n, at, dice) for n, at in enumerate(moments, 1)]


def _invented(n: int, at: float, dice: random.Random) -> InsightRun:
    created = BEGIN + timedelta(seconds=round(at, 3))
    machine, gpu = dice.choices(MACHINES, (6, 3, 1))[0]
    kind = dice.choices(("cold", "warm", "unknown"), (3, 6, 1))[0]
    start = {"cold": 5.001 + dice.expovariate(0.05), "warm": dice.uniform(0, 5), "unknown": None}
    cold_start = start[kind] if start[kind] is None else round(start[kind] or 0, 3)
    status = dice.choices(
        ("success", "failed", "timeout", "cancelled", "running"), (80, 8, 3, 5, 1)
    )[0]
    live = status == "running"
    run = None if live or kind == "unknown" else round(dice.lognormvariate(3, 0.5), 3)
    queue = round(dice.expovariate(0.5), 3)
    total = None if run is None else round(queue + (cold_start or 0) + run, 3)
    price = PRICES[gpu]
    paid = price is not None and run is not None
    failed = status in ("failed", "timeout")
    cause = dice.choice(("out-of-memory", "missing-model", "")) if failed else ""
    outputs = dice.randrange(5) if status == "success" else 0
    assumed = status == "timeout" and dice.random() < 0.2
    return InsightRun(
        id=n,
        created=created,
        ended=None if live or assumed else created + timedelta(seconds=total or 60),
        status=status,
        finished=not live,
        origin=dice.choices(("api", "manual", "workspace", None), (12, 6, 1, 1))[0],
        start_kind=kind,
        queue=queue,
        cold_start=cold_start,
        run=run,
        total=total,
        gpu=None if gpu == "own" else gpu,
        machine=machine if dice.random() < 0.99 else None,
        workflow=dice.choice(WORKFLOWS),
        version=dice.choice(("v1", "v2") if at < 40 * 86_400 else ("v2", "v3")),
        user=dice.choice(("user_a", "user_b", None)),
        error_cause=cause,
        error_digest=f"digest-{cause}-{dice.randrange(3)}" if failed else "",
        outputs=outputs,
        picked=dice.randrange(outputs + 1) if dice.random() < 0.2 else 0,
        cost_micros=round(float(price) * 1e6 * ((cold_start or 0) + (run or 0)))
        if price is not None and paid
        else None,
        price=price,
        out_of_range=dice.random() < 0.01,
    )
