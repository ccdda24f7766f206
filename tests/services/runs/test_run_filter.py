"""Which runs a filter lets through."""

import pytest

from dashboard.services.runs import labels
from dashboard.services.runs.run_filter import RunFilter
from tests.builders import answer, running, store

pytestmark = pytest.mark.django_db


def test_without_a_filter_the_ended_runs_are_listed() -> None:
    ended, live = store(answer()), store(running())
    assert not RunFilter().any
    assert list(RunFilter().runs()) == [ended]
    assert list(RunFilter(show="live").runs()) == [live]


def test_a_tag_lists_live_runs_too_and_joins_with_a_star() -> None:
    ended, live = store(answer()), store(running())
    for run in (ended, live):
        labels.add_tag(run, "hero", None)
    labels.set_star(live, True, None)
    assert set(RunFilter(tag="Hero").runs()) == {ended, live}
    assert list(RunFilter(tag="hero", starred=True).runs()) == [live]


def test_a_search_finds_ids_their_beginnings_and_titles() -> None:
    run, other = store(answer()), store(answer())
    labels.set_title(other, "Lighthouse", None)
    assert list(RunFilter(q=str(run.uuid)).runs()) == [run]
    assert list(RunFilter(q=f"Run {run.short_id}").runs()) == [run]
    assert list(RunFilter(q="light").runs()) == [other]


def test_pasted_ids_go_before_anything_else() -> None:
    run = store(answer())
    store(answer())
    assert list(RunFilter(pasted=(run.uuid,), q="nothing").runs()) == [run]
