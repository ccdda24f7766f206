"""The table of causes."""

from datetime import timedelta

import pytest

from dashboard.domain.insights.failure_causes import MOST
from dashboard.domain.insights.runs import InsightRun
from dashboard.presentation.insights.failure_causes import (
    CauseRow,
    CauseTable,
    cause_table,
    error_text,
)
from dashboard.presentation.insights.marks import Rect
from tests.domain.insights.failing import facts_of, failing, spread, with_new_version
from tests.domain.insights.histories import PERIOD, history
from tests.presentation.insights.drawings import outside
from tests.presentation.insights.failing import NAMES, figures_of, plain


def table(runs: list[InsightRun], **error: str) -> CauseTable:
    return cause_table(figures_of(runs, **error), PERIOD, NAMES, lambda key: f"#{key.cause}")


def failures(*causes: tuple[str, str, int], **columns: object) -> list[InsightRun]:
    """Failed runs: cause, digest and number of each."""
    made = [(word, digest) for word, digest, number in causes for _ in range(number)]
    return [
        failing(
            n,
            True,
            error_cause=word,
            error_digest=digest,
            created=PERIOD.begin + timedelta(hours=n),
            **columns,
        )
        for n, (word, digest) in enumerate(made)
    ]


def test_a_row() -> None:
    row = next(row for row in table(with_new_version()).rows if row.name == "Out of memory")
    told = (row.name, row.url, row.error, row.node, row.workflows, row.runs, row.unit)
    assert told == (
        *("Out of memory", "#out-of-memory"),
        "torch.OutOfMemoryError: Allocation on device failed",
        *("KSampler · node 3", "lighthouse-flux v14", "18", "runs"),
    )
    assert [plain(text) for text in (row.share, row.of, row.interval)] == [
        *("2 %", "of 900", "1 to 3 %")
    ]
    assert (row.first, row.last, row.new) == ("31 Oct, 00:00", "28 Nov, 08:00", "")


def test_what_came_with_a_version_is_marked() -> None:
    rows = table(with_new_version()).rows
    assert [row.new for row in rows if row.name == "Model file not found"] == ["New since v15"]


def test_what_has_no_text_is_last_and_says_so() -> None:
    found = table(failures(("", "", 9), ("", "x", 2), ("timed-out", "", 1)))
    assert [row.name for row in found.rows] == [
        "Other error",
        "Over the time limit",
        "No error text",
    ]
    row = found.rows[-1]
    assert row.is_untold and (row.url, row.share, row.of, row.first) == ("", "—", "", "")
    assert row.error == "ComfyDeploy gave none, and no log has one"
    assert row.workflows == "lighthouse-flux"
    assert row.last == "31 Oct, 08:00"


def test_timeouts_are_told_apart() -> None:
    runs = [run._replace(status="timeout") for run in failures(("timed-out", "", 3))]
    assert table(runs).rows[0].is_timeout
    assert not table(failures(("cuda", "a", 3))).rows[0].is_timeout


def test_under_five_runs_there_is_no_share() -> None:
    row = table(failures(("cuda", "a", 3))).rows[0]
    assert (row.share, row.of, row.interval) == ("3 of 3", "", "too few")


def versions(row: CauseRow) -> str:
    return row.workflows


def test_workflows_have_their_versions_and_few_are_named() -> None:
    runs = [
        run._replace(workflow=f"w{n // 6}", version=f"v{n % 6}")
        for n, run in enumerate(failures(("cuda", "a", 30)))
    ]
    shown = "v0, v1, v2, v3 and 2 more"
    assert versions(table(runs).rows[0]) == f"w0 {shown}; w1 {shown}; w2 {shown} and 2 more"
    nameless = failures(("cuda", "a", 2), workflow=None, version=None)
    assert versions(table(nameless).rows[0]) == "not reported"


@pytest.mark.parametrize(
    ("numbers", "heading"),
    [
        ((27, 18, 7, 7, 3, 3), "6 causes, 2 of them make 69 % of the failures"),
        ((9, 1, 1), "3 causes, one of them makes 82 % of the failures"),
        ((5, 5, 5), "3 causes"),
        ((9, 1), "2 causes"),
        ((9,), "1 cause"),
        ((), "Causes"),
    ],
)
def test_the_heading_tells_of_few_causes_of_many_failures(
    numbers: tuple[int, ...], heading: str
) -> None:
    causes = [("", f"d{n}", number) for n, number in enumerate(numbers)]
    untold = [] if numbers else [("", "", 3)]
    assert plain(table(failures(*causes, *untold)).heading) == heading


def test_many_causes_end_with_a_sentence() -> None:
    causes = [("", f"d{n}", 1) for n in range(MOST + 3)]
    found = table(failures(*causes))
    assert len(found.rows) == MOST
    assert found.hidden == "3 more causes with 3 runs in all."
    assert table(failures(("cuda", "a", 1))).hidden == ""


@pytest.mark.parametrize(
    ("kind", "message", "text"),
    [
        ("ValueError", "bad\nmore", "ValueError: bad"),
        ("ValueError", "ValueError: bad", "ValueError: bad"),
        ("torch.OutOfMemoryError", "OutOfMemoryError: no room", "OutOfMemoryError: no room"),
        ("ValueError", "", "ValueError"),
        ("", "\n  Value not in list", "Value not in list"),
        ("", "", ""),
        ("", "x" * 500, "x" * 119 + "…"),
    ],
)
def test_an_error_in_one_line(kind: str, message: str, text: str) -> None:
    (facts,) = facts_of(failures(("cuda", "a", 1)), error_type=kind, message=message).values()
    assert error_text(facts) == text


def test_without_facts_there_is_neither_error_nor_node() -> None:
    assert error_text(None) == ""
    row = table(failures(("cuda", "a", 1)), node_id="", node_type="").rows[0]
    assert row.node == "—"
    only_node = table(failures(("cuda", "a", 1)), node_id="7", node_type="").rows[0]
    assert only_node.node == "node 7"


def test_the_bars_of_a_cause() -> None:
    bars = table(failures(("cuda", "a", 30))).rows[0].bars
    assert bars.sentence == "30 runs on 2 of 30 days"
    drawn = [mark for mark in bars.marks if isinstance(mark, Rect)]
    assert [mark.title for mark in drawn] == ["31 Oct: 24 runs", "1 Nov: 6 runs"]
    assert [float(mark.height) for mark in drawn] == [18, 4.5]


@pytest.mark.parametrize("runs", [history(50), history(2_000), spread(900, 1)])
def test_nothing_leaves_the_drawings(runs: list[InsightRun]) -> None:
    for row in table(runs).rows:
        assert outside(row.bars) == []
