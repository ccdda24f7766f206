"""What is no run, what is broken, and any bytes: facts or a bad answer."""

import copy
import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.upstream.errors import BadAnswer
from dashboard.upstream.reader import read_run
from tests.upstream.reading import RUN, facts, sample, times

BAD = {
    "nothing": b"",
    "text": b"Internal Server Error",
    "html": b"<!doctype html><title>Sign in</title>",
    "cut": b'{"id":"40bec7a6-9c2f-4b62-af63-e6b66a47cf5a","status":"succ',
    "a list": b"[]",
    "null": b"null",
    "a string": b'"success"',
    "binary": bytes(range(256)),
    "utf-16": '{"id":1}'.encode("utf-16"),
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "no id": b'{"status":"success"}',
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_what_is_no_run_is_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer) as caught:
        read_run(body, RUN)
    assert str(caught.value).startswith("ComfyDeploy's answer")


@pytest.mark.parametrize(
    "value", [None, 5, "", "x", [], {}, "60bab57e-9f59-448d-bef4-a6fd602db8a4"]
)
def test_another_id_is_a_bad_answer(value: Any) -> None:
    with pytest.raises(BadAnswer):
        facts(sample("08"), id=value)


@pytest.mark.parametrize("value", [None, 5, "", " \n", [], {}, True])
def test_without_a_status_it_is_a_bad_answer(value: Any) -> None:
    with pytest.raises(BadAnswer):
        facts(sample("08"), status=value)


def test_only_id_and_status_are_needed() -> None:
    run = read_run(json.dumps({"id": str(RUN), "status": "running"}).encode(), RUN)
    assert (run.status, run.finished, run.progress, run.inputs) == ("running", False, None, None)
    assert (run.outputs, run.warnings, times(run)) == ((), (), [None] * 5)


def test_the_threshold_of_a_cold_start_is_given() -> None:
    body = json.dumps(sample("08")).encode()
    assert read_run(body, RUN, cold_after=0.5).start_kind == "cold"


def test_what_no_database_takes_is_made_harmless() -> None:
    body = (
        b'{"id":"%s","status":"run\\u0000ning","live_status":"a\\u0000b\\ud800c","gpu":"\\udfff",'
        b'"progress":NaN,"duration":Infinity,"queue_position":%s,"workflow_inputs":'
        b'{"k\\u0000":"v","big":%s,"huge":%s,"nan":[NaN,-Infinity,1e999]}}'
    ) % (str(RUN).encode(), b"9" * 30, b"9" * 4000, b"9" * 5000)
    run = read_run(body, RUN)
    assert run.status == "run\ufffdning"
    assert (run.live_status, run.gpu) == ("a\ufffdb\ufffdc", "\ufffd")
    assert (run.progress, run.total, run.queue_position) == (None, None, None)
    assert run.inputs == {
        "k\ufffd": "v",
        "big": int("9" * 4000),
        "huge": None,
        "nan": [None, None, None],
    }


def test_letters_that_are_no_utf8_are_replaced() -> None:
    body = b'\xef\xbb\xbf{"id":"%s","status":"running","gpu":"\xff"}' % str(RUN).encode()
    assert read_run(body, RUN).gpu == "\ufffd"


def test_what_is_nested_too_deep_is_unknown() -> None:
    deep: Any = "bottom"
    for _ in range(300):
        deep = [deep]
    run = facts(sample("08"), workflow_inputs={"deep": deep, "prompt": "a cat"})
    assert run.inputs["prompt"] == "a cat"
    assert "bottom" not in json.dumps(run.inputs)


def test_words_are_cut_to_their_columns_and_kept_whole_in_the_state() -> None:
    run = facts(sample("08"), gpu="x" * 5000, status="y" * 5000, live_status="z" * 5000)
    assert (len(run.gpu or ""), len(run.status), len(run.live_status or "")) == (200, 100, 5000)
    assert len(run.state["gpu"]) == 5000


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
TYPED = JSON | st.sampled_from([-1, 0, 2**80, 1e300, "", "\x00", "NaN", "2026-11-23T09:14Z"])


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_a_bad_answer(body: bytes) -> None:
    with pytest.raises(BadAnswer):
        read_run(body, RUN)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = [path] if path else []
    for key, item in inner if isinstance(value, dict | list) else ():
        found += places(item, (*path, key)) if isinstance(item, dict | list) else [(*path, key)]
    return found


MUTABLE = [
    (payload, places(payload))
    for payload in (sample(number) for number in ("05", "08", "25", "27", "40", "46", "x09", "028"))
]


@given(st.sampled_from(MUTABLE), st.data())
def test_any_change_of_any_sample_gives_facts_or_a_bad_answer(
    chosen: tuple[dict[str, Any], list[tuple[Any, ...]]], data: st.DataObject
) -> None:
    payload, paths = chosen
    sent = copy.deepcopy(payload)
    for path in data.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=4)):
        change(sent, path, data.draw(TYPED), gone=data.draw(st.booleans()))
    try:
        run = read_run(json.dumps(sent).encode(), UUID(payload["id"]))
    except BadAnswer:
        return
    assert all(value is None or 0 <= value <= 366 * 86400 for value in times(run))
    assert run.progress is None or 0 <= run.progress <= 1
    assert all(o.url is None or o.url.lower().startswith("http") for o in run.outputs)
    json.dumps([dict(run.state), run.inputs], allow_nan=False, ensure_ascii=False).encode()


def change(value: Any, path: tuple[Any, ...], to: Any, *, gone: bool) -> None:
    for step in path[:-1]:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return  # an earlier change has cut this branch
    try:
        if gone:
            del value[path[-1]]
        else:
            value[path[-1]] = to
    except (KeyError, IndexError, TypeError):
        return
