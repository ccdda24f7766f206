"""3D models: what ComfyUI writes into a model's `extras` goes."""

import json

from dashboard.domain.media.strip_metadata.ranges import Chunk, NotStrippable, Read, length

MAX = 20_000_000  # bytes of JSON: more is not read
NOTES = ("extras", "KHR_xmp_json_ld", "KHR_xmp")
HEAD = b"glTF" + (2).to_bytes(4, "little")


def glb(read: Read, size: int) -> list[Chunk]:
    if read(0, 8) != HEAD:
        raise NotStrippable
    found: list[Chunk] = []
    at = 12
    while at + 8 <= size:
        head = read(at, 8)
        end = min(at + 8 + int.from_bytes(head[:4], "little"), size)
        if head[4:] == b"JSON":
            model = _json(read, at + 8, end)
            if model is None:
                raise NotStrippable
            found.append(_chunk(_plain(model)))
        elif head[4:] == b"BIN\0":
            found.append((at, end))
        at = end
    whole = 12 + sum(map(length, found))
    return [HEAD + whole.to_bytes(4, "little"), *found]


def gltf(read: Read, size: int) -> list[Chunk]:
    """A model written as JSON; any other JSON is what the run made, and stays as it is."""
    value = _json(read, 0, size)
    if value is None and b'"asset"' in read(0, size):  # others may read what we cannot
        raise NotStrippable
    is_model = isinstance(value, dict) and isinstance(value.get("asset"), dict)
    return [_plain(value)] if is_model else [(0, size)]


def _json(read: Read, start: int, end: int) -> object:
    """The value, or None for what is no JSON."""
    if end - start > MAX:
        raise NotStrippable
    try:
        return json.loads(read(start, end - start))
    except (ValueError, RecursionError):
        return None


def _plain(value: object) -> bytes:
    """The same without notes, at whatever depth."""
    inside = [value]
    while inside:
        one = inside.pop()
        if isinstance(one, dict):
            for name in NOTES:
                one.pop(name, None)
            inside.extend(one.values())
        elif isinstance(one, list):
            inside.extend(one)
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(errors="replace")


def _chunk(text: bytes) -> bytes:
    text += b" " * (-len(text) % 4)
    return len(text).to_bytes(4, "little") + b"JSON" + text
