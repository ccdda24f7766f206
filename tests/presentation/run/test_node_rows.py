"""Where a run's time went, as rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.nodes.node_times import NodeTime
from dashboard.domain.nodes.sampled import SampledNode
from dashboard.domain.run.usual import Band
from dashboard.presentation.format import THIN
from dashboard.presentation.run.node_rows import (
    BRIEF,
    MOST_NAMED,
    MOST_ROWS,
    NodeTable,
    NodeView,
    node_table,
    sampled_rows,
)

NODES = (
    NodeTime("12", "UNETLoader", 3.4, 11_900_000_000),
    NodeTime("11", "DualCLIPLoader", 1.4, None),
    NodeTime("5", "EmptyLatentImage", 0.002, 0),
    NodeTime("3", "KSampler", 3.9, 3_500_000_000),
    NodeTime("9", None, 0.3, 0),
)


BAND = Band((4.0, 4.0, 4.1, 4.2, 4.2), 4.0, 4.1, 4.2)


def plain(text: str) -> str:
    return text.replace(THIN, " ")


def test_rows_stand_in_the_order_in_which_the_nodes_ran() -> None:
    table = node_table(NODES, 12.4, {"3": BAND})
    shown = [(row.kind, plain(row.name), plain(row.took), plain(row.share)) for row in table.rows]
    assert shown == [
        ("load", "UNETLoader", "3.4 s", "27 %"),
        ("load", "DualCLIPLoader", "1.4 s", "11 %"),
        ("work", "KSampler", "3.9 s", "31 %"),
        ("work", "Node 9", "300 ms", "2 %"),
        ("small", "1 node under 100 ms", "2 ms", "< 1 %"),
        ("outside", "Outside the nodes", "3.4 s", "27 %"),
    ]
    assert (table.rows[1].x, table.rows[1].width) == ("27.42%", "11.29%")
    assert [plain(row.vram) for row in table.rows[:4]] == ["11.9 GB", "", "3.5 GB", ""]
    assert [plain(row.median) for row in table.rows[:3]] == ["", "", "4.1 s"]
    assert (table.vram_known, table.medians_known, plain(table.total)) == (True, True, "12.4 s")


@pytest.mark.parametrize(
    ("nodes", "run", "said"),
    [
        (NODES, 12.4, "Loading models took 4.8 s of 12.4 s — 38 %."),
        (NODES[3:], 12.4, "KSampler took 3.9 s of 12.4 s — 31 %."),
        (NODES[3:], 20.0, ""),
        ((), 12.4, ""),
        (NODES, None, ""),
    ],
)
def test_a_sentence_where_it_is_much_of_the_run(
    nodes: tuple[NodeTime, ...], run: float | None, said: str
) -> None:
    assert plain(node_table(nodes, run, {}).headline) == said


def test_nodes_that_exceed_the_run_are_told() -> None:
    table = node_table(NODES, 5.0, {})
    assert plain(table.note) == "The nodes add up to 4.0 s more than the run."
    assert not node_table(NODES, 8.5, {}).note


def test_the_longest_stand_first_where_that_is_asked_for() -> None:
    table = node_table(NODES, 12.4, {}, view=NodeView.LONGEST)
    assert [row.id for row in table.rows] == ["3", "12", "11", "9", "", ""]
    assert table.rows[1].x == "0.00%", "where it ran stays where it was"


def test_the_brief_view_has_the_longest_few_in_order_and_the_rest_together() -> None:
    nodes = [NodeTime(str(n), "A", float(n), None) for n in (3, 1, 9, 2, 8, 7)]
    table = node_table([*nodes, NODES[2]], 40.0, {}, view=NodeView.BRIEF)
    assert [row.id for row in table.rows] == ["3", "9", "8", "7", "", ""]
    assert [plain(row.took) for row in table.rows[4:]] == ["3.0 s", "10.0 s"]
    assert table.rows[4].name == "3 smaller nodes" and table.has_more and table.nodes == 7
    assert not node_table(nodes[: BRIEF + 1], 40.0, {}, view=NodeView.BRIEF).has_more


def test_small_nodes_are_named_in_their_fold_up_to_a_bound() -> None:
    table = node_table(NODES, 12.4, {}, {"5": "Canvas"})
    assert table.rows[4].folded == ("Canvas",)
    many = [NodeTime(str(n), None, 0.01, None) for n in range(MOST_NAMED + 20)]
    folded = node_table(many, 12.4, {}).rows[0].folded
    assert len(folded) == MOST_NAMED + 1 and folded[-1] == "20 more"


def test_a_strip_says_what_is_usual_and_where_this_node_stands() -> None:
    strip = node_table(NODES, 12.4, {"3": BAND}).rows[2].strip
    assert strip and (strip.dot, strip.middle) == ("78.000%", "82.000%")
    assert plain(strip.name) == "3.9 s; usually 4.1 s, p90 4.2 s"


def test_thousands_of_nodes_are_bounded() -> None:
    nodes = [NodeTime(str(n), "A", 1.0, None) for n in range(5000)]
    table = node_table(nodes, 5000.0, {})
    assert (len(table.rows), table.more) == (MOST_ROWS, 5000 - MOST_ROWS)


@given(
    st.lists(st.floats(0, 900), max_size=30),
    st.one_of(st.none(), st.floats(0, 5000)),
)
def test_no_bar_leaves_the_field(seconds: list[float], run: float | None) -> None:
    nodes = [NodeTime(str(n), "A", each, n) for n, each in enumerate(seconds)]
    table: NodeTable = node_table(nodes, run, {})
    for row in table.rows:
        begin, width = float(row.x.rstrip("%")), float(row.width.rstrip("%"))
        assert begin >= -0.01 and begin + width <= 100.02


def test_ranges_are_told_as_ranges() -> None:
    nodes = (
        SampledNode("Load", 8.0, 12.0, 2),
        SampledNode("Encode", 0.0, 4.0, 1),
        SampledNode("Save", 3.0, 3.0, 5),
    )
    assert [plain(row.between) for row in sampled_rows(nodes)] == [
        "8.0 s to 12.0 s",
        "up to 4.0 s",
        "3.0 s",
    ]


def test_a_title_stands_before_the_class() -> None:
    table = node_table(NODES, 12.4, {}, {"3": "Sampler, 28 steps"})
    assert [(row.name, row.type) for row in table.rows[:3]] == [
        ("UNETLoader", ""),
        ("DualCLIPLoader", ""),
        ("Sampler, 28 steps", "KSampler"),
    ]
