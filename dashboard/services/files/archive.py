"""A run's outputs as one zip, streamed: no whole file is in memory."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from dashboard.models import StoredFile
from dashboard.presentation.archive_manifest import MANIFEST, ArchiveEntry
from dashboard.services.files import file_store, strip_metadata

log = logging.getLogger(__name__)
READABLE = 0o644 << 16


class _Buffer:
    """What the archive has written and the stream has not yielded; it cannot seek."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes | bytearray | memoryview) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def drain(self) -> bytes:
        data = b"".join(self._pieces)
        self._pieces.clear()
        return data


def stream(
    entries: Iterable[ArchiveEntry],
    manifest: Callable[[list[tuple[ArchiveEntry, bool]]], object],
    made_at: datetime,
    *,
    clean: bool = False,
) -> Iterator[bytes]:
    """Yields the archive's bytes; its last file is the manifest.

    `manifest` gets each entry with whether it is included, and returns the JSON value.

    `clean` strips metadata from files, and leaves out those that cannot be stripped.
    A file that is missing in the store is left out too.
    """
    buffer = _Buffer()
    included: list[tuple[ArchiveEntry, bool]] = []
    with ZipFile(buffer, "w") as archive:  # type: ignore[call-overload]
        for entry in entries:
            pieces = _pieces(entry, clean) if entry.name else None
            included.append((entry, pieces is not None))
            if pieces is None:
                continue
            info = zip_info(entry.name, made_at, packed=entry.kept is None)
            with archive.open(info, "w", force_zip64=True) as into:
                for piece in pieces:
                    into.write(piece)
                    yield buffer.drain()
        text = json.dumps(manifest(included), indent=2, ensure_ascii=False)
        archive.writestr(zip_info(MANIFEST, made_at, packed=True), text)
    yield buffer.drain()


def _pieces(entry: ArchiveEntry, clean: bool) -> Iterator[bytes] | None:
    """An output's bytes; None where its file is missing, or cannot be stripped of metadata."""
    stored = entry.kept
    if stored is None:
        return iter([(entry.output.text or "").encode()])
    try:
        if not file_store.is_whole(stored.name, stored.length):
            return None
        if clean:
            body = strip_metadata.stripped_body(cast(StoredFile, stored))
            return body.blocks(0, body.size - 1) if body else None
        return file_store.read_range(stored.name, 0, stored.length - 1)
    except OSError as error:
        log.error("A stored file could not be read: %s", error)
        return None


def zip_info(name: str, made_at: datetime, *, packed: bool) -> ZipInfo:
    """A file's entry; `packed` where its bytes are to be deflated."""
    # A zip has no year before 1980.
    info = ZipInfo(name, max(made_at.timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
    info.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
    info.external_attr = READABLE
    return info
