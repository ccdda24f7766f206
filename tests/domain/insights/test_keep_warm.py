"""Figures of keeping warm are those of an oracle that simulates event by event."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from math import sqrt
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.insights import keep_warm as subject
from dashboard.domain.insights.keep_warm import KeptWarm, MachineFacts, keep_warm
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.domain.insights.warm_times import WarmTime
from tests.domain.insights.histories import BEGIN, PERIOD, cold_run, history, insight_run
from tests.domain.insights.lived import DAYS, lived
from tests.domain.insights.simulation import Simulation

FACTS = {
    "flux": MachineFacts(60, 2),
    "studio": MachineFacts(240, 3, always_on=1, unexplained=0.02),
    "wall": MachineFacts(own=True),
}
LIVED = Period(BEGIN, BEGIN + timedelta(days=DAYS), UTC, BEGIN)
OFFERED = [2, 15, 30, 60, 120, 240, 600, 1200]


def oracle(
    runs: list[InsightRun], period: Period, facts: dict[str, MachineFacts]
) -> dict[str, dict[str, Any]]:
    """By machine, of runs whose machines have one GPU each."""
    told = {}
    for machine in sorted({run.machine for run in runs if run.machine}):
        told[machine] = of_machine(
            [run for run in runs if run.machine == machine],
            period,
            facts.get(machine, MachineFacts()),
        )
    return told


def of_machine(runs: list[InsightRun], period: Period, facts: MachineFacts) -> dict[str, Any]:
    timed = [run for run in runs if run.cold_start is not None and run.run is not None]
    cold = sum(run.start_kind == "cold" for run in timed)
    boots = sorted(
        run.cold_start for run in runs if run.start_kind == "cold" and run.cold_start is not None
    )
    told: dict[str, Any] = {"runs": len(runs), "n": len(timed), "cold": cold, "times": []}
    told |= {"replayed": None, "why_not": None}
    if facts.own:
        return told | {"why_not": "own"}
    if not timed:
        return told | {"why_not": "no-times"}
    if len(timed) < 200:
        return told | {"why_not": "few"}
    if len(boots) < 5 and cold < len(timed):
        return told | {"why_not": "no-boot"}
    boot = quantile(boots, 0.5) if len(boots) >= 5 else 0
    priced = [run.price for run in runs if run.price is not None]
    price = priced[-1] if priced else None
    offered = sorted({*OFFERED, *([facts.stays_warm] if facts.stays_warm is not None else [])})
    tables = {warm: table(timed, boot, warm, facts, period) for warm in offered}
    now = tables.get(facts.stays_warm) if facts.stays_warm is not None else None
    if now:
        told["replayed"] = sum(day[0] for day in now) / len(timed)
    told["why_not"] = why_not(told, facts, price)
    if told["why_not"] in (None, "no-setting", "no-price"):
        length = (period.end - period.begin).total_seconds() / 86_400
        told["times"] = [
            row(warm, days, now, None if price is None else float(price), length)
            for warm, days in tables.items()
        ]
    return told


def why_not(told: dict[str, Any], facts: MachineFacts, price: Decimal | None) -> str | None:
    if (facts.unexplained or 0) > 0.05:
        return "unexplained"
    if told["replayed"] is None:
        return "no-setting"
    n, share, z = told["n"], told["cold"] / told["n"], 1.959963984540054
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    if told["replayed"] > middle + half + 0.03:
        return "warmer"
    if told["replayed"] < middle - half - 0.03:
        return "colder"
    return None if price is not None else "no-price"


def table(
    timed: list[InsightRun], boot: float, warm: int, facts: MachineFacts, period: Period
) -> list[tuple[int, int, int, int]]:
    """Boots, their time, paid time and runs of each day with runs."""
    jobs = [
        (
            round((run.created - datetime(2026, 1, 1, tzinfo=UTC)) / timedelta(microseconds=1)),
            round(((run.cold_start or 0) if run.start_kind == "cold" else boot) * 1_000_000),
            round((run.run or 0) * 1_000_000),
        )
        for run in timed
    ]
    booted, paid = Simulation(jobs, warm * 1_000_000, facts.limit, facts.always_on).go()
    days: dict[str, list[int]] = {}
    for run, job, was_cold, cost in zip(timed, jobs, booted, paid, strict=True):
        day = days.setdefault(str(run.created.astimezone(period.zone).date()), [0, 0, 0, 0])
        day[0] += was_cold
        day[1] += job[1] if was_cold else 0
        day[2] += cost
        day[3] += 1
    return [(a, b, c, d) for _, (a, b, c, d) in sorted(days.items())]


Days = list[tuple[int, int, int, int]]


def row(warm: int, days: Days, now: Days | None, price: float | None, length: float) -> list[Any]:
    def figures(some: list[tuple[Any, Any]]) -> list[float | None]:
        boots, booting, paid, runs = (sum(here[n] for here, _ in some) for n in range(4))
        cost = None if price is None else price * paid / 1e6 / length
        if now is None:
            return [boots / runs, booting / 1e6 / length, cost, None, None]
        avoided = (sum(there[1] for _, there in some) - booting) / 1e6 / length
        more = paid - sum(there[2] for _, there in some)
        return [
            boots / runs,
            booting / 1e6 / length,
            cost,
            avoided,
            None if price is None else price * more / 1e6 / length,
        ]

    pairs = list(zip(days, now or days, strict=True))
    dice = random.Random(20)  # noqa: S311 - no secret
    drawn = [figures(dice.choices(pairs, k=len(pairs))) for _ in range(1_000)]
    told: list[Any] = [warm, *figures(pairs)]
    for column in (0, 3, 4):
        values = sorted(one[column] for one in drawn if one[column] is not None)
        told += [quantile(values, 0.025), quantile(values, 0.975)] if values else [None, None]
    avoided, extra = told[4], told[5]
    told.append(extra / avoided * 60 if avoided and extra is not None else None)
    return told


def quantile(ordered: list[Any], part: float) -> float:
    place = (len(ordered) - 1) * part
    below = int(place)
    above = ordered[min(below + 1, len(ordered) - 1)]
    return float(ordered[below] + (above - ordered[below]) * (place - below))


def told_time(one: WarmTime) -> list[Any]:
    ends = [
        end
        for each in (one.interval, one.avoided_interval, one.extra_interval)
        for end in ((each.low, each.high) if each else (None, None))
    ]
    return [
        *(one.seconds, one.share, one.waiting, number(one.cost), one.avoided, number(one.extra)),
        *(*ends, number(one.per_minute)),
    ]


def number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)


def agree(runs: list[InsightRun], period: Period, facts: dict[str, MachineFacts]) -> list[KeptWarm]:
    population = population_of(runs)
    found = keep_warm(population, period, facts)
    wanted = oracle(list(population.runs), period, facts)
    assert {one.machine for one in found} == set(wanted)
    for one in found:
        other = wanted[one.machine]
        assert (one.runs, one.observed.n, one.observed.part) == tuple(
            other[name] for name in ("runs", "n", "cold")
        )
        assert one.replayed == pytest.approx(other["replayed"])
        assert one.why_not == other["why_not"]
        assert len(one.times) == len(other["times"])
        for mine, theirs in zip(one.times, other["times"], strict=True):
            assert told_time(mine) == [
                None if each is None else pytest.approx(each, abs=1e-9) for each in theirs
            ]
    return found


def in_period(runs: list[InsightRun]) -> list[InsightRun]:
    return [run for run in runs if PERIOD.holds(run.created)]


@pytest.mark.parametrize("size", [0, 1, 50, 2_000])
def test_invented_histories(size: int) -> None:
    agree(in_period(history(size)), PERIOD, FACTS)


@pytest.mark.parametrize("seed", range(4))
def test_lived_histories_fit_and_have_all_figures(seed: int) -> None:
    runs = lived("flux", seed, 400, warm=60, limit=2)
    (found,) = agree(runs, LIVED, {"flux": MachineFacts(60, 2)})
    assert found.fits and found.is_advised and len(found.times) == 8 and found.today


def test_always_on_containers_and_a_setting_of_its_own() -> None:
    runs = lived("flux", 5, 400, warm=45, limit=3, always_on=1)
    (found,) = agree(runs, LIVED, {"flux": MachineFacts(45, 3, always_on=1)})
    assert found.is_advised and [one.seconds for one in found.times] == sorted([*OFFERED, 45])


def test_a_day_of_25_hours() -> None:
    zone = ZoneInfo("Europe/Berlin")  # its clocks went back on 25 Oct 2026
    runs = lived("flux", 6, 400, warm=60, limit=2)
    (found,) = agree(runs, Period(BEGIN, LIVED.end, zone, BEGIN), {"flux": MachineFacts(60, 2)})
    assert found.is_advised


def test_no_price_leaves_the_table_without_cost() -> None:
    runs = [run._replace(price=None) for run in lived("flux", 7, 400, warm=60, limit=2)]
    (found,) = agree(runs, LIVED, {"flux": MachineFacts(60, 2)})
    assert found.why_not == "no-price" and found.fits and found.times
    assert all(one.cost is one.extra is one.per_minute is None for one in found.times)


def test_no_setting_leaves_the_table_without_what_is_extra() -> None:
    (found,) = agree(lived("flux", 7, 400, warm=60, limit=2), LIVED, {})
    assert found.why_not == "no-setting" and found.fits is None and found.times
    assert all(one.cost and one.avoided is one.extra is None for one in found.times)


def test_all_cold_is_replayed_and_none_cold_is_not() -> None:
    moments = [BEGIN + timedelta(hours=n) for n in range(300)]
    cold = [cold_run(20.0, id=n, created=at) for n, at in enumerate(moments)]
    warm = [insight_run(id=n, created=at) for n, at in enumerate(moments)]
    facts = {"flux": MachineFacts(60, 2)}
    (found,) = agree(cold, LIVED, facts)
    assert found.is_advised and found.replayed == 1 and found.observed.value == 1
    (found,) = agree(warm, LIVED, facts)
    assert found.why_not == "no-boot" and not found.times


def test_unknown_starts_are_not_replayed() -> None:
    runs = [
        insight_run(id=n, start_kind="unknown", cold_start=None, created=BEGIN + timedelta(hours=n))
        for n in range(300)
    ]
    (found,) = agree(runs, LIVED, FACTS)
    assert found.why_not == "no-times" and found.runs == 300 and found.observed.n == 0


def test_unknown_time_of_containers_is_no_advice() -> None:
    runs = lived("flux", 8, 400, warm=60, limit=2)
    (found,) = agree(runs, LIVED, {"flux": MachineFacts(60, 2, unexplained=0.06)})
    assert found.why_not == "unexplained" and found.replayed is not None and not found.times


@pytest.mark.parametrize(("setting", "word"), [(2, "warmer"), (1_200, "colder")])
def test_a_replay_that_does_not_fit_says_in_which_direction(setting: int, word: str) -> None:
    runs = lived("flux", 9, 400, warm=60, limit=2)
    (found,) = agree(runs, LIVED, {"flux": MachineFacts(setting, 2)})
    assert found.why_not == word and found.fits is False and not found.times


def test_the_cheapest_is_the_one_with_the_smallest_sum() -> None:
    runs = lived("flux", 1, 400, warm=60, limit=2)
    (found,) = keep_warm(population_of(runs), LIVED, {"flux": MachineFacts(60, 2)})
    for worth in (Decimal(0), Decimal("0.3"), Decimal(1), Decimal(1_000)):
        sums = {
            one.seconds: float(one.cost or 0) + float(worth) * one.waiting / 60
            for one in found.times
        }
        cheapest = found.cheapest(worth)
        assert cheapest and sums[cheapest.seconds] == pytest.approx(min(sums.values()))
    free, dear = found.cheapest(Decimal(0)), found.cheapest(Decimal(1_000))
    assert free and dear and free.seconds < dear.seconds


def test_no_advice_has_no_cheapest() -> None:
    (found,) = keep_warm(population_of(lived("flux", 1, 400, warm=60, limit=2)), LIVED, {})
    assert found.times and found.cheapest(Decimal(1)) is None


def test_runs_without_a_gpu_are_on_the_machines_only_one() -> None:
    runs = lived("flux", 2, 400, warm=60, limit=2)
    some = [run._replace(gpu=None) if run.id % 7 == 0 else run for run in runs]
    (found,) = keep_warm(population_of(some), LIVED, FACTS)
    assert found.gpu == "H100" and found.runs == 400
    two = [run._replace(gpu="L4") if run.id % 7 == 0 else run for run in runs]
    assert {one.gpu: one.runs for one in keep_warm(population_of(two), LIVED, FACTS)} == {
        "H100": 400 - len(runs[6::7]),
        "L4": len(runs[6::7]),
    }


def test_a_page_replays_no_more_than_it_can(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "MOST_RUNS", 500 + subject.PER_MACHINE)
    runs = lived("flux", 1, 400, warm=60, limit=2) + lived("studio", 2, 300, warm=60, limit=2)
    facts = {name: MachineFacts(60, 2) for name in ("flux", "studio")}
    found = keep_warm(population_of(runs), LIVED, facts)
    assert [(one.machine, one.why_not) for one in found] == [("flux", None), ("studio", "too-many")]
