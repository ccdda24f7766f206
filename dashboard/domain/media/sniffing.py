"""The media type of a file by its first bytes; the server's own claim is ignored."""

import re

from dashboard.domain.text.encodings import encoding_of

HEAD = 4096
"""Bytes from a file's beginning that are enough."""

UNKNOWN = "application/octet-stream"
SVG, HTML, XML, TEXT, JSON = (
    "image/svg+xml",
    "text/html",
    "application/xml",
    "text/plain",
    "application/json",
)
GLB = "model/gltf-binary"

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"glTF", GLB),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"PK\x05\x06", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_AVIF = frozenset({b"avif", b"avis"})
_HEIC = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"})
_STILL = frozenset({b"mif1", b"mif2", b"miaf", b"msf1", b"MA1A", b"MA1B"})
_SOUND = frozenset({b"M4A ", b"M4B ", b"M4P "})
MOST_BRANDS = 64
_BITMAP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
_PAGE = re.compile(rb"<(!doctype\s+html|html|head|body|script|iframe|meta|title|style)\b", re.I)


def sniff(head: bytes) -> str:
    """The media type of a file that begins with these bytes.

    What could run in a browser (SVG, HTML, XML) has its own type, apart from images
    and plain text; `application/octet-stream` where nothing fits.
    """
    head = head[:HEAD]
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    return _boxed(head) or _streamed(head) or _written(head)


def _boxed(head: bytes) -> str | None:
    """Formats that name themselves behind a length."""
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _branded(head)
    if head[4:8] in (b"moov", b"mdat", b"wide"):
        return "video/quicktime"
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BITMAP_HEADERS:
        return "image/bmp"
    return None


def _branded(head: bytes) -> str:
    """The type by the major brand and by those that the file says it is compatible with."""
    length = min(int.from_bytes(head[:4], "big"), 16 + 4 * MOST_BRANDS)
    major = head[8:12]
    brands = {major, *(head[at : at + 4] for at in range(16, length - 3, 4))}
    if major in _HEIC or (major in _STILL and brands & _HEIC and not brands & _AVIF):
        return "image/heic"
    if brands & _AVIF or (major in _STILL and b"av01" in brands):
        return "image/avif"
    if major in _STILL:
        return "image/heic"
    if major == b"qt  ":
        return "video/quicktime"
    return "audio/mp4" if major in _SOUND else "video/mp4"


def _streamed(head: bytes) -> str | None:
    if head[:4] == b"\x1aE\xdf\xa3":
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head[:4] == b"OggS":
        return "video/ogg" if b"theora" in head[:128] else "audio/ogg"
    if len(head) < 3 or head[0] != 0xFF:
        return None
    if head[1] & 0xF6 == 0xF0:
        return "audio/aac"
    # A frame's start, with a version, layer 3, a bit rate and a sample rate that exist.
    layer_3 = head[1] & 0xE6 == 0xE2 and head[1] & 0x18 != 0x08
    return "audio/mpeg" if layer_3 and head[2] >> 4 != 15 and head[2] & 0x0C != 0x0C else None


def _written(head: bytes) -> str:
    if not head or not encoding_of(head, cut=len(head) == HEAD):
        return UNKNOWN
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text[:1] in (b"{", b"["):
        return JSON
    if re.search(rb"<svg\b", text, re.I) and text[:1] == b"<":
        return SVG
    if _PAGE.search(text):
        return HTML
    return XML if text[:5].lower() == b"<?xml" else TEXT
