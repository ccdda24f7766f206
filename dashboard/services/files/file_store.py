"""The file store: a file is saved whole or not at all, within the limit of free disk space."""

import hashlib
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages

from dashboard.domain.media.containers import read_tracks
from dashboard.domain.media.sniffing import HEAD, sniff
from dashboard.domain.media.stored_files import FileReason
from dashboard.domain.media.tracks import Tracks, refined_type
from dashboard.models import StoredFile

if TYPE_CHECKING:
    BytesFile = File[bytes]
else:  # generic in Django's stubs alone
    BytesFile = File

BLOCK = 65_536  # bytes
STALE_AFTER = 600.0  # seconds without a write, after which a part is removed


def storage() -> Storage:
    """The storage behind the file store: a folder or object storage."""
    return storages["kept"]


_lock = threading.Lock()
_open_parts: set["PartialFile"] = set()


class NoSpace(Exception):
    """A limit of storage is reached; `reason` is what the file's row stores."""

    def __init__(self, reason: FileReason) -> None:
        super().__init__(reason)
        self.reason = reason


class PartialFile(BytesFile):
    """A file while it is downloaded, under a random name in a folder that is not served."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("w+b"))
        self._path = path
        self._digest = hashlib.sha256()
        self.head = b""
        self.length = 0
        self.reserved = 0  # bytes of the disk that are reserved for it

    def temporary_file_path(self) -> str:
        """Lets the file system's storage move the file, so that no reader sees a partial file."""
        return str(self._path)

    def add(self, piece: bytes) -> None:
        """Appends downloaded bytes."""
        self.write(piece)
        self._digest.update(piece)
        self.head += piece[: HEAD - len(self.head)]
        self.length += len(piece)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    @cached_property
    def tracks(self) -> Tracks:
        """The pictures and sound of a video or sound that was downloaded whole."""
        return read_tracks(sniff(self.head), self._read_at, self.length)

    @property
    def content_type(self) -> str:
        """The media type of a file that was downloaded whole."""
        return refined_type(sniff(self.head), self.tracks)

    def _read_at(self, at: int, count: int) -> bytes:
        self.seek(at)
        return bytes(self.read(count))


def _parts() -> Path:
    return Path(settings.FILES_FOLDER) / "parts"


@contextmanager
def partial_file() -> Iterator[PartialFile]:
    """A new part; at the end it is deleted, unless it was saved in the file store."""
    _parts().mkdir(mode=0o700, parents=True, exist_ok=True)
    file = PartialFile(_parts() / uuid4().hex)
    try:
        with _lock:
            _open_parts.add(file)
        yield file
    finally:
        with _lock:
            _open_parts.discard(file)
        file.close()
        with suppress(FileNotFoundError):
            Path(file.temporary_file_path()).unlink()


def save(file: BytesFile, name: str) -> None:
    """Saves a whole file under a new name; raises OSError where the name is taken."""
    file.flush()
    file.seek(0)
    saved = storage().save(name, file)
    if saved != name:
        storage().delete(saved)
        raise OSError(f"{name} was taken meanwhile")


def is_whole(name: str, length: int) -> bool:
    """Whether the file exists with that length in bytes; raises OSError of the file store."""
    try:
        return storage().size(name) == length
    except FileNotFoundError:
        if not _is_mounted(name):
            raise OSError("the file store is missing") from None
        return False


def _is_mounted(name: str) -> bool:
    """Whether the file store itself exists: the bucket, or the folder of the missing file."""
    store = storage()
    if hasattr(store, "is_here"):
        return bool(store.is_here())
    return Path(store.path(name)).parent.is_dir()


def read_range(name: str, first: int, last: int) -> Iterator[bytes]:
    """The bytes of a file from `first` to `last`, both included, in blocks of 64 KiB."""
    if last < first:
        return
    store = storage()
    if hasattr(store, "read_range"):  # object storage sends the range alone
        yield from store.read_range(name, first, last)
        return
    with store.open(name) as handle:
        handle.seek(first)
        left = last - first + 1
        while left > 0 and (block := handle.read(min(BLOCK, left))):
            left -= len(block)
            yield block


def remove(stored: StoredFile) -> None:
    """Removes the file and its thumbnail; a missing one is no error."""
    for name in (stored.name, stored.thumb_name):
        storage().delete(name)


def reserve_disk(part: PartialFile, size: int) -> None:
    """Reserves `size` bytes of the disk in total for a part, on top of the other parts'.

    Raises NoSpace where less than KEEP_FREE_PERCENT of the disk would stay free.
    """
    folder = Path(settings.FILES_FOLDER)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _lock:
        expected = sum(each.reserved - each.length for each in _open_parts - {part})
        expected += max(size, part.reserved) - part.length
        disk = shutil.disk_usage(folder)
        if disk.free - expected < disk.total * settings.KEEP_FREE_PERCENT / 100:
            raise NoSpace(FileReason.NO_SPACE)
        part.reserved = max(size, part.reserved)


def remove_stale_parts() -> None:
    """Removes the parts of processes that were killed."""
    before = time.time() - STALE_AFTER
    for path in _parts().glob("*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()
