"""Serves kept files: never as anything that could run as our own pages."""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from dashboard.domain.media.gltf import MAX, glb_of
from dashboard.domain.media.sniffing import JSON
from dashboard.domain.media.stored_files import safe_name
from dashboard.models import StoredFile
from dashboard.services.files import file_queue, file_store, strip_metadata

log = logging.getLogger(__name__)
GLB = "model/gltf-binary"
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, max-age=31536000, immutable",
    "Accept-Ranges": "bytes",
}


@dataclass(slots=True)
class Served:
    """What lies on the shelf and is asked for: the file, or its small picture."""

    kept: StoredFile
    place: str
    size: int
    content_type: str
    etag: str
    inline: bool
    name: str
    small: bool = False
    as_glb: bool = False
    body: strip_metadata.Body | None = None  # in place of what lies on the shelf

    def clean(self) -> bool:
        """Leaves out what tells of the inputs; False where that cannot be done."""
        return self.small or self._give(
            strip_metadata.stripped_body(self.kept)
        )  # the small one is drawn by us

    def convert(self) -> bool:
        """As GLB, of the cleaned file where it was cleaned; False where that cannot be done."""
        glb = glb_of(b"".join(self.blocks(0, self.size - 1)))
        return self._give(None if glb is None else strip_metadata.Body(self.place, [glb]))

    def _give(self, body: strip_metadata.Body | None) -> bool:
        if body is None:
            return False
        self.body, self.size = body, body.size
        return True

    def blocks(self, first: int, last: int) -> Iterable[bytes]:
        if self.body is not None:
            return self.body.blocks(first, last)
        return file_store.read_range(self.place, first, last)


def serve(
    request: HttpRequest, kept: StoredFile, name: str, *, clean: bool = False
) -> HttpResponseBase:
    """The kept file or its small picture (`?small`), whole or the range that was asked for.

    The caller has decided who may; `clean` is for those who are not to see the inputs.
    """
    asked = _asked(request, kept, name)
    headers = {**HEADERS, "ETag": asked.etag}
    if clean:
        # The whole file's own sum would tell whether a guess at what was taken out is right.
        other = salted_hmac("runboard.clean", asked.etag, algorithm="sha256").hexdigest()
        headers["ETag"] = asked.etag = f'"{other}"'
    if asked.etag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    try:
        there = file_store.is_whole(asked.place, asked.size)
        if not there:
            thumbnail_alone = asked.small and not kept.why
            mark = file_queue.mark_thumbnail_missing if thumbnail_alone else file_queue.mark_missing
            mark(kept)
        ready = there and (not clean or asked.clean()) and (not asked.as_glb or asked.convert())
    except OSError as error:
        log.error("A kept file could not be read: %s", error)
        return HttpResponse("The place of kept files cannot be read. Try again.", status=503)
    if not ready:
        raise Http404
    return _answer(request, asked, headers)


def _asked(request: HttpRequest, kept: StoredFile, name: str) -> Served:
    if "small" in request.GET and kept.thumb_size:
        etag = f'"{kept.sha256}-small"'
        return Served(
            kept, kept.thumb_name, kept.thumb_size, "image/webp", etag, True, name, small=True
        )
    if kept.why:
        raise Http404
    if "glb" in request.GET and kept.type == JSON and kept.length <= MAX:
        etag = f'"{kept.sha256}-glb"'
        return Served(kept, kept.name, kept.length, GLB, etag, False, name, as_glb=True)
    inline = kept.inline and "download" not in request.GET
    kind = kept.type if kept.inline else "application/octet-stream"
    return Served(kept, kept.name, kept.length, kind, f'"{kept.sha256}"', inline, name)


def _answer(request: HttpRequest, asked: Served, headers: dict[str, str]) -> HttpResponseBase:
    how = "inline" if asked.inline else "attachment"
    name = quote(safe_name(asked.name), safe="")
    headers["Content-Disposition"] = f"{how}; filename*=UTF-8''{name}"
    bounds = _range(request, asked.size, asked.etag)
    if bounds == ():
        headers["Content-Range"] = f"bytes */{asked.size}"
        return HttpResponse(status=416, headers=headers)
    first, last = bounds or (0, asked.size - 1)
    if bounds:
        headers["Content-Range"] = f"bytes {first}-{last}/{asked.size}"
    headers["Content-Length"] = str(last - first + 1)
    blocks = () if request.method == "HEAD" else asked.blocks(first, last)
    return StreamingHttpResponse(
        blocks,
        status=206 if bounds else 200,
        content_type=asked.content_type,
        headers=headers,
    )


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
