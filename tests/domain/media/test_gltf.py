"""A GLTF with all in it becomes the same model as GLB."""

import json
from typing import Any

import pytest

from dashboard.domain.media.gltf import glb_of
from dashboard.simulator.media import FILES
from tests.gltf_models import data, parts_of, vase


def model(**given: Any) -> bytes:
    return json.dumps({"asset": {"version": "2.0"}, **given}).encode()


def views(glb: bytes) -> list[bytes]:
    told, chunk = parts_of(glb)
    spans = [(view.get("byteOffset", 0), view["byteLength"]) for view in told["bufferViews"]]
    return [chunk[start : start + length] for start, length in spans]


def test_every_view_finds_its_bytes_in_the_one_buffer() -> None:
    made = glb_of(vase())
    assert made is not None
    assert views(made) == views((FILES / "vase.glb").read_bytes())
    told, chunk = parts_of(made)
    assert told["buffers"] == [{"byteLength": len(chunk)}]
    assert {view["buffer"] for view in told["bufferViews"]} == {0}


def test_buffers_of_any_length_start_where_four_bytes_do() -> None:
    buffers = [{"uri": data(b"abcde"), "byteLength": 5}, {"uri": "data:,x%00z", "byteLength": 3}]
    inside = [
        {"buffer": 1, "byteLength": 2, "byteOffset": 1},
        {"buffer": 0, "byteLength": 5},
    ]
    made = glb_of(model(buffers=buffers, bufferViews=inside))
    assert made is not None
    assert views(made) == [b"\0z", b"abcde"]


def test_packed_views_are_moved_too() -> None:
    buffers = [{"uri": data(b"abcd"), "byteLength": 4}, {"uri": data(b"efgh"), "byteLength": 4}]
    packed = {"EXT_meshopt_compression": {"buffer": 1, "byteLength": 4}}
    view = {"buffer": 0, "byteLength": 4, "extensions": packed}
    made = glb_of(model(buffers=buffers, bufferViews=[view]))
    assert made is not None
    moved = parts_of(made)[0]["bufferViews"][0]["extensions"]["EXT_meshopt_compression"]
    assert (moved["buffer"], moved["byteOffset"]) == (0, 4)


def test_a_model_without_buffers_is_one_chunk() -> None:
    made = glb_of(model(nodes=[{}]))
    assert made is not None
    assert parts_of(made) == ({"asset": {"version": "2.0"}, "nodes": [{}]}, b"")


@pytest.mark.parametrize(
    "body",
    [
        model(buffers=[{"uri": "vase.bin", "byteLength": 4}]),
        model(buffers=[{"byteLength": 4}]),
        model(buffers=[{"uri": "data:;base64,a", "byteLength": 4}]),
        model(buffers=[{"uri": data(b"abcd")}], bufferViews=[{"buffer": 7}]),
        model(buffers=[{"uri": data(b"abcd")}], bufferViews=[3]),
        model(buffers=7),
        model(images=[{"uri": "wood.png"}]),
        b'{"asset": {"version": "1.0"}}',
        b'{"seed": 1}',
        b"[]",
        b"[" * 100_000,
        b"not json",
        b"\xff\xfe",
    ],
)
def test_what_is_not_whole_or_not_gltf_is_refused(body: bytes) -> None:
    assert glb_of(body) is None
