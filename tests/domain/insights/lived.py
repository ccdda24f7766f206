"""Histories of one machine that lived by known rules, so that a replay of them fits."""

import random
from datetime import timedelta

from dashboard.domain.insights.runs import InsightRun
from tests.domain.insights.histories import BEGIN, PRICES, cold_run, insight_run
from tests.domain.insights.simulation import Simulation

DAYS = 30


def lived(
    machine: str, seed: int, size: int, *, warm: int, limit: int | None, always_on: int = 0
) -> list[InsightRun]:
    """`size` runs of 30 days, in bouts, cold where the rules had to boot for them."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    bouts = [dice.uniform(0, DAYS * 86_400 - 9_000) for _ in range(size // 4)]
    moments = sorted(dice.choice(bouts) + dice.expovariate(1 / 90) for _ in range(size))
    jobs = [
        (
            round(at * 1_000_000),
            round(dice.uniform(15, 40), 3),
            round(dice.lognormvariate(2.5, 0.5), 3),
        )
        for at in moments
    ]
    whole = [(at, round(boot * 1e6), round(run * 1e6)) for at, boot, run in jobs]
    booted, _ = Simulation(whole, warm * 1_000_000, limit, always_on).go()
    told = []
    for number, ((at, boot, run), cold) in enumerate(zip(jobs, booted, strict=True), 1):
        columns = {
            "id": number + seed * 100_000,
            "machine": machine,
            "created": BEGIN + timedelta(microseconds=at),
            "run": run,
            "price": PRICES["H100"],
        }
        told.append(cold_run(boot, **columns) if cold else insight_run(**columns))
    return told
