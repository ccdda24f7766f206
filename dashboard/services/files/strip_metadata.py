"""Stored files without their metadata, for readers who may not see a run's inputs."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from dashboard.domain.media.strip_metadata import Chunk, NotStrippable, can_strip, length, stripped
from dashboard.models import StoredFile
from dashboard.services.files import file_store

AHEAD = 65_536  # bytes
MAX_READS = 100_000  # about 800 MB in PNG chunks of the usual size
MAX_PIECES = 1000  # each is one read of the file store


@dataclass(slots=True)
class Body:
    """A file made of ranges of a stored one and of new bytes."""

    name: str
    chunks: list[Chunk]
    size: int = field(init=False)  # bytes

    def __post_init__(self) -> None:
        self.size = sum(length(chunk) for chunk in self.chunks)

    def blocks(self, first: int, last: int) -> Iterator[bytes]:
        """Its bytes from `first` to `last`, both included, a block at a time."""
        at = 0
        for chunk in self.chunks:
            start, end = max(first - at, 0), min(last + 1 - at, length(chunk))
            at += length(chunk)
            if start >= end:
                continue
            if isinstance(chunk, bytes):
                yield chunk[start:end]
            else:
                yield from file_store.read_range(self.name, chunk[0] + start, chunk[0] + end - 1)


def stripped_body(stored: StoredFile) -> Body | None:
    """The file without its metadata; None where that cannot be taken out, or not in time.

    Raises OSError where the file cannot be read.
    """
    if not can_strip(stored.type):
        return None
    chunks = stripped(stored.type, Reader(stored).read, stored.length)
    if chunks is None or sum(isinstance(chunk, tuple) for chunk in chunks) > MAX_PIECES:
        return None
    return Body(stored.name, chunks)


class Reader:
    """Reads parts of a file, with read-ahead because they mostly follow each other.

    Raises OSError where it cannot be read, and NotStrippable after too many reads.
    """

    def __init__(self, stored: StoredFile) -> None:
        self._file = stored
        self._from, self._block = 0, b""
        self._reads = 0

    def read(self, at: int, count: int) -> bytes:
        self._reads += 1
        if self._reads > MAX_READS:
            raise NotStrippable
        start = at - self._from
        if not 0 <= start <= start + count <= len(self._block):
            start, self._from = 0, at
            last = min(at + max(count, AHEAD), self._file.length) - 1
            self._block = b"".join(file_store.read_range(self._file.name, at, last))
        return self._block[start : start + count]
