"""The page Speed in words, and that nothing is drawn outside its drawing."""

import re
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.domain.insights.slowest_nodes import NodeSeen, RunSeen, slowest_nodes
from dashboard.domain.insights.speed import speed_of
from dashboard.presentation.insights.speed import KnownNodes, SpeedPage, speed_page
from dashboard.presentation.insights.speed_changes import DESK, PHONE, Drawing, Text
from dashboard.presentation.insights.speed_strips import HEIGHT, WIDTH
from tests.domain.insights.histories import PERIOD, history, insight_run
from tests.domain.insights.speed_oracle import rollout, stepped

NAMES = {
    ("workflow", "lighthouse"): "lighthouse-flux",
    ("workflow", "portrait"): "portrait-relight",
    ("version", "v2"): "v15",
}
NONE = KnownNodes([], 0)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def page(
    runs: Sequence[InsightRun],
    kind: str = "warm",
    nodes: KnownNodes = NONE,
    period: Period = PERIOD,
) -> SpeedPage:
    return speed_page(speed_of(population_of(runs).runs, kind), nodes, period, NAMES)


def again(factor: float, workflow: str = "lighthouse", **columns: object) -> list[InsightRun]:
    """The rollout of another workflow, or with another step."""
    return [
        run._replace(
            workflow=workflow,
            run=run.run * factor if run.id >= 60 and run.run else run.run,
            **columns,  # type: ignore[arg-type]
        )
        for run in rollout()
    ]


def test_the_headline_tells_a_change_with_its_day_and_version() -> None:
    found = page(rollout())
    assert plain(found.lead) == "lighthouse-flux runs take 4.0 s longer since 31 Oct (v15)"
    assert found.changes_heading == "One change found in the run time"
    assert plain(found.searched).endswith("p under 0.01. They say when, not why.")


def test_two_changes_are_told_and_no_third() -> None:
    runs = [
        *again(1.0),
        *again(0.3, "portrait"),
        *again(1.5, "third", gpu="L4"),
    ]
    runs = [
        run._replace(created=run.created + timedelta(hours=n // 120)) for n, run in enumerate(runs)
    ]
    found = page(sorted(runs, key=lambda run: run.created))
    assert plain(found.lead) == (
        "third runs take 11.2 s longer since 31 Oct (v15); "
        "portrait-relight 6.0 s less since 31 Oct (v15)"
    )
    assert found.changes_heading == "Three changes found in the run time"
    assert [chart.name for chart in found.charts] == [
        *("third, L4", "portrait-relight, H100", "lighthouse-flux, H100"),
    ]


def test_a_workflow_on_two_gpus_is_told_with_its_gpu() -> None:
    runs = [*again(1.0), *again(1.01 / 1.4, gpu="L4", version="v1")]
    found = page(sorted(runs, key=lambda run: run.created))
    assert plain(found.lead).startswith("lighthouse-flux on H100 runs take 4.0 s longer since")


def test_without_a_change_there_is_no_more_than_that() -> None:
    found = page(history(2_000))
    assert found.lead == "No change found in the run time"
    assert found.changes_heading == "Changes in the run time"
    assert "were searched for steps of 5 % or more" in plain(found.searched)
    assert found.searched.endswith("None was found.") and not found.charts
    few = page([insight_run()])
    assert few.lead == "Run time" and "None has as many yet" in few.searched


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "warm",
            "2 finished runs that found ComfyUI up. 1 run after a cold start is left out because "
            "loading models makes it longer; 1 run reports no times.",
        ),
        (
            "cold",
            "1 finished run after a cold start. 2 runs that found ComfyUI up are left out; "
            "1 run reports no times.",
        ),
        (
            "unknown",
            "1 finished run without a reported start. 3 runs with a reported start are left out.",
        ),
    ],
)
def test_what_counts_and_what_does_not_is_told(kind: str, words: str) -> None:
    kinds = ("warm", "warm", "cold", "unknown")
    runs = [insight_run(id=n, start_kind=each) for n, each in enumerate(kinds)]
    runs.append(insight_run(id=9, status="failed"))
    assert page(runs, kind).counted == words
    assert page([insight_run()]).counted == "1 finished run that found ComfyUI up."


def test_rows_say_what_is_few_and_what_lies_within_chance() -> None:
    def runs(version: str, n: int, more: float = 0.0, **columns: object) -> list[InsightRun]:
        return [
            insight_run(version=version, run=10.0 + k % 9 / 10 + more, **columns) for k in range(n)
        ]

    found = page(
        [
            *runs("a", 40),
            *(
                run._replace(created=run.created + timedelta(hours=1))
                for run in runs("b", 20, 0.01)
            ),
            *(
                run._replace(created=run.created + timedelta(hours=2))
                for run in runs("v2", 30, 5.0)
            ),
            *(run._replace(created=run.created + timedelta(hours=3)) for run in runs("d", 3)),
            *runs("e", 4, gpu=None),
        ]
    )
    rows = [
        tuple(
            map(
                plain,
                (
                    row.workflow if row.first else "",
                    row.version,
                    row.gpu,
                    row.runs,
                    row.p50,
                    row.p90,
                    row.delta,
                ),
            )
        )
        for row in found.rows.rows
    ]
    assert {row.workflow for row in found.rows.rows} == {"lighthouse-flux"}
    assert rows == [
        ("lighthouse-flux", "a", "H100", "40", "10.4 s", "10.7 s", ""),
        ("", "b", "H100", "20", "10.4 s", "10.7 s", ""),
        ("", "v15", "H100", "30", "15.4 s", "15.7 s", "+5.0 s"),
        ("", "d", "H100", "3", "under 5", "under 20", ""),
        ("", "e", "not reported", "4", "under 5", "under 20", ""),
    ]
    against = [(row.tone, plain(row.against)) for row in found.rows.rows]
    assert against[0] == ("", "") and against[3:] == [("", "too few to compare"), ("", "")]
    assert against[1][0] == "same" and against[1][1].endswith("ms, within chance")
    assert against[2][0] == "up" and re.fullmatch(r"\+4\.\d to \+5\.\d s", against[2][1])
    assert {plain(row.to) for row in found.rows.rows} == {"20 s"}


def test_a_faster_version_is_green() -> None:
    runs = [
        run._replace(run=run.run / 3 if run.version == "v2" and run.run else run.run)
        for run in rollout()
    ]
    row = page(runs).rows.rows[1]
    assert row.tone == "down" and row.delta.startswith("\u2212")


def test_very_many_rows_are_not_all_shown() -> None:
    found = page([insight_run(version=f"v{n}") for n in range(75)])
    assert (len(found.rows.rows), found.rows.hidden) == (60, 15)
    assert found.rows_note == "The first 60 rows are shown; 15 more rows are in the JSON."


def test_where_many_runs_are_alike_a_dot_is_several() -> None:
    found = page([insight_run(id=n) for n in range(95)])
    assert found.rows.per_dot == found.rows.rows[0].strip.per_dot == 11
    assert found.rows.rows[0].strip.dots.count("M") == 9
    assert page([insight_run()]).rows.per_dot == 1


PERIODS = (
    PERIOD,
    Period(PERIOD.begin, PERIOD.begin + timedelta(hours=25), ZoneInfo("Europe/Berlin")),
    Period(PERIOD.begin, PERIOD.begin, ZoneInfo("America/New_York")),
)
HISTORIES = (
    rollout(),
    stepped(2_000),
    [insight_run()],
    [insight_run(run=0.0)] * 50,
    [run._replace(run=31_000_000.0 if run.id % 50 == 0 else run.run) for run in rollout()],
)


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("runs", HISTORIES)
def test_nothing_is_drawn_outside(runs: list[InsightRun], period: Period) -> None:
    found = page(runs, period=period)
    for row in found.rows.rows:
        starts = re.findall(r"M([-\d.]+) ([-\d.]+)a", row.strip.dots)
        assert starts and len(starts) == row.strip.dots.count("M")
        assert all(0 <= float(x) <= WIDTH - 3.4 + 0.05 for x, _ in starts)
        assert all(1.7 <= float(y) <= HEIGHT - 1.7 for _, y in starts)
        if row.strip.band:
            left, width = map(float, row.strip.band)
            assert left >= 0 and left + width <= WIDTH + 1
        assert row.strip.tick is None or 0 <= float(row.strip.tick) <= WIDTH - 2
    for chart in found.charts:
        assert (chart.desk.frame, chart.phone.frame) == (DESK, PHONE)
        for drawing in (chart.desk, chart.phone):
            within(drawing)


def within(drawing: Drawing) -> None:
    frame = drawing.frame
    levels = [level.path for level in drawing.levels]
    ends = [tuple(map(float, re.findall(r"[-\d.]+", path))) for path in levels]
    assert all(frame.left <= begin <= end <= frame.right for begin, _, end in ends)
    points = [(float(x), float(y)) for x, y in drawing.dots] + [(x, y) for x, y, _ in ends]
    assert all(frame.left <= x <= frame.right for x, _ in points)
    assert all(frame.top <= y <= frame.bottom for _, y in points)
    assert all(frame.left <= float(x) <= frame.right for x in drawing.marks)
    words: list[Text | None] = [*drawing.scale, *drawing.days, *drawing.markers]
    words += [text for level in drawing.levels for text in (level.value, level.runs)]
    for text in filter(None, words):
        assert 0 <= float(text.x) <= frame.width and 0 < float(text.y) <= frame.height
        # A letter of these is about six pixels wide.
        wide = 6 * len(text.words)
        begin = float(text.x) - {"": 0, "mid": wide / 2, "end": wide}[text.anchor]
        assert begin >= -frame.left / 2 and begin + wide <= frame.width + 8, text
    assert 0 < len(drawing.dots) <= 400


def test_the_table_behind_a_chart_has_each_stretch() -> None:
    [chart] = page(rollout()).charts
    assert [
        (plain(one.begin), one.runs, plain(one.p50), plain(one.delta), one.tone, one.marker)
        for one in chart.stretches
    ] == [
        ("31 Oct, 00:00", "60", "10.3 s", "", "", ""),
        ("31 Oct, 06:00", "60", "14.3 s", "+4.0 s", "up", "near the first run of v15"),
    ]
    assert plain(chart.sentence) == (
        "Run time of lighthouse-flux, H100: p50 14.3 s from 31 Oct, 06:00 · "
        "near the first run of v15, before 10.3 s"
    )


def seen(n: int, *, reported: bool = True, seconds: float = 8.0) -> list[RunSeen]:
    nodes = (
        NodeSeen("3" if reported else "", "KSampler", seconds, reported),
        NodeSeen("8" if reported else "", "VAEDecode", 2.5, reported),
    )
    return [RunSeen("lighthouse", 12.0, nodes)] * n


def test_the_slowest_node_is_a_finding_where_it_takes_half_of_many_runs() -> None:
    found = page([insight_run()] * 30, nodes=KnownNodes(slowest_nodes(seen(20)), 20)).nodes
    assert plain(found.heading) == "KSampler takes 67 % of a run of lighthouse-flux"
    assert found.sentence == (
        "As the machines reported them. 20 of 30 runs have them. Line: p25 to p75."
    )
    rows = [
        (row.name, row.workflow, plain(row.p50), plain(row.share), row.runs) for row in found.rows
    ]
    assert rows == [
        ("KSampler · 3", "lighthouse-flux", "8.0 s", "67 %", "20"),
        ("VAEDecode · 8", "lighthouse-flux", "2.5 s", "21 %", "20"),
    ]
    assert plain(found.to) == "8 s" and found.rows[0].bar == "190" and found.note == ""
    few = page([insight_run()] * 30, nodes=KnownNodes(slowest_nodes(seen(19)), 19)).nodes
    assert few.heading == "Slowest nodes" and few.rows[0].line is None
    fast = KnownNodes(slowest_nodes(seen(30, seconds=5.9)), 30)
    assert page([insight_run()] * 30, nodes=fast).nodes.heading == "Slowest nodes"


def test_where_node_times_come_from_is_told() -> None:
    sampled = KnownNodes(slowest_nodes(seen(20, reported=False)), 20, 2_000)
    found = page([insight_run()] * 30, nodes=sampled).nodes
    assert found.sentence == (
        "Seen while polling, so each time is exact to a few seconds. "
        "Of the newest 2,000 runs with node times. Line: p25 to p75."
    )
    assert plain(found.note) == "Nodes that took under 2.0 s while polling are not listed."
    assert found.rows[0].name == "KSampler" and found.rows[0].sampled


def test_without_node_times_that_is_told() -> None:
    found = page([insight_run()]).nodes
    assert found.sentence == "No run was watched while it ran, so node times are not known."
    assert page([]).nodes.sentence == ""
    few = page([insight_run()], nodes=KnownNodes([], 1)).nodes
    assert few.sentence == (
        "Node times are known of 1 run. A node is listed from five runs of its workflow on."
    )


def test_more_nodes_than_nine_are_counted() -> None:
    nodes = tuple(NodeSeen(str(n), "Node", 20.0 - n, True) for n in range(12))
    many = KnownNodes(slowest_nodes([RunSeen("lighthouse", 300.0, nodes)] * 5), 5)
    found = page([insight_run()] * 5, nodes=many).nodes
    assert len(found.rows) == 9
    assert plain(found.note) == "3 more nodes with a p50 of 11.0 s or less are not listed."
