"""Object storage: files, ranges of them, and errors as a disk raises them."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from dashboard.models import StoredFile
from dashboard.services.files import file_store
from tests.services.files.bucket import Bucket, bucket
from tests.stored_files import copy_all, picture, run_with
from tests.wire import Wire, answer

__all__ = ["bucket"]  # a fixture
pytestmark = pytest.mark.django_db


def test_a_file_is_saved_read_in_parts_and_deleted(bucket: Bucket) -> None:
    file_store.save(ContentFile(b"0123456789"), "ab/abc")
    assert bucket.names() == ["runboard/ab/abc"]
    assert file_store.is_whole("ab/abc", 10)
    assert b"".join(file_store.read_range("ab/abc", 2, 5)) == b"2345"
    file_store.storage().delete("ab/abc")
    assert not file_store.is_whole("ab/abc", 10)
    with pytest.raises(FileNotFoundError):
        list(file_store.read_range("ab/abc", 0, 1))


def test_a_storage_that_is_away_is_tried_again_and_no_key_is_logged(
    bucket: Bucket, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    bucket.server.stop()
    with Wire(answer(picture())) as wire:
        settings.LOCAL_FILES_ORIGIN = wire.url.removesuffix("/api")
        run_with(f"{settings.LOCAL_FILES_ORIGIN}/b.png")
        copy_all()
    late = StoredFile.objects.get()
    assert (late.reason, late.next_at is not None) == ("shelf", True)
    assert "shelf-secret" not in caplog.text
