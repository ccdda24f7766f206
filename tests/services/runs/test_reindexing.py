"""Runs that are indexed in the background."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from dashboard.management.commands import reindex
from dashboard.models import Run, SearchDocument, SharedState
from dashboard.services.runs import reindexing, run_search
from dashboard.services.runs.reindexing import Progress, index_older, progress
from dashboard.services.walks import Walk
from tests.builders import NOON, answer, store

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reindexing, "BATCH", 2)
    monkeypatch.setattr(reindexing, "MARKED_AT_ONCE", 2)
    monkeypatch.setattr(reindexing, "WALK", Walk("search", pause=0))


def runs(count: int) -> list[Run]:
    """Runs of an earlier release, oldest first."""
    made = [
        store(answer(created=NOON + timedelta(minutes=at), workflow_inputs={"prompt": "a storm"}))
        for at in range(count)
    ]
    SearchDocument.clear()
    return made


def found() -> list[Run]:
    return list(run_search.found(Run.objects.all(), "storm").newest())


def test_after_an_update_all_runs_are_indexed_newest_first() -> None:
    made = runs(5)
    assert found() == []
    turns = iter([False, True])
    assert index_older(lambda: next(turns)) == 2
    assert found() == made[:2:-1]
    assert progress() == Progress(2, 5)
    assert index_older() == 3
    assert found() == made[::-1]
    assert index_older() == 0


def test_a_request_has_all_indexed_again_and_they_stay_found_meanwhile() -> None:
    runs(5)
    index_older()
    assert reindexing.request_all() == 5
    assert (len(found()), progress().indexed) == (5, 0)
    assert index_older() == 5
    assert (len(found()), progress().indexed) == (5, 5)


def test_a_request_during_the_walk_starts_it_again() -> None:
    made = runs(5)
    turns = iter([False, True])
    index_older(lambda: next(turns))
    reindexing.request(Run.objects.filter(pk=made[-1].pk))
    assert index_older() == 4
    assert progress() == Progress(5, 5)


def test_documents_by_older_rules_are_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    runs(3)
    index_older()
    SearchDocument.objects.update(rules=99)
    SharedState.objects.filter(pk=reindexing.WALK.name).update(word="99 done")
    assert index_older() == 3
    assert progress() == Progress(3, 3)


def test_one_process_at_a_time_walks() -> None:
    runs(2)
    assert reindexing.WALK.claim()
    assert index_older() == 0
    SharedState.objects.filter(pk=reindexing.WALK.lease).update(at=NOON)  # it died long ago
    assert index_older() == 2


def test_the_command_marks_all_or_does_it_with_its_progress() -> None:
    runs(3)
    said = StringIO()
    call_command("reindex", stdout=said)
    assert said.getvalue() == "3 runs to index. Watchers do it, newest first.\n"
    assert found() == []
    said = StringIO()
    call_command("reindex", "--wait", stdout=said)
    assert said.getvalue() == "\rIndexed 0 of 3 runs.\rIndexed 3 of 3 runs.\n"
    assert len(found()) == 3


def test_the_command_waits_while_another_process_is_at_it(monkeypatch: pytest.MonkeyPatch) -> None:
    runs(2)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:  # the other process is done, or has died
            SharedState.objects.filter(pk=reindexing.WALK.lease).update(at=NOON)

    assert reindexing.WALK.claim()
    monkeypatch.setattr(reindex.time, "sleep", sleep)
    call_command("reindex", "--wait", stdout=StringIO())
    assert slept[:2] == [1.0, 1.0]
    assert len(found()) == 2
