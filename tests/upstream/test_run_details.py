"""Node times and errors in the older list of runs."""

import json
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.upstream.errors import BadAnswer
from dashboard.upstream.run_details import details_path, read_details
from tests.conftest import SAMPLES

FOLDER = SAMPLES / "nodes"
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=8,
)
NODE_ROWS = st.lists(
    st.fixed_dictionaries({"id": ANYTHING, "time": ANYTHING, "class_type": ANYTHING}), max_size=4
)
ODD_OUTPUTS = st.lists(
    st.one_of(
        ANYTHING,
        st.fixed_dictionaries({"data": st.one_of(ANYTHING, NODE_ROWS), "created_at": ANYTHING}),
    ),
    max_size=4,
)
ODD_ROWS = st.one_of(
    ANYTHING,
    st.fixed_dictionaries(
        {
            "id": st.uuids().map(str),
            "status": ANYTHING,
            "ended_at": ANYTHING,
            "outputs": st.one_of(ANYTHING, ODD_OUTPUTS),
        }
    ),
)


def posted(name: str) -> Any:
    return json.loads((FOLDER / "posted-bodies.json").read_text())[name]["output_data"]


def read(*datas: Any) -> Any:
    outputs = [{"id": str(uuid4()), "data": data, "node_meta": None} for data in datas]
    (found,) = read_details(json.dumps([{"id": str(uuid4()), "outputs": outputs}]).encode())
    return found


def test_a_captured_page_is_read() -> None:
    rows = {str(one.id)[:8]: one for one in read_details((FOLDER / "v1-runs.json").read_bytes())}
    assert len(rows) == 25
    words = {one.status for one in rows.values() if one.finished}
    assert words == {"success", "failed", "cancelled"}
    assert {name: len(one.nodes) for name, one in rows.items() if one.nodes} == {
        "d85e2d36": 11,
        "0fb394a9": 6,
        "bacc88f7": 11,
        "1a6e0455": 11,
    }
    failed = rows["0fb394a9"].error
    assert failed and (failed.node_id, failed.node_type) == ("3", "KSampler")
    assert failed.exception_type == "torch.OutOfMemoryError"
    assert failed.traceback and "comfy/samplers.py" in failed.traceback
    assert [name for name, one in rows.items() if one.error] == ["47e1c820", "729ff186", "0fb394a9"]


def test_a_refused_prompt_names_the_node() -> None:
    found = read(posted("plugin: validation error"))
    assert found.error
    assert (found.error.node_id, found.error.node_type) == ("4", "CheckpointLoaderSimple")
    assert found.error.exception_type == "prompt_outputs_failed_validation"
    assert "Value not in list" in found.error.message
    assert "sd_xl_base_1.0.safetensors" in found.error.message


def test_an_exception_before_the_prompt_was_accepted_has_its_class() -> None:
    found = read(posted("plugin: exception before the prompt was accepted"))
    assert found.error and found.error.exception_type == "KeyError"
    assert found.error.message == "KeyError: 'class_type'"
    assert found.error.traceback and found.error.traceback.startswith("Traceback")


def test_of_two_reports_the_later_holds() -> None:
    first, second = ([{"id": "1", "time": at, "class_type": "A"}] for at in (1, 2))
    assert [one.seconds for one in read(first, second).nodes] == [2.0]


@pytest.mark.parametrize("turned", [False, True])
def test_outputs_come_in_any_order(turned: bool) -> None:
    rows: list[Any] = [
        {"created_at": f"2026-11-26T22:12:{at}.500Z", "data": [row_of("1", at)]} for at in (10, 20)
    ]
    outputs = [{"data": [row_of("1", 5)]}, *(reversed(rows) if turned else rows)]
    (found,) = read_details(json.dumps([{"id": str(uuid4()), "outputs": outputs}]).encode())
    assert [one.seconds for one in found.nodes] == [20.0]


def row_of(node: str, seconds: float) -> dict[str, object]:
    return {"id": node, "time": seconds, "class_type": "A", "vram_used": 0}


def test_what_cannot_be_read_of_a_report_is_counted() -> None:
    found = read([row_of("1", 2), row_of("2", -1), None])
    assert (len(found.nodes), found.report.left_out) == (1, 2)


@pytest.mark.parametrize(
    ("row", "finished"),
    [
        ({"status": "success"}, True),
        ({"status": "timeout", "ended_at": None}, True),
        ({"status": "running", "ended_at": "2026-11-26T22:12:40.256Z"}, False),
        ({"status": "paused", "ended_at": "2026-11-26T22:12:40.256Z"}, True),
        ({"status": "paused"}, False),
        ({"status": 7}, False),
        ({}, False),
    ],
)
def test_a_row_tells_whether_its_run_is_over(row: dict[str, Any], finished: bool) -> None:
    (found,) = read_details(json.dumps([{"id": str(uuid4()), **row}]).encode())
    assert found.finished == finished


@given(st.lists(ODD_ROWS, max_size=5))
def test_any_list_is_read_into_sane_rows(rows: list[Any]) -> None:
    for one in read_details(json.dumps(rows).encode()):
        told = [node.stored() for node in one.nodes]
        json.dumps([told, one.error.stored() if one.error else None, one.status], allow_nan=False)


@pytest.mark.parametrize(
    "outputs", [None, {}, "x", [None, 3, {"data": None}, {"data": [[1]]}, {"data": ["x"]}]]
)
def test_odd_outputs_tell_nothing(outputs: Any) -> None:
    body = json.dumps([None, 7, {"id": "x"}, {"id": str(uuid4()), "outputs": outputs}]).encode()
    (found,) = read_details(body)
    assert (found.nodes, found.error) == ((), None)


@pytest.mark.parametrize("body", [b"{}", b"null", b"", b'"x"'])
def test_no_list_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        read_details(body)


def test_secrets_are_masked() -> None:
    error = {"exception_type": "E", "exception_message": "Bearer sk-FAKEFAKEFAKEFAKEFAKE1234"}
    found = read(error)
    assert found.error and "FAKEFAKE" not in found.error.message


def test_the_workflows_id_is_quoted() -> None:
    assert details_path("a/b", 40) == "/workflow/a%2Fb/runs?limit=20&offset=40"
