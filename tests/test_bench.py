"""A bench whose figures are missed says which, and fails."""

import pytest

from tests.bench import musts


@pytest.fixture(autouse=True)
def _none_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(musts, "missed", [])


def test_figures_that_hold_end_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert musts.must("queries", 6, 6) == "must be <= 6"
    assert musts.outcome() == 0
    assert capsys.readouterr().out == ""


def test_one_figure_that_is_missed_fails_the_bench(capsys: pytest.CaptureFixture[str]) -> None:
    musts.must("queries", 6, 6)
    assert musts.must("blocked", 51.2, 50, " ms") == "must be <= 50 ms: MISSED"
    assert musts.outcome() == 1
    assert capsys.readouterr().out == "MISSED blocked: 51.2 ms, must be <= 50 ms\n"
