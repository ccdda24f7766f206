"""Node times and errors in the older list of runs."""

import json
from typing import Any
from uuid import uuid4

import pytest

from dashboard.upstream.errors import BadAnswer
from dashboard.upstream.run_details import details_path, read_details
from tests.conftest import SAMPLES

FOLDER = SAMPLES / "nodes"


def posted(name: str) -> Any:
    return json.loads((FOLDER / "posted-bodies.json").read_text())[name]["output_data"]


def read(*datas: Any) -> Any:
    outputs = [{"id": str(uuid4()), "data": data, "node_meta": None} for data in datas]
    (found,) = read_details(json.dumps([{"id": str(uuid4()), "outputs": outputs}]).encode())
    return found


def test_a_captured_page_is_read() -> None:
    rows = {str(one.id)[:8]: one for one in read_details((FOLDER / "v1-runs.json").read_bytes())}
    assert len(rows) == 25
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
