"""A glTF file that carries its buffers in itself, as one GLB: pages may not ask for `data:`."""

import binascii
import json
import struct
from base64 import b64decode
from typing import Any
from urllib.parse import unquote_to_bytes

MAX = 20_000_000
"""Bytes of a file that is converted: it is held in memory."""

_MAGIC, _VERSION, _JSON, _BIN = b"glTF", 2, b"JSON", b"BIN\0"
_PACKED = "EXT_meshopt_compression"


def glb_of(body: bytes) -> bytes | None:
    """The same model as GLB; None where it is not glTF 2, or refers to other files."""
    try:
        model = json.loads(body)
        _check(model)
        return _packed_glb(model, _merge(model))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def _check(model: Any) -> None:
    if not str(model["asset"]["version"]).startswith("2."):
        raise ValueError("not glTF 2")
    for image in model.get("images", ()):
        if not _is_data(image.get("uri", "data:")):
            raise ValueError("an image is in another file")


def _merge(model: Any) -> bytes:
    """Puts all buffers into one, which has no address, and the views where they are now."""
    pieces: list[bytes] = []
    starts: list[int] = []
    at = 0
    for buffer in model.get("buffers", ()):
        piece = _padded(_data(buffer["uri"]), b"\0")
        pieces.append(piece)
        starts.append(at)
        at += len(piece)
    for view in model.get("bufferViews", ()):
        for one in (view, view.get("extensions", {}).get(_PACKED)):
            if one is not None:
                one["byteOffset"] = one.get("byteOffset", 0) + starts[one["buffer"]]
                one["buffer"] = 0
    if pieces:
        model["buffers"] = [{"byteLength": at}]
    return b"".join(pieces)


def _is_data(uri: str) -> bool:
    return uri[:5].lower() == "data:"


def _data(uri: str) -> bytes:
    head, comma, text = uri.partition(",")
    if not (comma and _is_data(head)):
        raise ValueError("a buffer is in another file")
    if not head.lower().endswith(";base64"):
        return unquote_to_bytes(text)
    try:
        return b64decode(text)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _packed_glb(model: Any, chunk: bytes) -> bytes:
    text = _padded(json.dumps(model, separators=(",", ":")).encode(), b" ")
    parts = [struct.pack("<I4s", len(text), _JSON), text]
    if chunk:
        parts += [struct.pack("<I4s", len(chunk), _BIN), chunk]
    size = 12 + sum(map(len, parts))
    return b"".join([struct.pack("<4sII", _MAGIC, _VERSION, size), *parts])


def _padded(piece: bytes, filler: bytes) -> bytes:
    """Filled up to a multiple of four, as both chunks have to be."""
    return piece + filler * (-len(piece) % 4)
