"""Patterns of what a run's machine tells: why it started cold or waited, and what it cost."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from dashboard.domain.machines.cost import RunCost
from dashboard.domain.machines.start_reason import (
    BUSY,
    FIRST_OF_MACHINE,
    FIRST_OF_VERSION,
    IDLE,
    NEW_DEPLOYMENT,
    StartReason,
)
from dashboard.presentation.run.cost_text import cost_text
from dashboard.presentation.run.start_reason_text import reason_text
from dashboard.styleguide.drawing import Pattern, Patterns, drawn

NAMES = {"machine": "flux-h100-eu"}
PRICE = Decimal("0.002338")
LAST = UUID("184f416a-7c1e-4f42-8b0a-9d1e57a12f6d")
REASONS = {
    "idle": StartReason(IDLE, sure=True, idle=2760.0, stays_warm=60),
    "idle, setting unknown": StartReason(IDLE, sure=False, idle=2760.0),
    "busy": StartReason(BUSY, sure=False, busy=3, limit=4),
    "first of a version": StartReason(FIRST_OF_VERSION, sure=True, version=7),
    "first of the machine": StartReason(FIRST_OF_MACHINE, sure=False),
    "new deployment": StartReason(NEW_DEPLOYMENT, sure=False),
}
WAITED = StartReason(BUSY, sure=True, busy=2, limit=2)


def panels(now: datetime) -> Patterns:
    """Each reason and each state of the estimate."""
    for name, reason in REASONS.items():
        yield Pattern(f"cold: {name}", _reason(reason, cold=True))
    last = {"uuid": LAST, "short_id": str(LAST)[:8], "ended_at": now - timedelta(minutes=46)}
    yield Pattern("cold: idle, with the last run", _reason(REASONS["idle"], cold=True, last=last))
    yield Pattern("waited", _reason(WAITED, cold=False))
    whole = RunCost(PRICE, Decimal("0.072946"), Decimal("0.028991"))
    container = {"container": Decimal("0.1412"), "share": Decimal("0.1121")}
    yield Pattern("cost", _cost(whole, now, **container))
    yield Pattern("cost, other runs possible", _cost(whole, now, **container, share_is_most=True))
    yield Pattern("cost, container still up, price by a setting", _cost(whole, None))
    yield Pattern("cost, start unknown", _cost(RunCost(PRICE, None, Decimal("0.028991")), now))
    yield Pattern("cost, below a cent", _cost(RunCost(PRICE, Decimal(0), Decimal("0.0012")), now))


def same_inputs(now: datetime) -> Patterns:
    """Earlier runs with the same inputs."""
    run = {"uuid": LAST, "short_id": str(LAST)[:8], "status": "success", "total": 14.1,
           "start_kind": "warm", "created_at": now - timedelta(hours=3)}  # fmt: skip
    cold = {**run, "total": 47.2, "start_kind": "cold"}
    told = {
        "one": _same([run], 1),
        "several, and other seeds": _same([run, cold, {**run, "status": "failed"}], 3, 2),
        "in a fold": _same([run, cold] * 4, 8),
        "too many to list": _same([run] * 30, 41),
        "another seed alone": _same([], 0, 1),
    }
    for name, same in told.items():
        yield Pattern(
            f"same inputs: {name}", drawn({"same": same}, "runs/detail/_same_inputs.html")
        )


def _same(runs: list[dict[str, Any]], number: int, other_seeds: int = 0) -> dict[str, Any]:
    parts = {"first": runs[:3], "rest": runs[3:]}
    return {"runs": runs, **parts, "number": number, "other_seeds": other_seeds}


def _reason(reason: StartReason, *, cold: bool, last: object = None) -> str:
    context = {"reason": reason_text(reason, cold=cold), "last_run": last, "names": NAMES}
    return drawn(context, "runs/detail/_start_reason.html")


def _cost(cost: RunCost, told_at: datetime | None, **container: Any) -> str:
    parts = (cost.start_up, cost.work)
    start, run = (None if part is None else float(part / PRICE) for part in parts)
    told = cost_text(cost, gpu="H100", seconds=(start, run), price_of=told_at, **container)
    return drawn({"cost": told}, "runs/detail/_cost.html")
