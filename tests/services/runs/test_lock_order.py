"""Rows are locked in the order of their keys, so that no two processes wait for each other."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.utils import timezone

from dashboard.domain.listing import ListedRun
from dashboard.models import Run, SearchDocument
from dashboard.services.machines import queue_splits, recosting
from dashboard.services.runs import listed, names, reindexing
from dashboard.services.runs.claims import claim
from dashboard.services.runs.store import Answer, store_answers
from dashboard.services.walks import Walk
from dashboard.upstream.reader import read_run
from tests.builders import answer, body, store

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
WORKFLOW, MACHINE, VERSION = str(UUID(int=1)), str(UUID(int=2)), str(UUID(int=3))
CONTAINER = UUID(int=5)
IDS = {
    "workflow_id": WORKFLOW,
    "machine_id": MACHINE,
    "workflow_version_id": VERSION,
    "gpu_event_id": str(CONTAINER),
}


def rows() -> list[ListedRun]:
    runs = Run.objects.order_by("-pk")
    return [ListedRun(run.uuid, "success", None, batch_id=str(UUID(int=4))) for run in runs]


def request() -> None:
    with transaction.atomic():
        reindexing.request(Run.objects.all())


WAYS: dict[str, Callable[[], object]] = {
    "workflow": lambda: names.take("workflow", {WORKFLOW: "harbour"}, timezone.now()),
    "machine": lambda: names.take("machine", {MACHINE: "a100"}, timezone.now()),
    "version": lambda: names._store_version(VERSION, b"{}", timezone.now()),
    "list": lambda: listed._store_new(rows(), (), timezone.now()),
    "batch": lambda: listed._add_missing(
        rows(), {run.uuid: run for run in Run.objects.all()}, timezone.now()
    ),
    "request": request,
    "walk": lambda: reindexing.index_older(seconds=0.1),
    "containers": lambda: queue_splits.split_of_containers([CONTAINER]),
    "costs": lambda: recosting.work_out(seconds=0.1),
}


def attempt(way: Callable[[], object], errors: list[Exception]) -> None:
    try:
        way()
    except Exception as error:
        errors.append(error)
    finally:
        connection.close()


@pytest.mark.parametrize("name", WAYS)
def test_the_first_is_waited_for_while_no_other_is_held(name: str) -> None:
    made = [store(answer(**IDS)).pk for _ in range(5)]
    first, last = made[0], made[-1]
    table = SearchDocument if name == "request" else Run
    SearchDocument.objects.update(rules=0)
    # In its table the first row stands behind the others now.
    Run.objects.filter(pk=first).update(extras_version=1)
    SearchDocument.objects.filter(pk=first).update(rules=1)
    errors: list[Exception] = []
    other = threading.Thread(target=attempt, args=(WAYS[name], errors))
    with transaction.atomic():
        table.objects.select_for_update().get(pk=first)
        other.start()
        other.join(0.5)
        assert other.is_alive()
        table.objects.select_for_update(nowait=True).get(pk=last)
    other.join(20)
    assert not other.is_alive() and not errors


def reindex(_: int) -> None:
    reindexing.request_all()
    reindexing.index_older(seconds=0.1)


def rename(number: int) -> None:
    names.take("workflow", {WORKFLOW: f"harbour {number}"}, timezone.now())
    names.take("machine", {MACHINE: f"a{number}"}, timezone.now())


def record(number: int) -> None:
    """Stores answers about several runs at once, the newest first."""
    now = timezone.now() + timedelta(seconds=number)
    answers = []
    for run in Run.objects.order_by("-pk")[::2]:
        if token := claim(run, now, even_if_not_due=True):
            run.refresh_from_db()
            told = answer(run.uuid, **IDS, workflow_inputs={"prompt": f"storm {number}"})
            answers.append(Answer(run, token, now, read_run(body(told), run.uuid)))
    if answers:
        store_answers(answers, lambda *_: None)


def test_stores_and_new_names_beside_a_reindex_never_deadlock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reindexing, "BATCH", 7)
    monkeypatch.setattr(reindexing, "WALK", Walk("search", pause=0))
    for _ in range(12):
        store(answer(**IDS))
    errors: list[Exception] = []
    until = time.monotonic() + 3

    def repeated(step: Callable[[int], object]) -> None:
        number = 0
        while time.monotonic() < until and not errors:
            step(number := number + 1)

    threads = [
        threading.Thread(target=attempt, args=(partial(repeated, step), errors))
        for step in (reindex, rename, record)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not errors and not any(thread.is_alive() for thread in threads)
