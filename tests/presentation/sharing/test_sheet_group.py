"""The caption of a run on a sheet: the first name that may be told, and only given facts."""

from datetime import UTC, datetime

import pytest

from dashboard.domain.sharing import OUTPUTS, RedactedRun
from dashboard.presentation.sharing.sheet_group import SheetGroup, sheet_group

NOW = datetime(2026, 11, 23, 14, 9, tzinfo=UTC)


def group(**given: object) -> SheetGroup:
    run = RedactedRun(**{"status": "success", "finished": True, **given})  # type: ignore[arg-type]
    return sheet_group(run, {OUTPUTS}, NOW, 2)


@pytest.mark.parametrize(
    ("given", "title", "below"),
    [
        ({}, "Run 3", []),
        ({"workflow_name": "flux"}, "flux", []),
        ({"workflow_name": "flux", "prompt": "a cat"}, "a cat", ["flux"]),
        (
            {"workflow_name": "flux", "prompt": "a cat", "label": "Final"},
            "Final",
            ["flux", "a cat"],
        ),
        ({"prompt": "a cat", "label": "a cat"}, "a cat", []),
    ],
)
def test_the_title_is_the_first_that_may_be_told(
    given: dict[str, object], title: str, below: list[str]
) -> None:
    made = group(**given)
    assert (made.title, made.below) == (title, below)


def test_facts_are_those_that_are_given() -> None:
    assert group().facts == []
    facts = [fact.replace("\u202f", " ") for fact in group(total=44.9, cold_start=31.2).facts]
    assert facts == ["44.9 s total", "31.2 s cold start"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Finished without outputs."),
        ({"status": "failed"}, "No outputs before the run ended."),
        ({"status": "running", "finished": False}, "Outputs appear here as they finish."),
    ],
)
def test_a_run_without_outputs_says_so(given: dict[str, object], words: str) -> None:
    assert group(**given).without == words


def test_nothing_is_said_of_outputs_that_are_not_shared() -> None:
    run = RedactedRun(status="success", finished=True)
    assert sheet_group(run, (), NOW, 0).without == ""


def test_a_live_run_has_its_percentage_unless_it_is_out_of_date() -> None:
    run = RedactedRun(status="running", progress=0.43)
    assert sheet_group(run, (), NOW, 0).percent == 43
    lost = sheet_group(run, (), NOW, 0, lost=True)
    assert lost.percent is None
    assert lost.words.word != sheet_group(run, (), NOW, 0).words.word


def test_the_parts_of_one_run_have_anchors_of_their_own() -> None:
    run = RedactedRun(status="success", finished=True)
    assert sheet_group(run, (), NOW, 4).anchor == "run-4"
    assert sheet_group(run, (), NOW, 4, first=7).anchor == "run-4-on"
