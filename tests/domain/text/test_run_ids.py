"""Run IDs in whatever is pasted."""

import json
import re
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


OTHER = UUID("11111111-2222-4333-8444-555555555555")
BOTH = (  # R is the run, W the workflow
    "run_id=R workflow_id=W",
    "Workflow ID: W\nRun ID: R",
    "run id: R, machine id: W",
    "id: R\nworkflow_id: W\nstatus: failed",
    '{"id": "R", "workflow_id": "W", "status": "fai',
    '{"runId": "R", "workflowId": "W"}',
    "{runId: 'R', deploymentId: 'W'}",
    "RunResult(workflow_id=UUID('W'), run_id=UUID('R'))",
    "Run(id='R', machine='W')",
    'export RUN_ID="R" WORKFLOW_ID="W"',
    "&Run{ID:R WorkflowVersionID:W}",
    " id          | R\n workflow_id | W",
    "| workflow_id | W |\n| run | R |",
    "runId=R&workflowId=W",
    "%7B%22id%22%3A%22R%22%2C%22workflow_id%22%3A%22W%22%2C%22x",
    "https://app.comfydeploy.com/workflows/W?run-id=R",
    "https://app.comfydeploy.com/workflows/W/runs/R",
)


@pytest.mark.parametrize("text", BOTH)
def test_an_id_that_is_called_anothers_is_no_runs(text: str) -> None:
    told = re.sub(r"\bR\b|(?<=%22)R", str(RUN), text)
    told = re.sub(r"\bW\b|(?<=%22)W", str(OTHER), told)
    assert ids(told) == [RUN]


@pytest.mark.parametrize("head", ["workflow_id,run_id,at", "Machine ID,ID,at", "user-id,RunId,at"])
@pytest.mark.parametrize("sign", [",", ";", "\t", " | "])
@pytest.mark.parametrize("cell", ["{}", '"{}"', '="{}"'])
def test_of_a_table_the_column_of_runs_is_taken(head: str, sign: str, cell: str) -> None:
    rows = [[cell.format(OTHER), cell.format(run), "x,y"] for run in (RUN, uuid4())]
    text = "\r\n".join(sign.join(row) for row in (head.split(","), *rows))
    assert ids(text)[0] == RUN
    assert len(ids(text)) == 2
    assert OTHER not in ids(text)


@pytest.mark.parametrize("text", ["{W}", "workflow_id: {W}", "https://a.example/workflows/{W}"])
def test_without_another_it_is_taken(text: str) -> None:
    assert ids(text.replace("{W}", str(OTHER))) == [OTHER]


@pytest.mark.parametrize("text", ["the user\n{W}\n{R}", "compare workflow {W} and {R}", "{W} {R}"])
def test_words_that_name_no_field_leave_out_nothing(text: str) -> None:
    assert ids(text.replace("{W}", str(OTHER)).replace("{R}", str(RUN))) == [OTHER, RUN]


@given(st.integers(1, 35), st.sampled_from(("\\\n", " |\n| ", " │\n│ ", "\n  ", "=\n", "<wbr>")))
def test_an_id_is_found_over_a_break_of_any_terminal(at: int, gap: str) -> None:
    text = str(RUN)
    assert ids(f"| run {text[:at]}{gap}{text[at:]} |") == [RUN]


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
