"""Which runs Insights count, and how many they leave out."""

from datetime import timedelta

import pytest

from dashboard.domain.insights.runs import LeftOut, population_of
from tests.domain.insights.histories import history, insight_run

OUT = [
    ({"origin": "workspace"}, LeftOut(workspace=1)),
    ({"status": "timeout", "ended": None}, LeftOut(assumed_timeout=1)),
    ({"out_of_range": True}, LeftOut(out_of_range=1)),
    ({"origin": "workspace", "out_of_range": True}, LeftOut(workspace=1)),
    ({"origin": None}, LeftOut()),
    ({"status": "timeout"}, LeftOut()),
    ({"status": "running", "finished": False, "ended": None}, LeftOut()),
]


@pytest.mark.parametrize(("columns", "left_out"), OUT)
def test_what_is_left_out_is_counted_once(columns: dict[str, object], left_out: LeftOut) -> None:
    found = population_of([insight_run(**columns)])
    assert found.left_out == left_out
    assert len(found.runs) == 1 - left_out.total


def test_every_run_is_counted_or_left_out() -> None:
    runs = history(2_000)
    found = population_of(runs)
    kinds = [len(found.of_kind(kind)) for kind in ("cold", "warm", "unknown")]
    assert sum(kinds) == len(found.runs) == len(runs) - found.left_out.total
    assert min(*kinds, found.left_out.workspace, found.left_out.assumed_timeout) > 0


def test_runs_keep_their_order() -> None:
    runs = history(50)
    found = [run.created for run in population_of(runs).runs]
    assert found == sorted(found)
    assert found[-1] - found[0] > timedelta(days=1)
