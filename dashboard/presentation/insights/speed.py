"""The page Speed: what it says, and its drawings."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.domain.insights.period import Period
from dashboard.domain.insights.slowest_nodes import SlowNode
from dashboard.domain.insights.speed import Speed
from dashboard.presentation.format import plural
from dashboard.presentation.insights import speed_text
from dashboard.presentation.insights.speed_changes import ChangeChart, change_charts
from dashboard.presentation.insights.speed_nodes import NodeTable, node_table
from dashboard.presentation.insights.speed_strips import MOST, SpeedRows, speed_rows
from dashboard.presentation.insights.speed_text import Names


@dataclass(frozen=True, slots=True)
class SpeedPage:
    """Plain values for the templates."""

    lead: str
    counted: str
    rows: SpeedRows
    rows_note: str
    changes_heading: str
    searched: str
    charts: tuple[ChangeChart, ...]
    charts_note: str
    nodes: NodeTable


@dataclass(frozen=True, slots=True)
class KnownNodes:
    """The slowest nodes, of how many runs they are known, and how many were read at most.

    `newest` is 0 where all were read.
    """

    slowest: Sequence[SlowNode]
    runs: int
    newest: int = 0


def speed_page(speed: Speed, nodes: KnownNodes, period: Period, names: Names) -> SpeedPage:
    """All that the page shows, in words and places."""
    rows = speed_rows(speed.groups, names)
    charts = change_charts(speed, period, names)
    return SpeedPage(
        lead=speed_text.lead(speed, names, period.zone),
        counted=speed_text.counted_text(speed),
        rows=rows,
        rows_note=_rows_note(rows),
        changes_heading=speed_text.changes_heading(speed.changed),
        searched=speed_text.searched_text(speed),
        charts=charts,
        charts_note=_charts_note(speed, charts),
        nodes=node_table(
            nodes.slowest, names, known=nodes.runs, of=len(speed.runs), newest=nodes.newest
        ),
    )


def _rows_note(rows: SpeedRows) -> str:
    if not rows.hidden:
        return ""
    more = plural(rows.hidden, "more row")
    are = "is" if rows.hidden == 1 else "are"
    return f"The first {MOST} rows are shown; {more} {are} in the JSON."


def _charts_note(speed: Speed, charts: Sequence[ChangeChart]) -> str:
    more = sum(bool(series.changes) for series in speed.series) - len(charts)
    if more <= 0:
        return ""
    told = plural(more, "more series", "more series")
    return f"{told} with a change {'is' if more == 1 else 'are'} in the JSON."
