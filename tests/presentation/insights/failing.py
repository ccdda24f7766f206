"""Pages of Failures, of invented runs."""

from dashboard.domain.insights.failures import FailureFigures, failure_figures
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.presentation.format import GAP, THIN
from dashboard.presentation.insights.failures import FailurePage, failure_page
from dashboard.presentation.insights.marks import Drawing, Text
from tests.domain.insights.failing import facts_of
from tests.domain.insights.histories import PERIOD

NAMES = {
    ("machine", "flux"): "flux-h100-eu",
    ("workflow", "lighthouse"): "lighthouse-flux",
}
ERROR = {
    "error_type": "torch.OutOfMemoryError",
    "message": "Allocation on device failed\nwhile loading",
    "node_id": "3",
    "node_type": "KSampler",
}


def figures_of(
    runs: list[InsightRun],
    before: list[InsightRun] | None = None,
    period: Period = PERIOD,
    **error: str,
) -> FailureFigures:
    now = population_of(run for run in runs if period.holds(run.created))
    facts = facts_of([*runs, *(before or [])], **{**ERROR, **error})
    return failure_figures(now, None if before is None else population_of(before), period, facts)


def page_of(
    runs: list[InsightRun],
    before: list[InsightRun] | None = None,
    period: Period = PERIOD,
    *,
    costs: bool = True,
    **error: str,
) -> FailurePage:
    figures = figures_of(runs, before, period, **error)
    return failure_page(figures, period, NAMES, lambda key: f"#{key.cause}", costs=costs)


def plain(text: str) -> str:
    return text.replace(THIN, " ").replace(GAP, " ")


def texts(drawing: Drawing) -> list[str]:
    return [plain(mark.text) for mark in drawing.marks if isinstance(mark, Text)]
