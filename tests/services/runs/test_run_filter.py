"""Which runs a filter lets through."""

from dataclasses import replace

import pytest

from dashboard.domain.filters.query import parse
from dashboard.services.runs import labels
from dashboard.services.runs.run_filter import RunFilter
from tests.builders import answer, running, store

pytestmark = pytest.mark.django_db


def asked(**pairs: str) -> RunFilter:
    return RunFilter(query=parse(pairs.items()))


def test_without_a_filter_the_ended_runs_are_listed() -> None:
    ended, live = store(answer()), store(running())
    assert not RunFilter().any
    assert list(RunFilter().runs()) == [ended]
    assert list(asked(status="live").runs()) == [live]


def test_a_tag_lists_live_runs_too_and_joins_with_a_star() -> None:
    ended, live = store(answer()), store(running())
    for run in (ended, live):
        labels.add_tag(run, "hero", None)
    labels.set_star(live, True, None)
    untagged = store(answer())
    assert set(asked(tag="Hero").runs()) == {ended, live}
    assert list(asked(tag="hero", starred="1").runs()) == [live]
    assert list(asked(tag="-").runs()) == [untagged]
    assert set(RunFilter(query=parse([("starred!", "1")])).runs()) == {ended, untagged}


def test_a_search_finds_ids_their_beginnings_and_titles() -> None:
    run, other = store(answer()), store(answer())
    labels.set_title(other, "Lighthouse", None)
    assert list(asked(q=str(run.uuid)).runs()) == [run]
    assert list(asked(q=f"Run {run.short_id}").runs()) == [run]
    assert list(asked(q="light").runs()) == [other]


def test_pasted_ids_go_before_anything_else() -> None:
    run = store(answer())
    store(answer())
    assert list(replace(asked(q="nothing"), pasted=(run.uuid,)).runs()) == [run]
