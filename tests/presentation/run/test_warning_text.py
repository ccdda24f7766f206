"""Warnings of a run in sentences."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.presentation.format import THIN
from dashboard.presentation.run.warning_text import warning_texts
from tests.timed_run import at, done


@pytest.mark.parametrize(
    ("word", "part"),
    [
        ("negative-run", "Run unknown: its times are out of order"),
        ("absurd-total", "Total ignored: longer than 366 days"),
        ("timestamps-disagree", "Cold start 12.6 s, 7.8 s by timestamps"),
        ("timeout-not-final", "may still finish"),
        ("started-after-end", "the start again after the end"),
        ("unknown-status", "Unknown status from ComfyDeploy"),
        ("unsafe-url", "neither http nor https"),
    ],
)
def test_every_warning_is_a_sentence(word: str, part: str) -> None:
    run = replace(done(1.0, 7.8, 32.0), cold_start=12.6, warnings=(word,))
    assert any(part in text.text.replace(THIN, " ") for text in warning_texts(run, at(60)))


def test_an_end_that_is_not_reported_is_estimated() -> None:
    run = replace(done(), ended_at=None, run=None, total=None)
    found = warning_texts(run, at(60))[-1]
    assert found.text == "End not reported; estimated before "
    assert (found.at, found.rest) == (run.updated_at, ".")


@pytest.mark.parametrize(("days", "said"), [(1, True), (6.9, True), (7, False), (13, False)])
def test_a_run_may_come_back_for_a_week(days: float, said: bool) -> None:
    run = replace(done(), status="timeout", ended_at=None, warnings=("timeout-not-final",))
    assert run.updated_at
    texts = warning_texts(run, run.updated_at + timedelta(days=days))
    assert any("may still finish" in text.text for text in texts) == said


def test_a_start_after_the_end_explains_the_times_that_are_out_of_order() -> None:
    run = replace(done(), warnings=("negative-run", "started-after-end"))
    assert len(warning_texts(run, at(60))) == 1


@pytest.mark.parametrize(
    ("total", "said"),
    [(44.9, ""), (45.8, ""), (47.0, "2.1 s less"), (40.0, "4.9 s more")],
)
def test_phases_that_do_not_fill_the_total_are_told(total: float, said: str) -> None:
    texts = [each.text.replace(THIN, " ") for each in warning_texts(done(total=total), at(100))]
    assert texts == ([f"The phases add up to {said} than the total."] if said else [])
