"""The words of Failures: headline, figures, and what is new."""

from datetime import timedelta

import pytest

from dashboard.domain.insights.runs import InsightRun
from dashboard.presentation.insights.cold_text import Figure
from tests.domain.insights.failing import failing, spread, with_new_version
from tests.domain.insights.histories import PERIOD, insight_run
from tests.presentation.insights.failing import page_of, plain


def lead(runs: list[InsightRun]) -> tuple[str, str]:
    found = page_of(runs).lead
    return plain(found.value + found.rest), plain(found.below)


def test_what_is_new_is_the_headline() -> None:
    found = page_of(with_new_version()).lead
    assert found.value == "18 of 36"
    assert found.rest == " failures are new since lighthouse-flux v15: Model file not found"
    assert plain(found.below) == "36 of 990 ended runs failed or timed out: 3.6 % (2.6 to 5.0 %)."


def of(*statuses: str) -> list[InsightRun]:
    return [
        insight_run(id=n, status=status, finished=status != "running")
        for n, status in enumerate(statuses)
    ]


LEADS = [
    ([], "No run has ended in this time", ""),
    (
        of("running", "cancelled", "cancelled"),
        "No run has ended in this time",
        "2 cancelled runs are left out. 1 run has not ended.",
    ),
    (
        spread(41, 0),
        "No run failed in this time",
        "With 41 runs the share may still be up to 8.6 %.",
    ),
    (of("success"), "No run failed in this time", "1 run ended."),
    (
        of("success", "failed", "timeout"),
        "2 of 3 ended runs failed or timed out",
        "Under 5 runs no share is computed.",
    ),
    (
        [*spread(100, 20), *of("running")],
        "5.0 % of 100 ended runs failed or timed out",
        "5 runs; 95 % interval: 2 to 11 %. 1 run has not ended.",
    ),
    (
        of(*["failed"] * 6, "cancelled"),
        "All 6 ended runs failed or timed out",
        "6 runs; 95 % interval: 61 to 100 %. 1 cancelled run is left out.",
    ),
]


@pytest.mark.parametrize(("runs", "rest", "below"), LEADS)
def test_headlines(runs: list[InsightRun], rest: str, below: str) -> None:
    assert lead(runs) == (rest, below)


def one_new(*others: InsightRun, **columns: object) -> list[InsightRun]:
    """A version's run that fails, beside the version before."""
    own = {"version": "v15", "error_cause": "", "error_digest": "new", **columns}
    return [
        insight_run(id=1, version="v14"),
        *others,
        failing(3, True, created=PERIOD.end - timedelta(hours=2), **own),
    ]


def test_a_failure_alone() -> None:
    assert lead(one_new())[0] == (
        "The only failure is new since lighthouse-flux v15: torch.OutOfMemoryError"
    )
    two = one_new(failing(2, True, version="v14", error_cause="cuda", error_digest="a"))
    assert lead(two)[0].startswith("1 of 2 failures is new since")
    unknown = page_of(one_new(), error_type="").lead
    assert unknown.rest.endswith("v15: Other error")


def test_the_notice_of_what_is_new() -> None:
    notice = page_of(with_new_version(), error_type="", message="Value not in list").notice
    assert notice is not None
    assert (notice.title, notice.error) == ("Model file not found.", "Value not in list")
    assert plain(notice.text) == (
        "First failed on 26 Nov, 1 h after the first run of v15; "
        "the other 72 runs of v15 ended without it."
    )
    assert notice.advice.startswith("Check the file name")
    assert (notice.button, notice.word) == ("Show the 18 runs", "missing-model")
    assert notice.version == ("lighthouse", "v15")


def test_the_notice_of_one_run() -> None:
    notice = page_of(one_new()).notice
    assert notice is not None
    assert notice.text == (
        "First failed on 29 Nov, in the first run of v15; no run of v15 ended without it."
    )
    assert (notice.advice, notice.button) == ("", "Show the run")
    two = one_new(insight_run(id=2, version="v15", created=PERIOD.end - timedelta(hours=3)))
    other = page_of(two).notice
    assert other is not None and "the other run of v15 ended without it" in other.text


def test_the_button_counts_what_a_filter_can_show() -> None:
    """It cannot tell texts of one cause apart, nor errors without a known cause."""
    own = {"version": "v15", "created": PERIOD.end - timedelta(hours=1)}
    for word, text in (
        ("cuda", "Show the 2 runs with this cause"),
        ("", "Show the 2 failed runs of v15"),
    ):
        more = failing(4, True, error_cause=word, error_digest="also", **own)
        notice = page_of(one_new(more, error_cause=word)).notice
        assert notice is not None and (notice.button, notice.word) == (text, word)


def told(figures: tuple[Figure, ...]) -> dict[str, tuple[str, ...]]:
    return {
        one.label: tuple(plain(text) for text in (one.value, one.delta, one.tone, one.was))
        for one in figures
    }


def before(count: int, fails: int) -> list[InsightRun]:
    return [
        run._replace(created=run.created - timedelta(days=30), id=50_000 + run.id, version="v14")
        for run in spread(count, fails)
    ]


def test_the_figures() -> None:
    runs = [*with_new_version(), insight_run(id=1_000_000, status="timeout", version="v14")]
    assert told(page_of(runs, before(900, 100)).figures) == {
        "Failed or timed out": ("3.7 %", "+2.7 points", "up", "1.0 % in the 30 days before"),
        "Failed": ("36", "+27 runs", "same", "stopped by an error"),
        "Timed out": ("1", "+1 run", "same", "on flux-h100-eu"),
        "lighthouse-flux v15": (
            *("20 %", "against 2.1 % in v14", "up"),
            "18 of 90 runs, 13 to 29 %",
        ),
        "GPU money in failed runs": ("$1.04", "estimate", "same", "of $27.80 for all runs"),
    }


def test_without_a_time_before_or_a_price_figures_say_so() -> None:
    runs = [run._replace(cost_micros=None) for run in spread(100, 10)]
    found = told(page_of(runs).figures)
    assert found["Failed or timed out"] == ("10 %", "no period before", "same", "")
    assert found["Failed"][1] == "no period before"
    assert found["Timed out"] == ("0", "no period before", "same", "")
    assert found["GPU money in failed runs"] == ("—", "no price known", "same", "")
    assert len(found) == 4


def test_a_change_within_chance_has_no_colour() -> None:
    found = told(page_of(spread(100, 10), before(100, 12)).figures)
    assert found["Failed or timed out"][1:3] == ("+1.0 points, within chance", "same")
    few = told(page_of(spread(100, 10), before(3, 1)).figures)
    assert few["Failed or timed out"][1:] == ("too few to compare", "same", "")
    same = told(page_of(spread(100, 10), before(100, 10)).figures)
    assert same["Failed"][1] == "as many as before"


def test_several_machines_of_timeouts_are_counted() -> None:
    runs = [
        insight_run(id=n, status="timeout", machine=machine)
        for n, machine in enumerate(("flux", "flux", None))
    ]
    assert told(page_of(runs).figures)["Timed out"][3] == "on 2 machines"
    assert told(page_of(runs[:2]).figures)["Timed out"][3] == "all on flux-h100-eu"
    assert told(page_of(runs[2:]).figures)["Timed out"][3] == "machine not reported"


def test_money_is_for_those_who_may_see_it() -> None:
    assert "GPU money in failed runs" not in told(page_of(spread(50, 5), costs=False).figures)
