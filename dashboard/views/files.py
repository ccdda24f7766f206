"""Serves kept files: never as anything that could run as our own pages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from dashboard.domain.keeping import name_in_link, safe_name
from dashboard.models import Kept, Output, Run
from dashboard.services import keep, shelf

BLOCK = 65_536
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, max-age=31536000, immutable",
    "Accept-Ranges": "bytes",
}

Address = Callable[[int, str], str]


@dataclass(slots=True)
class Copy:
    """A kept file, or why there is none, as a tile reads it."""

    url: str | None
    download_url: str | None
    thumb_url: str | None
    width: int | None
    height: int | None
    size: int | None
    type: str
    inline: bool
    why: str


def run_address(run: Run) -> Address:
    """The addresses of a run's kept files for those who are signed in."""
    return lambda pk, name: reverse("run_file", args=[run.uuid, pk, name])


def copy_of(kept: Kept, output: Output, address: Address) -> Copy:
    url = None if kept.why else address(kept.pk, name_of(output))
    return Copy(
        url=url,
        download_url=url and f"{url}?download",
        thumb_url=None,
        width=kept.width,
        height=kept.height,
        size=kept.size if url else None,
        type=kept.type,
        inline=kept.inline,
        why=kept.why,
    )


def name_of(output: Output) -> str:
    return safe_name(output.filename or name_in_link(output.url or ""))


@require_safe
def file(request: HttpRequest, run_id: UUID, pk: int, name: str) -> HttpResponseBase:
    kept = get_object_or_404(Kept, pk=pk, run__uuid=run_id, why="")
    return serve(request, kept, name, download="download" in request.GET)


def serve(request: HttpRequest, kept: Kept, name: str, *, download: bool) -> HttpResponseBase:
    """The kept file, whole or the range that was asked for; the caller has decided who may."""
    headers = {**HEADERS, "ETag": f'"{kept.sha256}"'}
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    if not shelf.is_there(kept):
        keep.gone(kept)
        raise Http404
    headers["Content-Disposition"] = _disposition(kept, name, download)
    asked = _range(request, kept.size, headers["ETag"])
    if asked == ():
        headers["Content-Range"] = f"bytes */{kept.size}"
        return HttpResponse(status=416, headers=headers)
    first, last = asked or (0, kept.size - 1)
    if asked:
        headers["Content-Range"] = f"bytes {first}-{last}/{kept.size}"
    headers["Content-Length"] = str(last - first + 1)
    return StreamingHttpResponse(
        () if request.method == "HEAD" else _blocks(kept, first, last),
        status=206 if asked else 200,
        content_type=kept.type if kept.inline else "application/octet-stream",
        headers=headers,
    )


def _disposition(kept: Kept, name: str, download: bool) -> str:
    how = "inline" if kept.inline and not download else "attachment"
    return f"{how}; filename*=UTF-8''{quote(safe_name(name), safe='')}"


def _range(request: HttpRequest, size: int, etag: str) -> Any:
    """First and last byte that are asked for; None for all of them, () for what is not there."""
    found = ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    if not first:
        if not last:
            return None
        return (max(0, size - int(last)), size - 1) if int(last) and size else ()
    if last and int(last) < int(first):
        return None
    return (int(first), min(int(last or size), size - 1)) if int(first) < size else ()


def _blocks(kept: Kept, first: int, last: int) -> Iterator[bytes]:
    with shelf.storage().open(kept.name) as handle:
        handle.seek(first)
        left = last - first + 1
        while left > 0 and (block := handle.read(min(BLOCK, left))):
            left -= len(block)
            yield block
