"""The slowest nodes as a table with bars."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.domain.filters.fields import WORKFLOW
from dashboard.domain.insights.percentiles import TAIL_FROM
from dashboard.domain.insights.slowest_nodes import SAMPLED_FROM, SlowNode
from dashboard.presentation.format import count, cut, percent_text, plural, took
from dashboard.presentation.insights.marks import px
from dashboard.presentation.insights.scales import Scale, scale_to
from dashboard.presentation.insights.speed_text import LONGEST, Names, name_of

MOST = 9  # rows
WIDTH = 190
FINDING = 0.5  # of a run, from which on a node is worth a heading


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A node: its median, its bar and the line from p25 to p75; places as text."""

    name: str
    workflow: str
    p50: str
    bar: str
    line: tuple[str, str] | None
    share: str
    runs: str
    sampled: bool


@dataclass(frozen=True, slots=True)
class NodeTable:
    """`to` is the end of the bars' scale; `note` says what is not listed."""

    heading: str
    sentence: str
    rows: tuple[NodeRow, ...] = ()
    to: str = ""
    note: str = ""


def node_table(
    nodes: Sequence[SlowNode], names: Names, *, known: int, of: int, newest: int = 0
) -> NodeTable:
    """The slowest nodes; `known` of `of` runs have node times.

    `newest` is how many were read where older ones were not, else 0.
    """
    if not known:
        return NodeTable(
            "Slowest nodes",
            "No run was watched while it ran, so node times are not known." if of else "",
        )
    if not nodes:
        return NodeTable("Slowest nodes", _few(known))
    shown, left = nodes[:MOST], nodes[MOST:]
    scale = scale_to(max(node.p75 or node.p50 for node in shown) or 1.0)
    return NodeTable(
        heading=_heading(nodes[0], names),
        sentence=_source(shown, known, of, newest),
        rows=tuple(_row(node, scale, names) for node in shown),
        to=scale.labels[-1],
        note=_note(shown, left),
    )


def _few(known: int) -> str:
    told = "Node times are known of " + plural(known, "run")
    return f"{told}. A node is listed from five runs of its workflow on."


def _heading(slowest: SlowNode, names: Names) -> str:
    """A finding where the slowest node takes half of its run or more, over twenty runs."""
    share = slowest.share
    if share is None or share < FINDING or slowest.runs < TAIL_FROM:
        return "Slowest nodes"
    workflow = name_of(names, WORKFLOW, slowest.workflow)
    of = f"a run of {workflow}" if slowest.workflow is not None else "its run"
    return f"{cut(slowest.type, LONGEST)} takes {percent_text(round(share * 100))} of {of}"


def _source(nodes: Sequence[SlowNode], known: int, of: int, newest: int) -> str:
    reported = [node.reported for node in nodes]
    if all(reported):
        how = "As the machines reported them."
    elif any(reported):
        how = "As the machines reported them; those marked ~ were seen while polling."
    else:
        how = "Seen while polling, so each time is exact to a few seconds."
    which = (
        f"Of the newest {count(newest)} runs with node times."
        if newest
        else f"{count(known)} of {plural(of, 'run')} have them."
    )
    line = " Line: p25 to p75." if any(node.p25 is not None for node in nodes) else ""
    return f"{how} {which}{line}"


def _row(node: SlowNode, scale: Scale, names: Names) -> NodeRow:
    line = None
    if node.p25 is not None and node.p75 is not None:
        line = px(scale.share(node.p25) * WIDTH), px(scale.share(node.p75) * WIDTH)
    kind = cut(node.type, LONGEST)
    return NodeRow(
        name=f"{kind} · {cut(node.id, LONGEST)}" if node.id and node.id != node.type else kind,
        workflow=name_of(names, WORKFLOW, node.workflow),
        p50=took(node.p50),
        bar=px(scale.share(node.p50) * WIDTH),
        line=line,
        share=percent_text(round(node.share * 100)) if node.share is not None else "",
        runs=count(node.runs),
        sampled=not node.reported,
    )


def _note(shown: Sequence[SlowNode], left: Sequence[SlowNode]) -> str:
    fast = f"Nodes that took under {took(SAMPLED_FROM)} while polling are not listed."
    sampled = any(not node.reported for node in shown)
    if not left:
        return fast if sampled else ""
    nodes = plural(len(left), "more node")
    most = f"{nodes} with a p50 of {took(left[0].p50)} or less"
    are = "is" if len(left) == 1 else "are"
    return f"{most} {are} not listed." + (f" {fast}" if sampled else "")
