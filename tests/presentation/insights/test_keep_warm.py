"""What the page of keeping warm says of each machine."""

from dataclasses import replace
from datetime import UTC, timedelta
from decimal import Decimal

import pytest

from dashboard.domain.insights.keep_warm import KeptWarm, MachineFacts, keep_warm
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.domain.insights.shares import Interval
from dashboard.presentation.format import THIN
from dashboard.presentation.insights.keep_warm import KeepWarmText, MachineText, keep_warm_text
from dashboard.presentation.insights.numbers import percent, percents
from dashboard.presentation.insights.warm_numbers import (
    dollars_between,
    minutes,
    signed_dollars,
    waiting_text,
    worth_text,
)
from tests.domain.insights.histories import BEGIN, insight_run
from tests.domain.insights.lived import DAYS, lived

PERIOD = Period(BEGIN, BEGIN + timedelta(days=DAYS), UTC, BEGIN)
FACTS = MachineFacts(60, 2)
RUNS = lived("flux", 1, 510, warm=60, limit=2)


def kept(runs: list[InsightRun] = RUNS, facts: MachineFacts = FACTS) -> list[KeptWarm]:
    return keep_warm(population_of(runs), PERIOD, {"flux": facts})


def said(found: list[KeptWarm], worth: str = "1.00", *, costs: bool = True) -> KeepWarmText:
    return keep_warm_text(found, {"flux": "flux-eu"}, Decimal(worth), DAYS, costs=costs)


def only(runs: list[InsightRun] = RUNS, facts: MachineFacts = FACTS) -> MachineText:
    (machine,) = said(kept(runs, facts)).machines
    return machine


def plain(text: str) -> str:
    return text.replace(THIN, " ")


def fit(machine: MachineText) -> str:
    assert machine.fit
    return plain(f"{machine.fit.strong} {machine.fit.text}".strip())


def test_a_machine_that_fits_is_told_whole() -> None:
    found = said(kept())
    assert plain(found.headline) == (
        "Keeping flux-eu warm for longer would cost at least $1.95 per minute of waiting it avoids"
    )
    assert plain(found.sub) == (
        "We replay the runs of 30 days as they came, with another warm time, and count cold "
        "starts and paid GPU seconds. Nothing is changed in ComfyDeploy. At $1.00 a minute, "
        "today’s 60 s on flux-eu is already the cheapest choice."
    )
    (machine,) = found.machines
    assert plain(machine.heading) == (
        "flux-eu: 120 s instead of 60 s avoids 35 s of waiting a day for $1.15"
    )
    assert machine.intro.startswith("H100 at $0.002338/s, at most 2 containers. 510 runs of 30")
    assert machine.intro.endswith("Grey lines: 95 % interval, from drawing the days again.")
    assert fit(machine) == (
        "Replaying your 510 runs at today’s 60 s gives 56 % cold; observed 56 %: the model fits."
    )
    assert len(machine.charts) == 2 and [row.is_today for row in machine.rows].index(True) == 3


def test_rows_tell_what_is_avoided_and_what_it_costs() -> None:
    rows = {plain(row.warm): row for row in only().rows}
    today, longer, shorter = rows["60 s"], rows["120 s"], rows["2 s"]
    assert (today.avoided, today.extra, today.per_minute) == ("as now", "$2.72 a day", "—")
    assert (longer.avoided, longer.extra, longer.per_minute) == ("0.6", "+$1.15", "$1.95")
    assert (shorter.avoided, shorter.extra) == ("−1.9", "−$1.25")
    assert shorter.per_minute == "saves $0.657"
    assert longer.is_strong and not shorter.is_strong
    assert [row.is_cheapest for row in rows.values()].count(True) == 1 and today.is_cheapest
    assert longer.per_minute_between == "$1.48 to $2.76" and today.extra_between == ""


def test_the_worth_says_which_is_cheapest() -> None:
    text = plain(said(kept(), "5").sub)
    assert "At $5.00 a minute, 120 s instead of today’s 60 s on flux-eu would be cheapest." in text
    (row,) = [one for one in said(kept(), "5").machines[0].rows if one.is_cheapest]
    assert plain(row.warm) == "120 s"


def test_without_costs_there_is_no_money() -> None:
    found = said(kept(), costs=False)
    assert found.headline == "Keeping warm" and "$" not in repr(found) and not found.advised
    assert plain(found.machines[0].heading).endswith("avoids 35 s of waiting a day")


def test_a_headline_is_no_finding_within_chance() -> None:
    (one,) = kept()
    times = tuple(replace(each, avoided_interval=Interval(-1.0, 2.0)) for each in one.times)
    found = said([replace(one, times=times)])
    assert found.headline == "Keeping warm" and found.machines[0].heading == "flux-eu"
    assert not any(row.is_strong for row in found.machines[0].rows)


def test_longer_that_saves_money_is_told() -> None:
    (one,) = kept()
    times = tuple(
        replace(each, extra=-each.extra, per_minute=each.per_minute and -each.per_minute)
        if each.extra and each.seconds > 60
        else each
        for each in one.times
    )
    found = said([replace(one, times=times)])
    assert found.headline == "Keeping flux-eu warm for longer would avoid waiting at no extra cost"
    assert found.machines[0].heading.endswith("of waiting a day and costs $1.15 less")
    assert found.machines[0].rows[4].per_minute == "costs nothing more"


@pytest.mark.parametrize(
    ("facts", "strong", "why"),
    [
        (MachineFacts(2, 2), "not all runs of this machine are known here", "in these 30 days"),
        (MachineFacts(1_200, 2), "not all runs of this machine", "It went cold more often"),
        (MachineFacts(60, 2, unexplained=0.2), "explains 20 % of its containers", "Follow its"),
    ],
)
def test_where_the_replay_does_not_hold_there_is_no_advice(
    facts: MachineFacts, strong: str, why: str
) -> None:
    machine = only(facts=facts)
    assert machine.heading == "flux-eu: no advice" and not machine.rows and not machine.charts
    assert machine.fit and machine.fit.is_warning and machine.fit.action == "follow"
    assert strong in fit(machine) and why in fit(machine)
    assert plain(machine.intro) == f"H100, set to {facts.stays_warm:,} s. 510 runs of 30 days."


def test_few_runs_are_too_few() -> None:
    machine = only(RUNS[:91])
    assert machine.heading == "flux-eu: no advice yet"
    assert plain(machine.intro).startswith("H100, set to 60 s. 91 runs of 30 days, ")
    assert fit(machine) == (
        "91 runs are too few. A replay needs 200. A longer time may hold enough."
    )
    assert fit(only(RUNS[:1])).startswith("1 run is too few.")
    some = [*RUNS[:9], RUNS[9]._replace(run=None)]
    assert fit(only(some)).startswith("9 runs with times are too few.")


def test_an_unknown_setting_leaves_the_table() -> None:
    machine = only(facts=MachineFacts())
    assert machine.heading == "flux-eu: today’s setting is not known"
    assert fit(machine).startswith("This server’s key may not read machines, so today’s setting")
    assert machine.rows and not any(row.extra or row.avoided for row in machine.rows)
    assert "Grey lines" not in machine.intro and not machine.charts


def test_an_unknown_price_leaves_the_table_without_cost() -> None:
    machine = only([run._replace(price=None) for run in RUNS])
    assert fit(machine).endswith("No price is known for H100, so no cost is given.")
    assert machine.rows and not machine.costs and not machine.charts


def test_an_own_machine_has_nothing_to_compute() -> None:
    runs = [insight_run(id=n, start_kind="unknown", cold_start=None, price=None) for n in range(62)]
    machine = only(runs, MachineFacts(own=True))
    assert machine.heading == "flux-eu: nothing to compute" and machine.fit is None
    assert machine.intro == (
        "Own machine. 62 runs of 30 days, start times not reported, no price known."
    )


def test_two_gpus_of_a_machine_are_told_apart() -> None:
    runs = [run._replace(gpu="L4") if run.id % 2 else run for run in RUNS]
    assert [one.heading.partition(":")[0] for one in said(kept(runs)).machines] == [
        "flux-eu on H100",
        "flux-eu on L4",
    ]


def test_no_runs_are_no_machines() -> None:
    found = said([])
    assert found.headline == "Keeping warm" and found.machines == ()


def test_numbers() -> None:
    assert [minutes(seconds) for seconds in (0, 2.4, -2.4, 30, -204)] == [
        *("0.0", "0.04", "−0.04", "0.5", "−3.4")
    ]
    assert [plain(percent(share)) for share in (0, 0.001, 0.364, 0.999, 1)] == [
        *("0 %", "1 %", "36 %", "99 %", "100 %")
    ]
    assert plain(percents(Interval(0.316, 0.404))) == "32 to 40 %"
    assert [signed_dollars(Decimal(text)) for text in ("0.7384", "-11.254", "0")] == [
        *("+$0.738", "−$11.25", "$0")
    ]
    assert dollars_between(Interval(-0.5, 1.25)) == "−$0.500 to +$1.25"
    assert [plain(waiting_text(seconds)) for seconds in (0.4, 28.6, 80)] == [
        *("400 ms", "29 s")
    ] + ["1 m\u00a020 s"]
    assert [worth_text(Decimal(text)) for text in ("1", "0.125", "2.5000")] == [
        *("1.00", "0.125", "2.50")
    ]
