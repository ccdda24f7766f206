"""A week in findings."""

import pytest

from dashboard.domain.insights.cold_starts import cold_figures
from dashboard.domain.insights.costs import cost_figures
from dashboard.domain.insights.failures import failure_figures
from dashboard.domain.insights.runs import WARM, population_of
from dashboard.domain.insights.speed import speed_of
from dashboard.presentation.insights.cold_starts import cold_page
from dashboard.presentation.insights.costs import cost_page
from dashboard.presentation.insights.failures import failure_page
from dashboard.presentation.insights.speed import KnownNodes, speed_page
from dashboard.presentation.insights.week import PLAIN, PageFindings, week_findings
from tests.domain.insights.histories import PERIOD, history


def findings(size: int, *, costs: bool) -> tuple[PageFindings, ...]:
    runs = population_of(run for run in history(size) if PERIOD.holds(run.created))
    figures = cold_figures(runs, None, PERIOD)
    paid = cost_figures(runs, None, PERIOD, tags={}, boots={})
    return week_findings(
        cold_page(figures, PERIOD, {}, {}, costs=costs, cold_after=5.0),
        speed_page(speed_of(runs.runs, WARM, {}), KnownNodes((), 0), PERIOD, {}),
        failure_page(
            failure_figures(runs, None, PERIOD, {}), PERIOD, {}, lambda _: "", costs=costs
        ),
        cost_page(
            paid,
            PERIOD,
            names={},
            people=None,
            workflow_url=lambda _: "",
            person_url=lambda _: "",
            tag_url=lambda _: "",
        )
        if costs
        else None,
    )


@pytest.mark.parametrize("size", [1, 50, 2_000])
def test_each_page_has_its_headline(size: int) -> None:
    found = findings(size, costs=True)
    assert [one.at for one in found][:3] == ["cold", "speed", "failures"]
    assert all(one.title.strip() for one in found)


def test_only_findings_stand_beside_headlines() -> None:
    for one in findings(2_000, costs=True):
        assert PLAIN.isdisjoint(one.more)


def test_money_is_in_it_for_those_who_may_see_it() -> None:
    assert [one.at for one in findings(400, costs=True)][-1] == "cost"
    told = findings(400, costs=False)
    assert "cost" not in [one.at for one in told]
    assert not any("$" in part for one in told for part in (one.title, one.text, *one.more))
