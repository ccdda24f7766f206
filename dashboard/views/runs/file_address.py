"""Where a run's stored files are to be had, as its pages and share links name them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from dashboard.domain.media.stored_files import name_in_link, safe_name
from dashboard.models import Output, Run, StoredFile

SMALL = "small.webp"


Address = Callable[[int, str], str]


@dataclass(slots=True)
class Copy:
    """A kept file, or why there is none, as a tile reads it."""

    url: str | None
    download_url: str | None
    thumb_url: str | None
    width: int | None
    height: int | None
    seconds: float | None
    size: int | None
    type: str
    inline: bool
    why: str


def run_address(run: Run) -> Address:
    """The addresses of a run's kept files for those who are signed in."""
    return lambda pk, name: reverse("run_file", args=[run.uuid, pk, name])


def copy_of(kept: StoredFile, output: Output, address: Address) -> Copy:
    url = None if kept.why else address(kept.pk, name_of(output))
    return Copy(
        url=url,
        download_url=url and f"{url}?download",
        thumb_url=small_address(address(kept.pk, SMALL)) if kept.thumb_size else None,
        width=kept.width,
        height=kept.height,
        seconds=kept.seconds,
        size=kept.length if url else None,
        type=kept.type,
        inline=kept.inline,
        why=kept.why,
    )


def name_of(output: Output) -> str:
    return safe_name(output.filename or name_in_link(output.url or ""))


def small_address(address: str) -> str:
    return f"{address}?small"
