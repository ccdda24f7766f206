"""Stored files as they are sent: whole, in ranges, or not at all."""

from pathlib import Path
from typing import Any

import pytest
from django.http import Http404
from django.test import RequestFactory

from dashboard.models import StoredFile
from dashboard.views.runs.file_response import serve
from tests.stored_files import picture, run_kept

pytestmark = pytest.mark.django_db


def ask(stored: StoredFile, **headers: str) -> Any:
    return serve(RequestFactory().get("/", headers=headers), stored, "a.png")


def test_a_range_is_its_bytes_and_one_outside_is_416(settings: Any, tmp_path: Path) -> None:
    run_kept(settings, tmp_path, ("a.png", picture()))
    stored = StoredFile.objects.get()
    part = ask(stored, Range="bytes=2-5")
    assert (part.status_code, b"".join(part)) == (206, picture()[2:6])
    assert ask(stored, Range=f"bytes={stored.length}-").status_code == 416


def test_a_cleaned_file_has_an_etag_of_its_own(settings: Any, tmp_path: Path) -> None:
    run_kept(settings, tmp_path, ("a.png", picture()))
    stored = StoredFile.objects.get()
    clean = serve(RequestFactory().get("/"), stored, "a.png", clean=True)
    assert stored.sha256 not in clean["ETag"]
    assert b"".join(clean).startswith(b"\x89PNG")  # type: ignore[arg-type]


def test_without_a_copy_it_is_not_found() -> None:
    with pytest.raises(Http404):
        ask(StoredFile(reason="waiting"))
