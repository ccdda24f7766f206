"""Run IDs in whatever is pasted."""

import json
import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.text.run_ids import MAX_IDS, find_run_ids
from tests.conftest import SAMPLES

RUN = UUID("9b3711ad-d3b9-4081-b567-0185bedeeca3")
CASES = json.loads((SAMPLES / "pastes.json").read_text())


def ids(text: str) -> list[UUID]:
    return list(find_run_ids(text).ids)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_paste_gives_its_runs(case: dict[str, Any]) -> None:
    assert [str(run_id) for run_id in ids(case["text"])] == case["ids"]


@pytest.mark.parametrize(
    "case", [case for case in CASES if not case["ids"]], ids=lambda case: case["name"]
)
def test_a_text_without_an_id_is_a_search(case: dict[str, Any]) -> None:
    assert find_run_ids(f"  {case['text']} \n").search == case["text"]


def test_at_most_200_are_taken_and_the_rest_counted() -> None:
    many = [uuid4() for _ in range(250)]
    found = find_run_ids("\n".join(map(str, [*many, *many])))
    assert found.ids == tuple(many[:MAX_IDS])
    assert found.skipped == 50


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
