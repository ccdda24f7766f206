"""Serves the files of runs at /media/<run id>/<name>, with the headers and errors of S3."""

import re
from threading import Lock
from urllib.parse import unquote
from uuid import UUID

from cachetools import LRUCache, cached

from dashboard.simulator.api import Request
from dashboard.simulator.http_replies import Reply
from dashboard.simulator.ids import decode
from dashboard.simulator.media import File, FileCache
from dashboard.simulator.seeded_random import digest
from dashboard.simulator.signing import refusal

SERVER = "AmazonS3"
MODIFIED = "Sun, 01 Nov 2026 09:00:00 GMT"
CODES = {
    "Access Denied": "AccessDenied",
    "Request has expired": "AccessDenied",
    "SignatureDoesNotMatch": "SignatureDoesNotMatch",
    "The specified key does not exist.": "NoSuchKey",
    "The specified method is not allowed against this resource.": "MethodNotAllowed",
    "The requested range is not satisfiable": "InvalidRange",
}
ONE_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")


class MediaStore:
    """Answers GET and HEAD for files; private ones need a signed link."""

    def __init__(self) -> None:
        self._store = FileCache()

    def answer(self, request: Request) -> Reply:
        folder, _, name = unquote(request.path.removeprefix("/media/")).partition("/")
        if request.method not in ("GET", "HEAD"):
            return error(405, "The specified method is not allowed against this resource.")
        if not folder or not name:
            return error(404, "The specified key does not exist.")
        if is_private(folder, name):
            refused = refusal(request.path, request.query, request.now)
            if refused:
                return error(403, refused)
        return serve(self._store.load(folder, name), request)


def is_private(folder: str, name: str) -> bool:
    """Whether the file needs a signed link."""
    try:
        return name in _private_names(UUID(folder))
    except ValueError:
        return False


@cached(LRUCache(256), lock=Lock())
def _private_names(run_id: UUID) -> frozenset[str]:
    ticket = decode(run_id)
    if ticket is None:
        return frozenset()
    reports = ticket.scenario.plan(ticket.seed).reports
    return frozenset(item.name for report in reports for item in report.items if item.private)


def serve(file: File, request: Request) -> Reply:
    """The whole file, the range that was asked for, 304 for a known ETag, or 416."""
    total = len(file.body)
    headers = (
        ("x-amz-request-id", digest("request", file.etag, request.now).hex()[:16].upper()),
        ("last-modified", MODIFIED),
        ("etag", file.etag),
        ("accept-ranges", "bytes"),
    )
    if request.headers.get("if-none-match") == file.etag:
        return Reply(304, content_type="", headers=headers, server=SERVER)
    span = read_range(request.headers.get("range", ""), total)
    if span is None:
        return Reply(200, file.body, file.content_type, headers, SERVER)
    first, last = span
    if first > last:
        refused = error(416, "The requested range is not satisfiable")
        return Reply(
            416,
            refused.body,
            refused.content_type,
            (("content-range", f"bytes */{total}"),),
            SERVER,
        )
    part = (*headers, ("content-range", f"bytes {first}-{last}/{total}"))
    return Reply(206, file.body[first : last + 1], file.content_type, part, SERVER)


def read_range(header: str, total: int) -> tuple[int, int] | None:
    """The first and last byte of the range; None = the whole file, first > last = no bytes."""
    match = ONE_RANGE.match(header)
    if not match or not (match[1] or match[2]):
        return None
    if not match[1]:
        return max(0, total - int(match[2])), total - 1
    return int(match[1]), min(int(match[2]) if match[2] else total - 1, total - 1)


def error(status: int, message: str) -> Reply:
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{CODES[message]}</Code><Message>{message}</Message></Error>"
    )
    return Reply(status, body.encode(), "application/xml", server=SERVER)
