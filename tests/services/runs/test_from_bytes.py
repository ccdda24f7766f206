"""From any bytes to the database: facts or the bad-answer error, nothing else."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.models import Run
from dashboard.services.runs.claims import claim
from dashboard.services.runs.fetch import track_run
from dashboard.upstream.errors import BadAnswer
from dashboard.upstream.reader import read_run
from tests.builders import NOON, answer, element, store_answer

pytestmark = pytest.mark.django_db
RUN_ID = UUID("7c1e9f42-3b0a-4d1e-9a57-2f6d0c88e1b4")

nasty = st.sampled_from(
    [
        None,
        True,
        0,
        -1,
        2**63,
        2**64,
        -(2**70),
        10**400,
        1e308,
        -0.0,
        "",
        "\x00",
        "\ud800",
        "nan",
        "1e999",
        "x" * 5000,
        [],
        {},
        [[]],
        {"a": None},
        "0001-01-01",
        "9999-12-31T23:59:59-14:00",
        "2026-11-23T09:14Z",
        1795425288,
        1795425288000,
        -62135596800,
        253402300800,
        "javascript:1",
        "https://[::1",
        "http://a:99999/x",
        "𝒳\u202e<b>",
        {"id": "a", "data": {"images": [{"url": 5}]}},
    ]
)
values = st.recursive(
    nasty | st.text(max_size=20) | st.integers() | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = sorted(answer())


def through(body: bytes) -> None:
    """Read and, where it is a run, stored and read back."""
    try:
        facts = read_run(body, RUN_ID)
    except BadAnswer:
        return
    run = track_run(RUN_ID)
    token = claim(run, NOON, even_if_not_due=True)
    assert token is not None
    run.refresh_from_db()
    store_answer(run, token, facts, NOON)
    stored = Run.objects.get(uuid=RUN_ID)
    assert stored.status == facts.status
    assert stored.outputs.count() == len(facts.outputs)


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda t: t.encode("utf-16", "ignore")))
def test_any_bytes(body: bytes) -> None:
    through(body)


@given(st.dictionaries(st.sampled_from(FIELDS), values, max_size=6), st.lists(values, max_size=3))
@settings(suppress_health_check=list(HealthCheck))
def test_an_answer_with_any_fields_replaced(changed: dict[str, Any], outputs: list[Any]) -> None:
    sent = {**answer(RUN_ID, outputs=[element(), *outputs]), **changed}
    through(json.dumps(sent).encode())


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        json.dumps(answer(RUN_ID)).encode()[:-1] + b',"number":' + b"9" * 5000 + b"}",
        json.dumps(answer(RUN_ID)).replace("42", "NaN").encode(),
        json.dumps(answer(RUN_ID)).replace("44.9", "Infinity").encode(),
        json.dumps(answer(RUN_ID)).encode("utf-16"),
    ],
    ids=["deep list", "deep object", "5,000 digits", "NaN", "Infinity", "UTF-16"],
)
def test_the_hard_cases(body: bytes) -> None:
    through(body)


def test_changes_between_any_two_answers_are_stored() -> None:
    for payload in (
        answer(RUN_ID),
        {"id": str(RUN_ID), "status": "odd"},
        answer(RUN_ID, outputs={}),
    ):
        through(json.dumps(payload).encode())
    run = Run.objects.get(uuid=RUN_ID)
    assert run.snapshot_count == 3
    dropped = run.snapshots.order_by("id")[1].dropped
    assert "gpu" in dropped
