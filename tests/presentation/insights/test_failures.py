"""The page of Failures: what it has of any history."""

import pytest

from dashboard.domain.insights.runs import InsightRun
from tests.domain.insights.failing import spread, with_new_version
from tests.domain.insights.histories import history, insight_run
from tests.presentation.insights.failing import page_of


@pytest.mark.parametrize(
    ("runs", "parts"),
    [
        ([], []),
        ([insight_run()], []),
        (spread(300, 0), []),
        (spread(3, 1), ["figures", "causes"]),
        (history(50), ["figures", "days", "causes"]),
        (with_new_version(), ["figures", "notice", "days", "causes"]),
    ],
    ids=["none", "one", "none failed", "few", "some", "a new version"],
)
def test_what_is_shown(runs: list[InsightRun], parts: list[str]) -> None:
    page = page_of(runs)
    shown = [name for name in ("figures", "notice", "days", "causes") if getattr(page, name)]
    assert shown == parts
    assert page.lead.rest
