"""Warnings of a run in sentences."""

from dataclasses import replace

import pytest

from dashboard.presentation.format import THIN
from dashboard.presentation.run.warning_text import warning_texts
from tests.timed_run import done


@pytest.mark.parametrize(
    ("word", "part"),
    [
        ("negative-run", "Run: the times are out of order"),
        ("absurd-total", "Total: the value is over 366 days"),
        ("timestamps-disagree", "Cold start 7.8 s, ComfyDeploy reports 12.6 s"),
        ("timeout-not-final", "assumes this timeout"),
        ("unknown-status", "a status that we do not know"),
        ("unsafe-url", "neither http nor https"),
    ],
)
def test_every_warning_is_a_sentence(word: str, part: str) -> None:
    run = replace(done(1.0, 7.8, 32.0), cold_start=12.6, warnings=(word,))
    assert any(part in text.text.replace(THIN, " ") for text in warning_texts(run))


def test_an_end_that_is_not_reported_is_estimated() -> None:
    run = replace(done(), ended_at=None, run=None, total=None)
    found = warning_texts(run)[-1]
    assert found.text == "No end was reported: it ended before "
    assert (found.at, found.rest) == (run.updated_at, ", estimated.")
