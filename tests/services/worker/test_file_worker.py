"""The file worker: copies what is due, and releases what it has not finished."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import Error
from django.utils import timezone

from dashboard.models import Run, StoredFile
from dashboard.services.worker.file_worker import FileWorker
from tests.patience import PATIENCE
from tests.stored_files import on_disk, picture, prepare, run_with, whole
from tests.wire import Wire, answer, drip

pytestmark = pytest.mark.django_db(transaction=True)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def test_it_copies_files_and_removes_those_of_removed_runs(settings: Any, tmp_path: Path) -> None:
    failures: list[Error] = []
    with Wire(answer(picture())) as wire:
        prepare(settings, tmp_path, wire.url.removesuffix("/api"))
        run_with(f"{settings.LOCAL_FILES_ORIGIN}/a.png")
        worker = FileWorker(failures.append)
        worker.start()
        try:
            until(lambda: StoredFile.objects.filter(reason="").exists())
            assert whole(StoredFile.objects.get())
        finally:
            worker.stop()
    Run.objects.all().delete()
    settings.KEEP_OUTPUTS = "none"
    remover = FileWorker(failures.append)
    remover.start()
    try:
        until(lambda: not StoredFile.objects.exists())
    finally:
        remover.stop()
    assert (on_disk(tmp_path), failures) == ([], [])


def test_a_file_that_is_not_finished_is_due_at_once(settings: Any, tmp_path: Path) -> None:
    failures: list[Error] = []
    with Wire(drip(answer(picture()), 0.5)) as wire:
        prepare(settings, tmp_path, wire.url.removesuffix("/api"))
        run_with(f"{settings.LOCAL_FILES_ORIGIN}/a.png")
        worker = FileWorker(failures.append)
        worker.start()
        until(lambda: StoredFile.objects.filter(token__isnull=False).exists())
        until(lambda: bool(worker._unfinished))
        worker.stop()
        row = StoredFile.objects.get()
    assert row.token is None
    assert row.next_at is not None and row.next_at <= timezone.now()
