"""Kept files in object storage, against a server that speaks S3."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from dashboard.models import Run, StoredFile
from dashboard.services.clock import now
from dashboard.services.files import file_queue, file_store
from tests.services.files.bucket import Bucket, bucket
from tests.stored_files import copy_all, counted, noise, run_with, saved
from tests.wire import Wire, answer

__all__ = ["bucket"]  # a fixture
pytestmark = pytest.mark.django_db
BODY = saved(noise(900, 600))


def kept(settings: Any) -> StoredFile:
    with Wire(answer(BODY)) as wire:
        settings.LOCAL_FILES_ORIGIN = wire.url.removesuffix("/api")
        run_with(f"{settings.LOCAL_FILES_ORIGIN}/a.png")
        copy_all()
    return StoredFile.objects.get()


def address(one: StoredFile) -> str:
    return f"/runs/{Run.objects.get().uuid}/files/{one.pk}/a.png"


def test_files_are_kept_served_in_parts_and_removed(
    bucket: Bucket, settings: Any, tmp_path: Path, ana: Client
) -> None:
    one = kept(settings)
    assert (one.reason, one.length) == ("", len(BODY))
    assert sorted(bucket.names()) == [f"runboard/{one.name}", f"runboard/{one.thumb_name}"]
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    whole = ana.get(address(one))
    assert b"".join(whole.streaming_content) == BODY
    assert whole.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    part = ana.get(address(one), headers={"Range": "bytes=10-19"})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, BODY[10:20])
    small = ana.get(f"{address(one)}?small")
    assert b"".join(small.streaming_content).startswith(b"RIFF")
    Run.objects.all().delete()
    file_queue.remove_orphans(now())
    assert (bucket.names(), counted()) == ([], 0)


def test_a_file_that_vanished_is_made_again(bucket: Bucket, settings: Any, ana: Client) -> None:
    one = kept(settings)
    file_store.storage().delete(one.name)
    assert ana.get(address(one)).status_code == 404
    one.refresh_from_db()
    assert one.reason == "gone"


def test_a_bucket_that_is_missing_costs_no_copy(bucket: Bucket, settings: Any, ana: Client) -> None:
    one = kept(settings)
    options = settings.STORAGES["kept"]["OPTIONS"]
    settings.STORAGES = settings.STORAGES | {
        "kept": {**settings.STORAGES["kept"], "OPTIONS": {**options, "bucket_name": "other"}}
    }
    assert ana.get(address(one)).status_code == 503
    one.refresh_from_db()
    assert one.reason == ""


def test_while_the_storage_is_away_nothing_is_given_up(
    bucket: Bucket, settings: Any, ana: Client
) -> None:
    one = kept(settings)
    bucket.server.stop()
    response = ana.get(address(one))
    assert (response.status_code, b"Try again" in response.content) == (503, True)
    one.refresh_from_db()
    assert one.reason == ""
