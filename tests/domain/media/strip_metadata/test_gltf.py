"""A model loses its extras at any depth."""

import json

from dashboard.simulator.media import FILES
from tests.domain.media.strip_metadata.noted import HIDDEN, SECRET, cleaned


def test_a_model_loses_its_extras_at_any_depth() -> None:
    vase = (FILES / "vase.glb").read_bytes()
    long = int.from_bytes(vase[12:16], "little")
    model = json.loads(vase[20 : 20 + long])
    model["asset"]["extras"] = {"prompt": SECRET}
    model["meshes"][0]["extras"] = [SECRET]
    text = json.dumps(model).encode()
    text += b" " * (-len(text) % 4)
    rest = vase[20 + long :] + len(HIDDEN).to_bytes(4, "little") + b"NOTE" + HIDDEN
    size = (20 + len(text) + len(rest)).to_bytes(4, "little")
    data = vase[:8] + size + len(text).to_bytes(4, "little") + b"JSON" + text + rest
    clean = cleaned("model/gltf-binary", data)
    plain = cleaned("model/gltf-binary", vase)
    assert clean is not None and HIDDEN not in clean
    assert clean == plain
    assert int.from_bytes(clean[8:12], "little") == len(clean)
    assert clean.endswith(vase[20 + long :])
    assert cleaned("model/gltf-binary", vase[:14]) == vase[:8] + b"\x0c\0\0\0"
    assert cleaned("model/gltf-binary", vase[:60]) is None, "broken"


def test_a_model_as_json_loses_them_and_other_json_stays() -> None:
    model = {"asset": {"version": "2.0", "extras": {"prompt": SECRET}}, "nodes": [1.5]}
    clean = cleaned("application/json", json.dumps(model).encode())
    assert clean is not None
    assert json.loads(clean) == {"asset": {"version": "2.0"}, "nodes": [1.5]}
    for text in (b'{"extras": 1}', b"[a log line]", b"[" * 5000, b"{}"):
        assert cleaned("application/json", text) == text
