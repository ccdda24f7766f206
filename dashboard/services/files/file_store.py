"""Where kept files lie: whole or not at all, and never past the limits."""

import hashlib
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages

from dashboard.domain.media.sniffing import HEAD, sniff
from dashboard.models import StoredFile

BLOCK = 65_536
LEFT_BEHIND = 600.0  # seconds: a part that nobody has written to for so long


def storage() -> Storage:
    return storages["kept"]


_counting = threading.Lock()
_under_way: set["PartialFile"] = set()


class NoSpace(Exception):
    """A limit is reached; its text is the word of `domain/keeping`."""


class PartialFile(File):
    """A file on its way, under a name of its own that nobody is shown."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("w+b"))
        self._path = path
        self._digest = hashlib.sha256()
        self.head = b""
        self.length = 0
        self.promised = 0  # bytes that the disk is to have room for

    def temporary_file_path(self) -> str:
        """Lets the file system's storage move the file, which no reader sees half done."""
        return str(self._path)

    def add(self, piece: bytes) -> None:
        self.write(piece)
        self._digest.update(piece)
        self.head += piece[: HEAD - len(self.head)]
        self.length += len(piece)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    @property
    def content_type(self) -> str:
        return sniff(self.head)


def _parts() -> Path:
    return Path(settings.FILES_FOLDER) / "parts"


@contextmanager
def partial_file() -> Iterator[PartialFile]:
    """A new part; what was not put on the shelf is gone at the end."""
    _parts().mkdir(mode=0o700, parents=True, exist_ok=True)
    file = PartialFile(_parts() / uuid4().hex)
    try:
        with _counting:
            _under_way.add(file)
        yield file
    finally:
        with _counting:
            _under_way.discard(file)
        file.close()
        with suppress(FileNotFoundError):
            Path(file.temporary_file_path()).unlink()


def put(file: File, name: str) -> None:
    """The whole file under a name that nothing had before."""
    file.flush()
    file.seek(0)
    saved = storage().save(name, file)
    if saved != name:
        storage().delete(saved)
        raise OSError(f"{name} was taken meanwhile")


def is_there(name: str, length: int) -> bool:
    """Whether the file of that name is there, and whole; OSError where that cannot be asked."""
    try:
        return storage().size(name) == length
    except FileNotFoundError:
        if not _is_mounted(name):
            raise OSError("the place of kept files is not there") from None
        return False


def _is_mounted(name: str) -> bool:
    """Whether the place of a missing file is there: the bucket, or the folder that outlives it."""
    place = storage()
    if hasattr(place, "is_here"):
        return bool(place.is_here())
    return Path(place.path(name)).parent.is_dir()


def blocks(name: str, first: int, last: int) -> Iterator[bytes]:
    """The bytes of a file from `first` to `last`, both included, a block at a time."""
    if last < first:
        return
    place = storage()
    if hasattr(place, "blocks"):  # object storage sends a part by itself
        yield from place.blocks(name, first, last)
        return
    with place.open(name) as handle:
        handle.seek(first)
        left = last - first + 1
        while left > 0 and (block := handle.read(min(BLOCK, left))):
            left -= len(block)
            yield block


def remove(kept: StoredFile) -> None:
    """Removes the copy and its small picture, whichever of them there are."""
    for name in (kept.name, kept.thumb_name):
        storage().delete(name)


def promise(part: PartialFile, size: int) -> None:
    """Promises a part room for `size` bytes in all, beside what was promised to others.

    Raises NoRoom where the disk would be left with less than KEEP_FREE_PERCENT of it,
    or is by now: others write to it too.
    """
    folder = Path(settings.FILES_FOLDER)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _counting:
        coming = sum(each.promised - each.length for each in _under_way - {part})
        coming += max(size, part.promised) - part.length
        disk = shutil.disk_usage(folder)
        if disk.free - coming < disk.total * settings.KEEP_FREE_PERCENT / 100:
            raise NoSpace("no-room")
        part.promised = max(size, part.promised)


def sweep() -> None:
    """Removes parts that a killed process has left."""
    before = time.time() - LEFT_BEHIND
    for path in _parts().glob("*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()
