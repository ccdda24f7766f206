"""A run's outputs as one zip, made while it is sent: nothing is held whole."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from dashboard.presentation.archive_manifest import MANIFEST, ArchiveEntry
from dashboard.services.files import file_store, strip_metadata

log = logging.getLogger(__name__)
READABLE = 0o644 << 16


class _Sink:
    """Takes what the archive writes until it is fetched; it cannot be wound back."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def stream(
    entries: Iterable[ArchiveEntry],
    manifest: Callable[[list[tuple[ArchiveEntry, bool]]], Any],
    made_at: datetime,
    *,
    clean: bool = False,
) -> Iterator[bytes]:
    """The archive's bytes in order; `manifest` makes the last file of what was taken along.

    `clean` takes out of files what was written beside the picture, and leaves out
    those of which no clean file can be made. A copy that is not on the shelf any
    more is left out too; the manifest tells of both.
    """
    sink = _Sink()
    taken: list[tuple[ArchiveEntry, bool]] = []
    with ZipFile(sink, "w") as archive:  # type: ignore[call-overload]
        for entry in entries:
            found = _pieces(entry, clean) if entry.name else None
            taken.append((entry, found is not None))
            if found is None:
                continue
            info = _info(entry.name, made_at, packed=entry.kept is None)
            with archive.open(info, "w", force_zip64=True) as into:
                for piece in found:
                    into.write(piece)
                    yield sink.take()
        told = json.dumps(manifest(taken), indent=2, ensure_ascii=False)
        archive.writestr(_info(MANIFEST, made_at, packed=True), told)
    yield sink.take()


def _pieces(entry: ArchiveEntry, clean: bool) -> Iterator[bytes] | None:
    """What an output holds; None where there is no whole copy, or none that may be given."""
    kept = entry.kept
    if kept is None:
        return iter([(entry.output.text or "").encode()])
    try:
        if not file_store.is_there(kept.name, kept.length):
            return None
        if clean:
            body = strip_metadata.body(kept)
            return body.blocks(0, body.size - 1) if body else None
        return file_store.blocks(kept.name, 0, kept.length - 1)
    except OSError as error:
        log.error("A kept file could not be read: %s", error)
        return None


def _info(name: str, made_at: datetime, *, packed: bool) -> ZipInfo:
    # A zip knows no year before 1980, and even seconds only.
    info = ZipInfo(name, max(made_at.timetuple()[:6], (1980, 1, 1, 0, 0, 0)))
    info.compress_type = ZIP_DEFLATED if packed else ZIP_STORED
    info.external_attr = READABLE
    return info
