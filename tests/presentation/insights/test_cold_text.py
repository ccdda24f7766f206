"""The headline of cold starts, the sentence below it, and its five figures."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.domain.insights.cold_starts import ColdFigures, cold_figures
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.presentation.format import GAP, THIN
from dashboard.presentation.insights.cold_text import cold_figures_text, cold_lead
from tests.domain.insights.histories import PERIOD, cold_run, insight_run

UNKNOWN = {"start_kind": "unknown", "cold_start": None}
DAY = timedelta(days=1)


def figures_of(runs: list[InsightRun], past: list[InsightRun] | None = None) -> ColdFigures:
    before = None if past is None else population_of(past)
    return cold_figures(population_of(runs), before, PERIOD)


def plain(text: str) -> str:
    return text.replace(THIN, " ").replace(GAP, " ")


def lead(runs: list[InsightRun]) -> tuple[str, str]:
    found = cold_lead(figures_of(runs), 5)
    return plain(found.whole), plain(found.below)


def cold(count: int, seconds: float = 26.5) -> list[InsightRun]:
    return [cold_run(seconds, id=n) for n in range(count)]


def warm(count: int) -> list[InsightRun]:
    return [insight_run(id=1_000 + n) for n in range(count)]


def unknown(count: int, **columns: object) -> list[InsightRun]:
    return [insight_run(**UNKNOWN, **columns) for _ in range(count)]


@pytest.mark.parametrize(
    ("runs", "headline"),
    [
        (cold(9) + warm(16), "36 % of 25 starts were cold: 26.5 s instead of 2.0 s"),
        (cold(21) + warm(4), "84 % of 25 starts were cold: 26.5 s"),
        (cold(4) + warm(21), "16 % of 25 starts were cold"),
        (cold(30), "All 30 starts were cold: 26.5 s"),
        (warm(30), "None of 30 starts was cold"),
        (cold(1) + warm(1_999), "1 % of 2,000 starts were cold"),
        (cold(7) + warm(5), "7 of 12 starts were cold"),
        (cold(1) + warm(5), "1 of 6 starts was cold"),
        (cold(1), "The only start was cold"),
        (warm(1), "The only start was warm"),
        (unknown(62), "None of 62 runs reports when ComfyUI was up"),
        (unknown(1), "The only run does not report when ComfyUI was up"),
    ],
)
def test_the_headline(runs: list[InsightRun], headline: str) -> None:
    assert lead(runs)[0] == headline


CANCELLED = {"status": "cancelled"}
LIVE = {"status": "not-started", "finished": False, "ended": None}
MEANS = "Cold means that ComfyUI took more than 5 s to answer."
FEW = "Under 20 starts: each start is drawn, and no share, p50 or p90 is computed."


@pytest.mark.parametrize(
    ("runs", "below"),
    [
        (cold(30), MEANS),
        (
            [*cold(30), *unknown(2), *unknown(3, **CANCELLED), *unknown(4, **LIVE)],
            f"{MEANS} 9 of 39 runs are left out, not counted as warm: 2 report no times, "
            "3 were cancelled before that, 4 have not started yet.",
        ),
        (
            [*cold(30), *unknown(1, **LIVE)],
            f"{MEANS} 1 of 31 runs is left out, not counted as warm: 1 has not started yet.",
        ),
        (cold(7) + warm(5), f"{FEW} 95 % interval of the share: 32 to 81 %."),
        (cold(3), FEW),
        (
            [*cold(3), *unknown(1)],
            f"{FEW} 1 of 4 runs is left out, not counted as warm: 1 reports no times.",
        ),
        (unknown(5) + unknown(1, **CANCELLED), "5 report no times, 1 was cancelled before that."),
    ],
)
def test_what_is_below_it(runs: list[InsightRun], below: str) -> None:
    assert lead(runs)[1] == below


def test_the_headlines_number_stands_apart() -> None:
    found = cold_lead(figures_of(cold(9) + warm(16)), 5)
    assert plain(found.value) == "26.5 s"


def days_of(seconds: float, share: int, first: int, **columns: object) -> list[InsightRun]:
    """25 starts of each of 12 days, so many of them cold."""
    return [
        insight_run(
            id=day * 100 + n,
            created=PERIOD.begin + (first + day) * DAY,
            start_kind="cold" if n < share else "warm",
            cold_start=seconds + (n + day) % 3 if n < share else 2.0,
            **columns,
        )
        for day in range(12)
        for n in range(25)
    ]


def told(
    runs: list[InsightRun], past: list[InsightRun] | None, *, costs: bool = True
) -> dict[str, tuple[str, str, str, str]]:
    found = cold_figures_text(figures_of(runs, past), PERIOD, costs=costs)
    return {
        figure.label: (plain(figure.value), plain(figure.delta), figure.tone, plain(figure.was))
        for figure in found
    }


def test_what_is_beyond_chance_is_worse_or_better() -> None:
    slow, fast = days_of(30, 15, 0), days_of(20, 5, -20)
    worse = told(slow, fast)
    assert worse["Cold share"] == ("60 %", "+40.0 points", "up", "20 % in the 30 days before")
    assert worse["Cold start, p50"] == ("31.0 s", "+10.0 s", "up", "p90 32.0 s, 180 starts")
    better = told(days_of(20, 5, 0), days_of(30, 15, -20))
    assert better["Cold share"][1:3] == ("−40.0 points", "down")
    assert better["Cold start, p50"][1:3] == ("−10.0 s", "down")


def test_what_is_within_chance_is_neither() -> None:
    same = told(days_of(20, 10, 0), days_of(20, 10, -20))
    assert same["Cold share"][1:3] == ("+0.0 points, within chance", "same")
    assert same["Warm start, p50"][1:3] == ("+0.0 s, within chance", "same")


def test_totals_are_never_coloured() -> None:
    worse = told(days_of(30, 15, 0), days_of(20, 5, -20))
    assert worse["Time lost to cold starts"] == (
        "1 h 27 m",
        "+1 h 08 m",
        "same",
        "19 m 00 s in the 30 days before",
    )
    value, delta, tone, was = worse["Money lost, estimate"]
    assert (value, delta, tone) == ("$12.20", "+$9.54", "same")
    assert was == "of $8.42 for all runs"


def test_without_the_time_before_none_is_told() -> None:
    alone = told(days_of(30, 15, 0), None)
    assert {figure[1] for figure in alone.values()} == {"no period before"}
    assert alone["Cold share"][3] == "n 300, 54 to 65 %"


def test_a_time_before_of_few_runs_gives_no_change() -> None:
    found = told(days_of(30, 15, 0), days_of(30, 15, -20)[:3])
    assert found["Cold share"][1:3] == ("too few to compare", "same")
    assert found["Cold start, p50"][1] == "too few to compare"


def test_cold_starts_without_a_price_are_told() -> None:
    found = told(days_of(30, 15, 0, price=None), None)
    assert found["Money lost, estimate"][0] == "—"
    assert found["Money lost, estimate"][3] == "180 cold starts without a price"
    assert "Money lost, estimate" not in told(days_of(30, 15, 0), None, costs=False)


def test_nothing_lost_is_none_and_no_median_is_not_known() -> None:
    nothing = told(warm(30), None)
    assert nothing["Time lost to cold starts"][0] == "0 s"
    assert nothing["Money lost, estimate"][0] == "$0"
    assert told(cold(30), None)["Time lost to cold starts"][0] == "—"


def test_a_short_time_is_told_in_hours() -> None:
    runs = days_of(30, 15, 0)
    short = Period(PERIOD.begin, PERIOD.begin + timedelta(hours=24), UTC)
    figures = cold_figures(population_of(runs), population_of(days_of(20, 5, -9)), short)
    assert cold_figures_text(figures, short, costs=True)[0].was.endswith("in the 24 hours before")
    hour = Period(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 1, 1, tzinfo=UTC), UTC)
    assert cold_figures_text(figures, hour, costs=True)[0].was.endswith("in the hour before")
