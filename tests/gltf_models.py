"""A 3D model as GLTF with all in it, made from the demo's GLB."""

import json
import struct
from base64 import b64encode
from typing import Any

from dashboard.simulator.media import FILES

Parts = tuple[dict[str, Any], bytes]


def parts_of(glb: bytes) -> Parts:
    """The JSON and the buffer of a GLB."""
    magic, version, size = struct.unpack("<4sII", glb[:12])
    assert (magic, version, size) == (b"glTF", 2, len(glb))
    length, kind = struct.unpack("<I4s", glb[12:20])
    model, rest = json.loads(glb[20 : 20 + length]), glb[20 + length :]
    assert (kind, length % 4) == (b"JSON", 0)
    if not rest:
        return model, b""
    length, kind = struct.unpack("<I4s", rest[:8])
    assert (kind, length) == (b"BIN\0", len(rest) - 8)
    return model, rest[8:]


def vase(picture: bytes = b"") -> bytes:
    """The demo's vase with a buffer for each of its views, and a picture where one is given."""
    model, chunk = parts_of((FILES / "vase.glb").read_bytes())
    model["buffers"] = []
    for number, view in enumerate(model["bufferViews"]):
        start = view.pop("byteOffset", 0)
        view["buffer"] = number
        body = chunk[start : start + view["byteLength"]]
        model["buffers"].append({"byteLength": len(body), "uri": data(body)})
    if picture:
        model["images"] = [{"uri": data(picture, "image/png")}]
        model["textures"] = [{"source": 0}]
        surface = model["materials"][0].setdefault("pbrMetallicRoughness", {})
        surface["baseColorTexture"] = {"index": 0}
    return json.dumps(model).encode()


def data(body: bytes, kind: str = "application/octet-stream") -> str:
    return f"data:{kind};base64,{b64encode(body).decode()}"
