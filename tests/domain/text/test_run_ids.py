"""Run IDs in whatever is pasted."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.text.run_ids import MAX_IDS, find_run_ids
from tests.conftest import SAMPLES
from tests.growth import grows_with_its_text, repeated

RUN = UUID("9b3711ad-d3b9-4081-b567-0185bedeeca3")
CASES = json.loads((SAMPLES / "pastes.json").read_text())


def ids(text: str) -> list[UUID]:
    return list(find_run_ids(text).ids)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_paste_gives_its_runs(case: dict[str, Any]) -> None:
    assert [str(run_id) for run_id in ids(case["text"])] == case["ids"]


def test_at_most_200_are_taken_and_the_rest_counted() -> None:
    many = [uuid4() for _ in range(250)]
    found = find_run_ids("\n".join(map(str, [*many, *many])))
    assert found.ids == tuple(many[:MAX_IDS])
    assert found.skipped == 50


HOSTILE = {  # what a text begins with, and what it goes on with
    "brackets": ("", "["),
    "objects": ("", '{"a":'),
    "lines of objects": ("", '{"a":[\n'),
    "hex": ("", "0123456789abcdef"),
    "hyphens": ("", "-"),
    "almost": ("0" * 8, "-0000"),
    "links": ("", "/run/"),
    "parameters": ("", "?run-id="),
    "keys": ("", '"run_id":"'),
    "percents": ("", "%7B"),
    "spaces": ("'run_id'", " "),
    "ids": ("", f"{RUN} "),
    "surrogates": ("", "\ud800"),
    "cut lines": ("", "0\n"),
    "indented lines": ("", "12345678-0000\n" + " " * 40),
    "quoted lines": ("0", "=\n> > "),
    "soft breaks": ("", "0=\n"),
    "colours": ("", "\x1b[1;"),
    "spelled colours": ("", "\\\\\\\\u001b["),
    "lost colours": ("", "[0;"),
    "backslashes": ("", "\\"),
    "invisible": ("", "0\u200b"),
    "percents of percents": ("", "%25"),
    "entities": ("", "&amp;"),
    "long entities": ("", "&#0"),
    "keyed values": ("", "'run_id':'" + "0" * 31),
    "combining marks": ("", "\u0315\u0300"),
    "backspaces": ("a" * 9000, "\b"),
}
hostile = pytest.mark.parametrize(("head", "unit"), HOSTILE.values(), ids=HOSTILE.keys())


@hostile
def test_anything_is_read_in_time_linear_in_its_length(head: str, unit: str) -> None:
    assert grows_with_its_text(find_run_ids, lambda size: head + repeated(unit, size))


@pytest.mark.slow
@hostile
def test_a_megabyte_of_anything_is_read(head: str, unit: str) -> None:
    found = find_run_ids(head + repeated(unit, 1_000_000))
    assert found.ids == ((RUN,) if str(RUN) in unit else ())


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
    assert len(set(found.ids)) == len(found.ids) and found.skipped == 0
