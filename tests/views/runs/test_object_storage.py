"""Kept files in object storage, against a server that speaks S3."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.test import Client
from moto.server import ThreadedMotoServer

from dashboard.models import Run, StoredFile
from dashboard.services.clock import now
from dashboard.services.files import file_queue, file_store
from tests.stored_files import copy_all, counted, noise, prepare, run_with, saved
from tests.wire import Wire, answer

pytestmark = pytest.mark.django_db
BODY = saved(noise(900, 600))


class Bucket:
    """A bucket on a server of its own, which can be stopped and started again."""

    def __init__(self) -> None:
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        self.url = "http://{}:{}".format(*self.server.get_host_and_port())
        self._client = boto3.client("s3", endpoint_url=self.url, region_name="us-east-1")
        self._client.create_bucket(Bucket="shelf")

    def sizes(self) -> dict[str, int]:
        found = self._client.list_objects_v2(Bucket="shelf")
        return {one["Key"]: one["Size"] for one in found.get("Contents", [])}

    def names(self) -> list[str]:
        return list(self.sizes())

    def body(self, name: str) -> bytes:
        whole: bytes = self._client.get_object(Bucket="shelf", Key=name)["Body"].read()
        return whole


@pytest.fixture
def bucket(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "shelf-key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "shelf-secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    made = Bucket()
    prepare(settings, tmp_path)
    storages = copy.deepcopy(settings.STORAGES)
    storages["kept"] = {
        "BACKEND": "dashboard.services.files.object_storage.ObjectStorage",
        "OPTIONS": {
            "bucket_name": "shelf",
            "location": "runboard",
            "endpoint_url": made.url,
            "default_acl": None,
            "file_overwrite": False,
        },
    }
    settings.STORAGES = storages
    yield made
    made.server.stop()


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
    assert (one.why, one.length) == ("", len(BODY))
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
    assert one.why == "gone"


def test_a_bucket_that_is_missing_costs_no_copy(bucket: Bucket, settings: Any, ana: Client) -> None:
    one = kept(settings)
    options = settings.STORAGES["kept"]["OPTIONS"]
    settings.STORAGES = settings.STORAGES | {
        "kept": {**settings.STORAGES["kept"], "OPTIONS": {**options, "bucket_name": "other"}}
    }
    assert ana.get(address(one)).status_code == 503
    one.refresh_from_db()
    assert one.why == ""


def test_while_the_storage_is_away_nothing_is_given_up(
    bucket: Bucket, settings: Any, ana: Client, caplog: pytest.LogCaptureFixture
) -> None:
    one = kept(settings)
    bucket.server.stop()
    response = ana.get(address(one))
    assert (response.status_code, b"Try again" in response.content) == (503, True)
    one.refresh_from_db()
    assert one.why == ""
    with Wire(answer(BODY)) as wire:
        settings.LOCAL_FILES_ORIGIN = wire.url.removesuffix("/api")
        other = run_with(f"{settings.LOCAL_FILES_ORIGIN}/b.png")
        copy_all()
    late = StoredFile.objects.get(run=other)
    assert (late.why, late.next_at is not None) == ("shelf", True)
    assert "shelf-secret" not in caplog.text
