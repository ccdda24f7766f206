"""A bucket on a server that speaks S3, as the file store of a test."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from tests.stored_files import prepare


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
