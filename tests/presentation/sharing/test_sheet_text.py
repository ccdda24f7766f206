"""A sheet in words."""

from datetime import UTC, datetime

import pytest

from dashboard.domain.sharing import ALL_SCOPES
from dashboard.presentation.sharing.sheet_text import (
    SHEET_SCOPES,
    SheetCounts,
    counts_text,
    sheet_card,
    sheet_preview_text,
)

ENDS = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (SheetCounts(1, 1, 0, 0, 0), "1 run"),
        (SheetCounts(12, 12, 0, 0, 1), "12 runs, 1 output"),
        (SheetCounts(12, 9, 2, 1, 40), "12 runs, 40 outputs, 2 failed, 1 live"),
    ],
)
def test_what_there_is_is_counted(counts: SheetCounts, words: str) -> None:
    assert counts_text(counts) == words


def test_a_preview_tells_runs_outputs_and_the_end() -> None:
    counts = SheetCounts(12, 12, 0, 0, 40)
    assert sheet_preview_text(counts, ENDS) == "12 runs. 40 outputs. Shared until 30 Nov."


def test_a_card_is_green_where_every_run_is_done() -> None:
    assert sheet_card("A", SheetCounts(2, 2, 0, 0, 0)).tone == "done"
    assert sheet_card("A", SheetCounts(2, 1, 1, 0, 0)).tone == "neutral"
    assert sheet_card("A", SheetCounts(0, 0, 0, 0, 0)).tone == "neutral"


def test_the_checkboxes_are_those_of_one_run() -> None:
    assert tuple(scope.name for scope in SHEET_SCOPES) == ALL_SCOPES
