"""Serves stored files: never as anything that could run as a page of this site."""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
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
class FileAnswer:
    """What a request gets of a stored file: the file, the same as GLB, or its thumbnail."""

    stored: StoredFile
    place: str  # its name in the file store
    size: int  # bytes
    content_type: str
    etag: str
    inline: bool
    name: str  # of the download
    is_thumbnail: bool = False
    as_glb: bool = False
    body: strip_metadata.Body | None = None  # in place of the bytes of the file store

    def clean(self) -> bool:
        """Leaves out metadata that shows the inputs; False where that cannot be done."""
        # A thumbnail is drawn here and has no metadata of its own.
        return self.is_thumbnail or self._replace(strip_metadata.stripped_body(self.stored))

    def convert(self) -> bool:
        """Turns a GLTF into GLB, cleaned where it was cleaned; False where it cannot be done."""
        glb = glb_of(b"".join(self.blocks(0, self.size - 1)))
        return self._replace(None if glb is None else strip_metadata.Body(self.place, [glb]))

    def _replace(self, body: strip_metadata.Body | None) -> bool:
        if body is None:
            return False
        self.body, self.size = body, body.size
        return True

    def blocks(self, first: int, last: int) -> Iterable[bytes]:
        """The bytes from `first` to `last`, both included."""
        if self.body is not None:
            return self.body.blocks(first, last)
        return file_store.read_range(self.place, first, last)


def serve(
    request: HttpRequest, stored: StoredFile, name: str, *, clean: bool = False
) -> HttpResponseBase:
    """The stored file or its thumbnail (`?small`), whole or the range that the request names.

    The caller has decided who may read it; `clean` is for readers who are not to see the inputs.
    """
    answer = _find(request, stored, name)
    if clean:
        answer.etag = _clean_etag(answer.etag)
    headers = {**HEADERS, "ETag": answer.etag}
    if answer.etag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers=headers)
    try:
        ready = _prepare(answer, clean=clean)
    except OSError as error:
        log.error("A stored file could not be read: %s", error)
        return HttpResponse("Stored files can't be read right now. Try again.", status=503)
    if not ready:
        raise Http404
    return _respond(request, answer, headers)


def _clean_etag(etag: str) -> str:
    """Another tag: the whole file's own sum would confirm a guess at what was left out."""
    return f'"{salted_hmac("runboard.clean", etag, algorithm="sha256").hexdigest()}"'


def _prepare(answer: FileAnswer, *, clean: bool) -> bool:
    """Whether it can be sent; a file that is no longer in the file store is noted in its row."""
    if not file_store.is_whole(answer.place, answer.size):
        only_thumbnail = answer.is_thumbnail and not answer.stored.reason
        (file_queue.mark_thumbnail_missing if only_thumbnail else file_queue.mark_missing)(
            answer.stored
        )
        return False
    return (not clean or answer.clean()) and (not answer.as_glb or answer.convert())


def _find(request: HttpRequest, stored: StoredFile, name: str) -> FileAnswer:
    """What the query string asks for; 404 where there is no copy."""
    if "small" in request.GET and stored.thumb_size:
        etag = f'"{stored.sha256}-small"'
        place, size = stored.thumb_name, stored.thumb_size
        return FileAnswer(stored, place, size, "image/webp", etag, True, name, is_thumbnail=True)
    if stored.reason:
        raise Http404
    place, size = stored.name, stored.length
    if "glb" in request.GET and stored.type == JSON and size <= MAX:
        etag = f'"{stored.sha256}-glb"'
        return FileAnswer(stored, place, size, GLB, etag, False, name, as_glb=True)
    inline = stored.inline and "download" not in request.GET
    content_type = stored.type if stored.inline else "application/octet-stream"
    return FileAnswer(stored, place, size, content_type, f'"{stored.sha256}"', inline, name)


def _respond(request: HttpRequest, answer: FileAnswer, headers: dict[str, str]) -> HttpResponseBase:
    disposition = "inline" if answer.inline else "attachment"
    name = quote(safe_name(answer.name), safe="")
    headers["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{name}"
    bounds = _range(request, answer.size, answer.etag)
    if bounds == ():
        headers["Content-Range"] = f"bytes */{answer.size}"
        return HttpResponse(status=416, headers=headers)
    first, last = bounds or (0, answer.size - 1)
    if bounds:
        headers["Content-Range"] = f"bytes {first}-{last}/{answer.size}"
    headers["Content-Length"] = str(last - first + 1)
    blocks = () if request.method == "HEAD" else answer.blocks(first, last)
    return StreamingHttpResponse(
        blocks,
        status=206 if bounds else 200,
        content_type=answer.content_type,
        headers=headers,
    )


def _range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | tuple[()] | None:
    """The first and last byte of the request's range.

    None where all bytes are asked for; () for a range outside the file.
    """
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
