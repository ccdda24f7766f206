"""The addresses of a run's stored files, for its own pages and for share links."""

from collections.abc import Callable
from uuid import UUID

from django.urls import reverse

from dashboard.domain.media.stored_files import name_in_link, safe_name
from dashboard.models import Output, StoredFile
from dashboard.presentation.run.file_facts import StoredFileFacts

THUMBNAIL_NAME = "small.webp"

Address = Callable[[int, str], str]
"""The address of a stored file, by its key and the name that a download gets."""


def run_address(run_id: UUID) -> Address:
    """The addresses of a run's stored files for those who are signed in."""
    return lambda pk, name: reverse("run_file", args=[run_id, pk, name])


def file_facts(stored: StoredFile, output: Output, address: Address) -> StoredFileFacts:
    """What a tile reads of a stored file; without addresses where there is no copy."""
    url = None if stored.reason else address(stored.pk, name_of(output))
    thumbnail = thumbnail_address(stored.pk, address) if stored.thumb_size else None
    return StoredFileFacts(
        url=url,
        download_url=url and f"{url}?download",
        thumb_url=thumbnail,
        width=stored.width,
        height=stored.height,
        seconds=stored.seconds,
        codec=stored.codec,
        frame_rate=stored.frame_rate,
        size=stored.length if url else None,
        type=stored.type,
        inline=stored.inline,
        reason=stored.reason,
    )


def name_of(output: Output) -> str:
    """The name of an output's file, safe in an address and on a disk."""
    return safe_name(output.filename or name_in_link(output.url or ""))


def thumbnail_address(pk: int, address: Address) -> str:
    """The address of a stored file's thumbnail; of the file itself where it has none."""
    return f"{address(pk, THUMBNAIL_NAME)}?small"
