"""Many copies at once never fill the disk past its limit."""

import queue
import threading
from collections import namedtuple
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from dashboard.models import StoredFile
from dashboard.services.files import download, file_queue, file_store
from dashboard.services.worker import file_worker
from tests.stored_files import on_disk, prepare, run_with
from tests.wire import Wire, answer, chunked

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")
FILE = 1_000_000
FREE = 3_500_000
TOTAL = 10_000_000  # of which a tenth stays free


class Disk:
    """A disk that holds the folder alone; the least that was free of it is noted."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.others, self.least = folder, 0, FREE
        monkeypatch.setattr(file_store.shutil, "disk_usage", self.usage)
        add = file_store.PartialFile.add

        def added(part: file_store.PartialFile, piece: bytes) -> None:
            add(part, piece)
            part.flush()
            self.usage(folder)

        monkeypatch.setattr(file_store.PartialFile, "add", added)

    def usage(self, _: Any) -> Usage:
        free = FREE - self.others - sum(self._size(path) for path in on_disk(self.folder))
        self.least = min(self.least, free)
        return Usage(TOTAL, TOTAL - free, free)

    def _size(self, path: Path) -> int:
        try:
            return path.stat().st_size
        except FileNotFoundError:  # moved to its place meanwhile: counted there, or next time
            return 0


def copy_at_once(jobs: list[file_queue.FileJob]) -> None:
    """Each in a thread of its own; the database is asked by this one."""
    calls: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def do(call: Any, *args: Any, **named: Any) -> Any:
        future: Future[Any] = Future()
        calls.put((future, call, args, named))
        return future.result(30)

    def work(job: file_queue.FileJob) -> None:
        try:
            download.copy_file(job, do)
        finally:
            calls.put(None)

    for job in jobs:
        threading.Thread(target=work, args=(job,), daemon=True).start()
    left = len(jobs)
    while left:
        if (asked := calls.get(timeout=30)) is None:
            left -= 1
            continue
        future, call, args, named = asked
        try:
            future.set_result(call(*args, **named))
        except Exception as error:
            future.set_exception(error)


def slowly(body: bytes) -> Any:
    """In pieces, so that all files are under way together."""

    def step(wire: Wire, peer: Any) -> bool:
        for start in range(0, len(body), 100_000):
            if wire.over.wait(0.02):
                return False
            peer.sendall(body[start : start + 100_000])
        return True

    return step


@pytest.mark.parametrize("told", [True, False])
def test_files_that_come_together_leave_the_last_tenth_free(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    monkeypatch.setattr(download, "STEP", 300_000)
    disk = Disk(tmp_path, monkeypatch)
    body = answer(b"x" * FILE) if told else chunked(*[b"x" * 100_000] * 10, b"")
    with Wire(slowly(body)) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin)
        run_with(*(f"{origin}/{n}.bin" for n in range(8)))
        file_worker._recount()
        copy_at_once(file_queue.claim(8, timezone.now()))
    assert disk.least >= TOTAL / 10
    whys = set(StoredFile.objects.values_list("reason", flat=True))
    assert whys <= {"", "no-room"} and "no-room" in whys
    if told:
        assert StoredFile.objects.filter(reason="").count() == 2


def test_a_disk_that_others_fill_meanwhile_is_noticed(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "CHECK_EVERY", 200_000)
    disk = Disk(tmp_path, monkeypatch)
    add = file_store.PartialFile.add

    def added(part: file_store.PartialFile, piece: bytes) -> None:
        disk.others = 2_000_000 if part.length > 300_000 else 0
        add(part, piece)

    monkeypatch.setattr(file_store.PartialFile, "add", added)
    with Wire(answer(b"x" * FILE)) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin)
        run_with(f"{origin}/a.bin")
        file_worker._recount()
        copy_at_once(file_queue.claim(1, timezone.now()))
    assert StoredFile.objects.get().reason == "no-room"
    assert disk.least > TOTAL / 10 - 200_000
    assert not on_disk(tmp_path)
