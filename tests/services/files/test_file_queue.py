"""Copies of outputs' files: whole or absent, within the limits, gone with their run."""

import hashlib
import struct
import zlib
from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from dashboard.models import Output, Run, StoredFile
from dashboard.models.storage_usage import bytes_by_run
from dashboard.services.files import download, file_queue, file_store
from dashboard.services.ops import retention
from dashboard.services.worker import file_worker
from dashboard.upstream.files import Fetcher
from tests.builders import running, store
from tests.stored_files import copy_all, counted, on_disk, picture, prepare, run_with, whole
from tests.wire import Wire, answer, cut, drip, send

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")


def origin_of(wire: Wire) -> str:
    return wire.url.removesuffix("/api")


def kept_from(settings: Any, folder: Path, *script: Any, name: str = "a.png") -> StoredFile:
    with Wire(*script) as wire:
        prepare(settings, folder, origin_of(wire))
        run_with(f"{origin_of(wire)}/{name}")
        copy_all()
    return StoredFile.objects.get()


def test_a_finished_runs_file_is_kept_whole(settings: Any, tmp_path: Path) -> None:
    body = picture(24, 16)
    kept = kept_from(settings, tmp_path, answer(body, content_type="text/html"))
    assert (kept.reason, kept.type, kept.inline) == ("", "image/png", True)
    assert (kept.width, kept.height, kept.size) == (24, 16, len(body))
    assert kept.sha256 == hashlib.sha256(body).hexdigest()
    assert whole(kept) and counted() == len(body)
    assert [path.read_bytes() for path in on_disk(tmp_path)] == [body]
    assert Run.objects.get().extras_version == 1


def test_a_live_run_waits_and_late_outputs_are_taken_too(settings: Any, tmp_path: Path) -> None:
    prepare(settings, tmp_path)
    run = store(running())
    assert not StoredFile.objects.exists()
    run_with("https://bucket.example/a.png", id=str(run.uuid))
    run_with("https://bucket.example/a.png", "https://bucket.example/b.png", id=str(run.uuid))
    assert StoredFile.objects.filter(run=run).count() == 2


def test_nothing_is_kept_when_it_is_turned_off(settings: Any, tmp_path: Path) -> None:
    prepare(settings, tmp_path, KEEP_OUTPUTS="none")
    run_with("https://bucket.example/a.png")
    assert not StoredFile.objects.exists()


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def bomb() -> bytes:
    """A PNG of a few bytes that says that it is 60,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + head + data + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (SVG, "image/svg+xml"),
        (b"<!doctype html><script>alert(1)</script>", "text/html"),
        (bomb(), "image/png"),
        (b"ID3\x04\x00sound", "audio/mpeg"),
    ],
)
def test_a_file_that_is_no_picture_of_a_known_kind_is_not_shown(
    settings: Any, tmp_path: Path, body: bytes, kind: str
) -> None:
    kept = kept_from(settings, tmp_path, answer(body, content_type="image/png"))
    assert (kept.reason, kept.type, kept.inline) == ("", kind, False)


@pytest.mark.parametrize(
    ("script", "reason", "again"),
    [
        (answer(b"", "404 Not Found"), "removed", False),
        (answer(b"", "403 Forbidden"), "private", False),
        (answer(b"", "503 Slow Down"), "unreachable", True),
        (cut(answer(b"half", length=8)), "broken", True),
        (answer(b"", "302 Found", location="http://169.254.169.254/"), "refused", False),
        (answer(b"", "302 Found", location="http://[::ffff:127.0.0.1]/"), "refused", False),
        (answer(b"", "302 Found", location="http://["), "refused", False),
    ],
)
def test_a_file_that_does_not_come_says_why(
    settings: Any, tmp_path: Path, script: Any, reason: str, again: bool
) -> None:
    kept = kept_from(settings, tmp_path, script)
    assert (kept.reason, kept.next_at is not None, kept.size) == (reason, again, 0)
    assert not on_disk(tmp_path) and counted() == 0


def test_it_is_tried_again_and_then_comes(settings: Any, tmp_path: Path) -> None:
    with Wire(cut(answer(b"half", length=8)), send(answer(picture()))) as wire:
        prepare(settings, tmp_path, origin_of(wire))
        run_with(f"{origin_of(wire)}/a.png")
        copy_all()
        assert StoredFile.objects.get().next_at > timezone.now() + timedelta(seconds=20)
        StoredFile.objects.update(next_at=timezone.now())
        copy_all()
    assert whole(StoredFile.objects.get())


def test_an_ended_link_is_not_asked_but_a_new_one_is_wanted(settings: Any, tmp_path: Path) -> None:
    with Wire(answer(picture())) as wire:
        prepare(settings, tmp_path, origin_of(wire))
        run = run_with(f"{origin_of(wire)}/a.png")
        Output.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
        copy_all()
        assert not wire.requests
    run.refresh_from_db()
    assert StoredFile.objects.get().reason == "expired"
    assert run.next_refresh_at is not None


def endless(wire: Wire, peer: Any) -> bool:
    peer.sendall(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
    while not wire.over.is_set():
        peer.sendall(b"\x00" * 65_536)
    return False


def test_an_endless_file_takes_no_room_past_its_limit(settings: Any, tmp_path: Path) -> None:
    settings.KEEP_FILE_BYTES = 3_000_000
    kept = kept_from(settings, tmp_path, endless)
    assert kept.reason == "too-big"
    assert not on_disk(tmp_path) and counted() == 0


def test_the_limit_of_a_run(settings: Any, tmp_path: Path) -> None:
    settings.KEEP_RUN_BYTES = 250_000
    with Wire(answer(b"x" * 100_000)) as wire:
        prepare(settings, tmp_path, origin_of(wire))
        run_with(*(f"{origin_of(wire)}/{n}.png" for n in range(4)))
        copy_all()
    assert sorted(StoredFile.objects.values_list("reason", flat=True)) == [
        "",
        "",
        "run-full",
        "run-full",
    ]
    assert counted() == 200_000 == sum(path.stat().st_size for path in on_disk(tmp_path))


def test_the_limit_of_all_files(settings: Any, tmp_path: Path) -> None:
    settings.KEEP_FILES_BYTES = 150_000
    with Wire(answer(b"x" * 100_000)) as wire:
        prepare(settings, tmp_path, origin_of(wire))
        for n in range(2):
            run_with(f"{origin_of(wire)}/{n}.png")
        copy_all()
    assert sorted(StoredFile.objects.values_list("reason", flat=True)) == ["", "no-room"]


def test_the_last_tenth_of_the_disk_stays_free(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_store.shutil, "disk_usage", lambda _: Usage(1000, 850, 150))
    kept = kept_from(settings, tmp_path, answer(b"x" * 51))
    assert kept.reason == "no-room"
    assert not on_disk(tmp_path)


def test_a_claim_is_one_processes_and_ends(settings: Any, tmp_path: Path) -> None:
    prepare(settings, tmp_path)
    run_with("https://bucket.example/a.png")
    file_worker._recount()
    now = timezone.now()
    (mine,) = file_queue.claim(8, now)
    assert file_queue.claim(8, now) == []
    file_queue.reserve(mine, 500, now)
    StoredFile.objects.update(next_at=now - timedelta(seconds=1))  # its minute is over
    (theirs,) = file_queue.claim(8, now)
    assert theirs.reserved == 500
    with pytest.raises(file_queue.JobLost):
        file_queue.finish(mine, 100, now, reason="")
    with pytest.raises(file_queue.JobLost):
        file_queue.reserve(mine, 100, now)
    file_queue.finish(theirs, 70, now, reason="")
    assert counted() == 70


def test_a_file_that_a_killed_process_had_put_there_is_copied_anew(
    settings: Any, tmp_path: Path
) -> None:
    body = picture()
    with Wire(answer(body)) as wire:
        prepare(settings, tmp_path, origin_of(wire))
        run_with(f"{origin_of(wire)}/a.png")
        file_worker._recount()
        (job,) = file_queue.claim(1, timezone.now())
        file_queue.reserve(job, 5, timezone.now())
        with file_store.partial_file() as part:
            part.add(b"older")
            file_store.save(part, job.row.name)
        StoredFile.objects.update(next_at=timezone.now())
        copy_all()
    assert [path.read_bytes() for path in on_disk(tmp_path)] == [body]
    assert counted() == len(body)


def test_files_go_with_their_run(settings: Any, tmp_path: Path) -> None:
    kept = kept_from(settings, tmp_path, answer(picture()))
    run = Run.objects.get()
    assert bytes_by_run()[run.pk] > kept.size
    assert retention.delete_run(run)
    assert set(bytes_by_run()) == set()
    file_queue.remove_orphans(timezone.now())
    assert not on_disk(tmp_path) and not StoredFile.objects.exists() and counted() == 0


def test_a_run_that_is_removed_while_it_is_copied_leaves_nothing(
    settings: Any, tmp_path: Path
) -> None:
    with Wire(answer(picture())) as wire:
        prepare(settings, tmp_path, origin_of(wire))
        run = run_with(f"{origin_of(wire)}/a.png")
        file_worker._recount()
        (job,) = file_queue.claim(1, timezone.now())
        retention.delete_run(run)
        file_queue.remove_orphans(timezone.now())
        assert StoredFile.objects.exists()  # it is in somebody's hands
        download.copy_file(job, lambda call, *args, **named: call(*args, **named))
    file_queue.remove_orphans(timezone.now())
    assert not on_disk(tmp_path) and counted() == 0


def test_a_copy_that_vanished_is_made_again(settings: Any, tmp_path: Path) -> None:
    kept = kept_from(settings, tmp_path, answer(picture()))
    on_disk(tmp_path)[0].unlink()
    assert not whole(kept)
    file_queue.mark_missing(kept)
    kept.refresh_from_db()
    assert (kept.reason, counted()) == ("gone", 0)
    assert len(file_queue.claim(1, timezone.now())) == 1


@pytest.mark.parametrize("many", [30, pytest.param(400, marks=pytest.mark.slow)])
def test_many_outputs(settings: Any, tmp_path: Path, many: int) -> None:
    with Wire(answer(picture())) as wire:
        prepare(settings, tmp_path, origin_of(wire))
        run_with(*(f"{origin_of(wire)}/{n}.png" for n in range(many)))
        copy_all()
        assert wire.connections < 5
    assert StoredFile.objects.filter(reason="").count() == many == len(on_disk(tmp_path))
    assert Run.objects.get().extras_version == 1


def test_a_slow_server_costs_one_file_alone(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Wire(drip(answer(b"x" * 999), 0.05), send(answer(picture()))) as wire:
        prepare(settings, tmp_path, origin_of(wire))
        quick = Fetcher(user_agent="x", local_origin=origin_of(wire), total_timeout=0.5)
        monkeypatch.setattr(download, "fetcher", lambda: quick)
        run_with(*(f"{origin_of(wire)}/{n}.png" for n in range(2)))
        copy_all()
        monkeypatch.undo()
    assert sorted(StoredFile.objects.values_list("reason", flat=True)) == ["", "unreachable"]
