"""The panel of a failure: kinds told apart, the node named, the copy as Markdown."""

from typing import Any

import pytest

from dashboard.presentation.run.failure import LOOKED, LogState, failure
from tests.timed_run import at, bare, done

API = {"30": {"class_type": "VHS_VideoCombine", "_meta": {"title": "Video Combine"}}}
MEMORY = {"message": "CUDA out of memory. Tried to allocate 2.37 GiB", "node_id": "30"}
TIMEOUT = done(status="timeout")
SENT = bare("failed", queued_at=at(1), ended_at=at(20))


@pytest.mark.parametrize(
    ("run", "error", "title", "cause"),
    [
        (done(status="failed"), MEMORY, "Video Combine ran out of GPU memory", "out-of-memory"),
        (
            done(status="failed"),
            {"message": "Value not in list: sampler", "node_type": "KSampler"},
            "KSampler rejected its inputs",
            "invalid-inputs",
        ),
        (done(status="failed"), {"message": "boom"}, "The run stopped with an error", None),
        (done(status="failed"), None, "The run failed", None),
        (SENT, None, "ComfyUI didn't start", "start-up"),
        (bare("failed"), None, "The run failed before a machine took it", "not-sent"),
        (TIMEOUT, None, "Exceeded the machine's time limit", "timed-out"),
        (bare("timeout"), None, "The run stopped sending updates", None),
    ],
)
def test_kinds_of_failure_are_told_apart(run: Any, error: Any, title: str, cause: Any) -> None:
    found = failure(run, error, API)
    assert found and found.title == title
    assert (found.cause.word if found.cause else None) == cause


def test_only_failed_and_timed_out_runs_have_the_panel() -> None:
    assert failure(done(), None, None) is None
    assert failure(bare("cancelled"), None, None) is None


def test_where_only_the_last_node_is_known_it_says_just_that() -> None:
    found = failure(done(status="failed", live_status="Executing KSampler"), None, None)
    assert found and (found.last_node, found.message, found.node.name) == ("KSampler", None, None)


def test_the_traceback_says_how_long_it_is_and_where_it_ends() -> None:
    trace = 'Traceback:\n  File "/a/b/videohelpersuite/nodes.py", line 412, in save\nError: x'
    found = failure(done(status="failed"), {**MEMORY, "traceback": trace}, API)
    assert found and found.trace_note == "3 lines, ends in videohelpersuite/nodes.py:412"


def test_fences_of_the_markdown_outlast_those_inside() -> None:
    found = failure(done(status="failed"), {**MEMORY, "message": "a ``` b"}, API)
    assert found
    text = found.markdown("7c1e", "http://testserver/runs/7c1e/")
    assert text.startswith("**Video Combine stopped with an error**")
    assert "- Node: 30, `VHS_VideoCombine`" in text and "````text\na ``` b\n````" in text


def test_a_killed_run_says_what_is_known_and_where_it_was_looked() -> None:
    told = {"message": None, "cause": "killed", "exit_code": 137}
    found = failure(done(status="failed", live_status="Executing KSampler"), told, None)
    assert found
    assert found.title == "The machine ended the process: usually too little memory"
    assert (found.message, found.exit_code, found.last_node) == (None, 137, "KSampler")
    assert found.looked == "No error text in the outputs or the log."
    text = found.markdown("7c1e", "http://testserver/runs/7c1e/")
    assert "Exit code: 137" in text and "Last node seen: `KSampler`" in text
    assert found.looked in text


@pytest.mark.parametrize("state", LogState)
def test_only_a_run_that_has_just_ended_is_promised_its_log(state: LogState) -> None:
    found = failure(done(status="failed"), None, None, state)
    assert found and found.looked == LOOKED[state]
    assert ("yet" in found.looked) == (state == LogState.SOON)
    assert "30 s" not in found.looked


@pytest.mark.parametrize(
    ("error", "title"),
    [
        ({"message": "x", "cause": "misfit"}, "Incompatible models or sizes"),
        ({"message": "x", "cause": "missing-model"}, "Model file not found"),
        (
            {"message": "x", "cause": "network", "node_type": "OllamaChat"},
            "OllamaChat couldn't reach a service",
        ),
        (
            {"message": "x", "cause": "killed", "node_type": "KSampler"},
            "The machine ended the process: usually too little memory",
        ),
    ],
)
def test_a_heading_names_the_node_where_one_is_to_blame(error: Any, title: str) -> None:
    found = failure(done(status="failed"), error, None)
    assert found and found.title == title
