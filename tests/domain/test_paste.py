"""Run IDs in whatever is pasted."""

import json
import time
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.paste import MOST_IDS, find_run_ids

RUN = UUID("9b3711ad-d3b9-4081-b567-0185bedeeca3")
SECOND = UUID("148268de-9925-541e-a65c-925082e806c4")
WORKFLOW = UUID("bdd5303c-a94b-5e91-a790-e945f311a0e9")
COMFY = f"https://app.comfydeploy.com/workflows/{WORKFLOW}/requests"


def ids(text: str) -> list[UUID]:
    return list(find_run_ids(text).ids)


@pytest.mark.parametrize(
    "text",
    [
        str(RUN), str(RUN).upper(), RUN.hex, RUN.hex.upper(), f"{{{RUN}}}", RUN.urn,
        f"  {RUN}\n", f"“{RUN}”", f"({RUN})", f"`{RUN}`.", f"run {RUN}, please", f"%7B{RUN}%7D",
        str(RUN).replace("-", "‑"), f"{RUN}.png", f"Run ID: {RUN}",
    ],
)  # fmt: skip
def test_an_id_in_any_spelling(text: str) -> None:
    assert ids(text) == [RUN]


@pytest.mark.parametrize(
    "text",
    [
        f"{COMFY}?run-id={RUN}",
        f"{COMFY}?view=x&run_id={RUN}&machine={SECOND}",
        f"{COMFY}?run-id={RUN.hex}",
        f"{COMFY}?run-id=%7B{RUN}%7D",
        f"{COMFY}#run-id={RUN}",
        f"app.comfydeploy.com/workflows/{WORKFLOW}?run-id={RUN}",
        f"https://api.comfydeploy.com/api/run/{RUN}?queue_position=true",
        f"http://127.0.0.1:8000/runs/{RUN}/",
        f"http://127.0.0.1:8000/runs/{RUN}.json",
        f"https://b.s3.amazonaws.com/outputs/runs/{RUN}/{SECOND}.png",
        f'curl "https://api.comfydeploy.com/api/run/{RUN}" -H "x: y"',
        f"[the run]({COMFY}?run-id={RUN})",
        f"<{COMFY}?run-id={RUN}|the run>",
    ],
)
def test_a_link_gives_its_run_and_nothing_else(text: str) -> None:
    assert ids(text) == [RUN]


def test_an_id_that_is_all_there_is_is_taken_wherever_it_stands() -> None:
    assert ids(COMFY) == [WORKFLOW]


def test_links_and_ids_side_by_side() -> None:
    assert ids(f"{COMFY}?run-id={RUN} and {SECOND}") == [RUN, SECOND]


@pytest.mark.parametrize(
    "value",
    [
        {"run_id": str(RUN)},
        {"run_id": str(RUN), "status": "queued", "id": str(WORKFLOW)},
        {"id": str(RUN), "status": "running", "workflow_id": str(WORKFLOW)},
        {"data": [{"a": {"id": RUN.hex.upper(), "status": None}}]},
        [{"run_id": RUN.urn}],
        {"id": str(WORKFLOW), "runs": [{"run_id": f"{{{RUN}}}"}]},
    ],
)
def test_json_gives_the_runs_it_names(value: object) -> None:
    assert ids(json.dumps(value)) == [RUN]
    assert ids(json.dumps(value, indent=2)) == [RUN]
    assert ids(f"data: {json.dumps(value)}\n\n") == [RUN]


def test_json_that_names_no_run_gives_every_id() -> None:
    assert ids(json.dumps([str(RUN), str(SECOND)])) == [RUN, SECOND]


def test_a_log_of_json_lines_gives_them_in_order() -> None:
    lines = [
        f"first {SECOND}",
        json.dumps({"run_id": str(RUN), "machine_id": str(WORKFLOW)}),
        f"again {RUN}",
    ]
    assert ids("\n".join(lines)) == [SECOND, RUN]


@pytest.mark.parametrize(
    "text",
    [
        f"{{'run_id': '{RUN}', 'workflow_id': '{WORKFLOW}'}}",
        f'{{"workflow_id": "{WORKFLOW}", "run_id": "{RUN}", "out',
    ],
)
def test_what_only_looks_like_json_gives_its_run(text: str) -> None:
    assert ids(text) == [RUN]


def test_each_id_comes_once_in_the_order_of_the_text() -> None:
    assert ids(f"{SECOND} {RUN} {str(SECOND).upper()} {RUN.hex}") == [SECOND, RUN]


def test_at_most_200_are_taken_and_the_rest_counted() -> None:
    many = [uuid4() for _ in range(250)]
    found = find_run_ids("\n".join(map(str, [*many, *many])))
    assert found.ids == tuple(many[:MOST_IDS])
    assert found.skipped == 50


@pytest.mark.parametrize(
    "text",
    [
        "", "a cat", "7c1e9f42", f"a{RUN.hex}", f"{RUN.hex}0", RUN.hex * 2, f"x{RUN}", f"{RUN}7",
        str(RUN)[:-1], "g" + str(RUN)[1:], f"{RUN.hex}_x", f"00-{RUN.hex}-b7ad6b7169203331-01",
        '{"id": "x", "status": "y"}', '{"run_id": 5}', '{"run_id": "', "%", "%zz",
    ],
)  # fmt: skip
def test_a_text_without_an_id_is_a_search(text: str) -> None:
    found = find_run_ids(f"  {text} \n")
    assert found.ids == ()
    assert found.search == text


HOSTILE = {
    "brackets": "[" * 1_000_000,
    "objects": '{"a":' * 200_000,
    "lines of objects": '{"a":[\n' * 140_000,
    "hex": "0123456789abcdef" * 62_500,
    "hyphens": "-" * 1_000_000,
    "almost": "0" * 8 + "-0000" * 200_000,
    "links": "/run/" * 200_000,
    "parameters": "?run-id=" * 125_000,
    "keys": '"run_id":"' * 100_000,
    "percents": "%7B" * 330_000,
    "spaces": "'run_id'" + " " * 1_000_000,
    "ids": f"{RUN} " * 27_000,
    "surrogates": "\ud800" * 1_000_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_megabyte_of_anything_is_read_at_once(text: str) -> None:
    start = time.perf_counter()
    find_run_ids(text)
    assert time.perf_counter() - start < 5


PIECES = st.sampled_from(
    [
        str(RUN),
        RUN.hex,
        "run_id",
        "run-id=",
        "/runs/",
        '"',
        "{",
        "}",
        ":",
        "[",
        ",",
        "\n",
        "%7B",
        " ",
    ]
)


@given(st.text() | st.lists(PIECES).map("".join))
def test_no_text_is_too_strange(text: str) -> None:
    found = find_run_ids(text)
    assert bool(found.ids) != (found.search == text.strip()) or not text.strip()
