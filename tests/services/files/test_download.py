"""Who copies a file, for how long, and what is left by those who lost it."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.models import Output, Run, StoredFile
from dashboard.services.files import download, file_queue, file_store, thumbnails
from dashboard.services.files.file_queue import FileJob
from dashboard.services.ops import retention
from dashboard.services.worker import file_worker
from tests.builders import element, running, store
from tests.stored_files import copy_all, counted, on_disk, picture, prepare, run_with, whole
from tests.wire import Wire, answer

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def do(call: Any, *args: Any, **named: Any) -> Any:
    return call(*args, **named)


def taken(settings: Any, folder: Path, wire: Wire) -> FileJob:
    origin = wire.url.removesuffix("/api")
    prepare(settings, folder, origin)
    run_with(f"{origin}/a.png")
    file_worker._recount()
    (job,) = file_queue.claim(1, timezone.now())
    return job


def its_minute_is_over() -> None:
    StoredFile.objects.update(next_at=timezone.now() - timedelta(seconds=1))


def go_by(time: timedelta) -> None:
    """As if so much time had passed, by whichever clock claims go."""
    StoredFile.objects.filter(next_at__isnull=False).update(next_at=F("next_at") - time)


def test_claims_last_while_they_are_renewed_and_no_others(settings: Any, tmp_path: Path) -> None:
    prepare(settings, tmp_path)
    run_with("https://bucket.example/a.png", "https://bucket.example/b.png")
    file_worker._recount()
    now = timezone.now()
    first, second = file_queue.claim(8, now)
    file_queue.finish(second, 0, now, reason="private")
    go_by(MINUTE / 2)
    file_queue.renew_claims([first, second], now)
    go_by(MINUTE / 2)
    assert file_queue.claim(8, now) == []
    go_by(MINUTE)
    assert [job.row.pk for job in file_queue.claim(8, now)] == [first.row.pk]
    go_by(MINUTE / 2)
    file_queue.renew_claims([first], now)  # it is another's by now
    go_by(MINUTE)
    assert [job.row.pk for job in file_queue.claim(8, now)] == [first.row.pk]


SIGNED = "?X-Amz-Date=20261123T120000Z&X-Amz-Expires=9999999&X-Amz-Signature="


def test_a_signed_link_that_is_refused_has_ended_and_a_new_one_is_tried(
    settings: Any, tmp_path: Path
) -> None:
    with Wire(answer(b"", "403 Forbidden")) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin)
        run = run_with(f"{origin}/a.png{SIGNED}old")
        for tries in range(1, 7):
            copy_all()
            kept = StoredFile.objects.get()
            assert (kept.reason, kept.tries) == ("expired", tries)
            StoredFile.objects.filter(next_at__isnull=False).update(next_at=timezone.now())
        assert kept.next_at is None
        Run.objects.update(next_refresh_at=None)
        wire.script = [answer(picture())]
        copy_all()
        run_with(f"{origin}/a.png{SIGNED}old", id=str(run.uuid))
        assert StoredFile.objects.get().next_at is None  # the same link
        run_with(f"{origin}/a.png{SIGNED}new", id=str(run.uuid))
        assert timezone.now() < StoredFile.objects.get().next_at <= timezone.now() + MINUTE
        its_minute_is_over()
        copy_all()
    assert whole(StoredFile.objects.get())


def test_an_upstream_that_refuses_every_signature_is_not_asked_for_ever(
    settings: Any, tmp_path: Path
) -> None:
    with Wire(answer(b"", "403 Forbidden")) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin)
        run = run_with(f"{origin}/a.png{SIGNED}0")
        for n in range(1, 9):
            its_minute_is_over()
            Run.objects.update(next_refresh_at=None)
            copy_all()
            run_with(f"{origin}/a.png{SIGNED}{n}", id=str(run.uuid))
        copies = StoredFile.objects.get()
        assert copies.tries == 8
        Run.objects.update(next_refresh_at=None)
        its_minute_is_over()
        copy_all()
    run.refresh_from_db()
    assert run.next_refresh_at is None  # a new link waits until somebody looks


def test_links_that_a_live_run_has_signed_anew_cost_no_question(
    settings: Any, tmp_path: Path
) -> None:
    prepare(settings, tmp_path)
    run_id = str(uuid4())
    for number in range(2):
        one = element("a.png", id=run_id)
        one["data"]["images"][0]["url"] = f"https://bucket.example/a.png{SIGNED}{number}"
        with CaptureQueriesContext(connection) as asked:
            store(running(id=run_id, outputs=[one]))
    assert Output.objects.get().url == one["data"]["images"][0]["url"]
    assert not [query for query in asked.captured_queries if "kept" in query["sql"]]


def test_files_without_room_are_tried_again_when_some_was_made(
    settings: Any, tmp_path: Path
) -> None:
    with Wire(answer(b"x" * 100_000)) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin, KEEP_FILES_BYTES=150_000)
        first = run_with(f"{origin}/a.png")
        copy_all()
        run_with(f"{origin}/b.png")
        for _ in range(6):
            copy_all()
            StoredFile.objects.filter(next_at__isnull=False).update(next_at=timezone.now())
        assert StoredFile.objects.get(reason="no-room").next_at is None
        retention.delete_run(first)
        copy_all()
    assert whole(StoredFile.objects.get())


def test_who_lost_the_claim_while_uploading_harms_no_others_copy(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Wire(answer(picture())) as wire:
        slow = taken(settings, tmp_path, wire)
        put = file_store.save

        def slowly(file: Any, name: str) -> None:
            monkeypatch.setattr(file_store, "save", put)
            its_minute_is_over()
            copy_all()  # somebody else, from beginning to end
            put(file, name)

        monkeypatch.setattr(file_store, "save", slowly)
        with pytest.raises(file_queue.JobLost):
            download.copy_file(slow, do)
    kept = StoredFile.objects.get()
    assert whole(kept)
    assert [path.name for path in on_disk(tmp_path)] == [kept.place]
    assert counted() == kept.size


def test_who_lost_the_claim_before_beginning_harms_no_others_copy(
    settings: Any, tmp_path: Path
) -> None:
    with Wire(answer(picture())) as wire:
        taken(settings, tmp_path, wire)
        StoredFile.objects.update(size=5, next_at=timezone.now())  # it was killed over it
        (slow,) = file_queue.claim(1, timezone.now())
        its_minute_is_over()
        copy_all()
        with pytest.raises(file_queue.JobLost):
            download.copy_file(slow, do)
    assert whole(StoredFile.objects.get())


def test_a_run_that_is_removed_while_its_file_is_put_leaves_nothing(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Wire(answer(picture())) as wire:
        job = taken(settings, tmp_path, wire)

        def removed(*_: Any, **__: Any) -> thumbnails.MediaFacts:
            Run.objects.all().delete()
            its_minute_is_over()
            file_queue.remove_orphans(timezone.now())
            return thumbnails.MediaFacts()

        monkeypatch.setattr(thumbnails, "inspect_media", removed)
        with pytest.raises(file_queue.JobLost):
            download.copy_file(job, do)
    assert not StoredFile.objects.exists()
    assert (on_disk(tmp_path), counted()) == ([], 0)


def test_what_nobody_foresaw_counts_as_a_try(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unforeseen(*_: Any, **__: Any) -> thumbnails.MediaFacts:
        raise ZeroDivisionError

    with Wire(answer(picture())) as wire:
        job = taken(settings, tmp_path, wire)
        monkeypatch.setattr(thumbnails, "inspect_media", unforeseen)
        download.copy_file(job, do)
    kept = StoredFile.objects.get()
    assert (kept.reason, kept.tries, kept.size, kept.token) == ("broken", 1, 0, None)
    assert kept.next_at is not None


def test_a_storage_that_fails_half_way_is_left_empty(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = file_store.save

    def full(file: Any, name: str) -> None:
        put(file, name)
        raise OSError("no more")

    with Wire(answer(picture())) as wire:
        job = taken(settings, tmp_path, wire)
        monkeypatch.setattr(file_store, "save", full)
        download.copy_file(job, do)
    assert StoredFile.objects.get().reason == "shelf"
    assert (on_disk(tmp_path), counted()) == ([], 0)


def test_what_was_set_aside_for_an_output_that_left_is_given_back(
    settings: Any, tmp_path: Path
) -> None:
    with Wire(answer(picture())) as wire:
        job = taken(settings, tmp_path, wire)
        file_queue.reserve(job, 500, timezone.now())
        Output.objects.all().delete()
        its_minute_is_over()
        copy_all()
    assert (StoredFile.objects.get().reason, counted()) == ("removed", 0)


def test_files_of_outputs_that_left_give_way_to_new_ones(settings: Any, tmp_path: Path) -> None:
    with Wire(answer(b"x" * 100_000)) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin, KEEP_RUN_BYTES=150_000)
        run = run_with(f"{origin}/a.png")
        copy_all()
        run_with(f"{origin}/b.png", id=str(run.uuid))
        copy_all()
    file_queue.remove_orphans(timezone.now())
    assert [one.reason for one in StoredFile.objects.all()] == [""]
    assert len(on_disk(tmp_path)) == 1
    assert counted() == 100_000


@pytest.mark.parametrize("how", ["all", "none"])
def test_a_removed_runs_files_go_with_it_without_a_watcher(
    settings: Any, tmp_path: Path, how: str
) -> None:
    with Wire(answer(picture())) as wire:
        download.copy_file(taken(settings, tmp_path, wire), do)
    settings.KEEP_OUTPUTS = how
    assert on_disk(tmp_path)
    retention.delete_run(Run.objects.get())
    assert (on_disk(tmp_path), counted(), StoredFile.objects.exists()) == ([], 0, False)
