"""Outputs without a copy of their file: why there is none, where no copying was tried."""

from typing import Protocol

from dashboard.domain.media.kinds import IMAGE, VIDEO

KEEP_NONE, KEEP_THUMBNAILS, KEEP_ALL = "none", "thumbnails", "all"
"""What may be stored of the files, as KEEP_OUTPUTS and KEEP_BACKFILL say it."""

_STRICTEST_FIRST = (KEEP_NONE, KEEP_THUMBNAILS, KEEP_ALL)


class OutputLink(Protocol):
    """The fields of an output that decide whether its file would be copied."""

    url: str | None
    unsafe: bool
    kind: str


def stricter(keep: str, other: str) -> str:
    """The one of two settings that lets less be stored."""
    return min(keep, other, key=_STRICTEST_FIRST.index)


def absent_reason(output: OutputLink, *, finished: bool, keep: str, past: bool = False) -> str:
    """Why nothing is stored for an output, as a word of `REASONS`; "" where it has no file.

    `past` tells that `keep` holds for runs of before the first start alone.
    """
    if not output.url or output.unsafe:
        return ""
    if keep == KEEP_NONE:
        return "past" if past else "off"
    if not finished:
        return "live"
    alone = keep == KEEP_THUMBNAILS and output.kind not in (IMAGE, VIDEO)
    return "small" if alone else "never"


def is_put_off(reason: str, keep: str) -> bool:
    """Whether a copy is still to be made though files are no longer stored."""
    return reason == "waiting" and keep == KEEP_NONE
