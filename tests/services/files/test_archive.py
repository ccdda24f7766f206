"""The archive: what is in it, and what it leaves out."""

import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dashboard.models import StoredFile
from dashboard.presentation.archive_manifest import ArchiveEntry
from dashboard.services.files import archive, file_store
from tests.stored_files import picture, run_kept

pytestmark = pytest.mark.django_db


def entries(settings: Any, folder: Path, *files: bytes) -> list[ArchiveEntry]:
    """One entry for each stored file, named 0, 1, …"""
    run_kept(settings, folder, *((f"{n}.png", file) for n, file in enumerate(files)))
    rows = StoredFile.objects.order_by("id")
    return [ArchiveEntry(None, row, str(n)) for n, row in enumerate(rows)]


def unpacked(of: list[ArchiveEntry], *, clean: bool = False) -> dict[str, bytes]:
    def manifest(included: list[tuple[ArchiveEntry, bool]]) -> Any:
        return [[entry.name, there] for entry, there in included]

    old = datetime(1970, 1, 1, tzinfo=UTC)  # a zip has no year before 1980
    data = b"".join(archive.stream(of, manifest, old, clean=clean))
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def test_it_holds_every_file_and_a_manifest(settings: Any, tmp_path: Path) -> None:
    files = unpacked(entries(settings, tmp_path, picture(), picture(32, 8)))
    assert json.loads(files.pop("manifest.json")) == [["0", True], ["1", True]]
    assert files == {"0": picture(), "1": picture(32, 8)}


def test_a_file_that_is_missing_in_the_store_is_left_out(settings: Any, tmp_path: Path) -> None:
    found = entries(settings, tmp_path, picture(), picture(32, 8))
    file_store.storage().delete(found[0].kept.name)
    files = unpacked(found)
    assert json.loads(files.pop("manifest.json")) == [["0", False], ["1", True]]
    assert list(files) == ["1"]


def test_a_clean_archive_leaves_out_what_cannot_be_stripped(settings: Any, tmp_path: Path) -> None:
    files = unpacked(entries(settings, tmp_path, b"%PDF-1.7 text", picture()), clean=True)
    assert json.loads(files.pop("manifest.json")) == [["0", False], ["1", True]]
    assert list(files) == ["1"]
