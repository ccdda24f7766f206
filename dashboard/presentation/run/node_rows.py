"""Where a run's time went: its nodes as rows with bars, from a report or from looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from dashboard.domain.nodes.node_times import NodeTime
from dashboard.domain.nodes.sampled import SampledNode
from dashboard.domain.run.usual import Band
from dashboard.presentation.format import THIN, percent_text, plural, took
from dashboard.presentation.run.scale import at, nice_scale

SMALL = 0.1  # seconds; shorter nodes are one row
MOST_ROWS = 200
LOADING_FROM, LONGEST_FROM = 20, 30  # percent of the run that a sentence is worth
LOADERS = frozenset(
    {
        *("UNETLoader", "CheckpointLoaderSimple", "CheckpointLoader", "DualCLIPLoader"),
        *("TripleCLIPLoader", "QuadrupleCLIPLoader", "CLIPLoader", "VAELoader", "LoraLoader"),
        *("LoraLoaderModelOnly", "ControlNetLoader", "UpscaleModelLoader", "CLIPVisionLoader"),
        *("StyleModelLoader", "UnetLoaderGGUF", "DualCLIPLoaderGGUF", "IPAdapterModelLoader"),
        *("unCLIPCheckpointLoader", "DiffControlNetLoader", "HypernetworkLoader"),
    }
)
"""The classes that load models."""
BRIEF = 4  # nodes that are shown before all are asked for
MOST_NAMED = 100  # small nodes that are named
LOAD, WORK, SMALL_ONES, OUTSIDE = "load", "work", "small", "outside"


class NodeView(StrEnum):
    """Which nodes are shown, and in which order."""

    BRIEF = "brief"  # the longest few, in the order in which they ran
    ORDER = "order"  # all, in that order
    LONGEST = "longest"  # all, the longest first


@dataclass(frozen=True, slots=True)
class NodeStrip:
    """What is usual for one node, on a scale of its own from 0; the dot is this run."""

    band_x: str
    band_width: str
    middle: str
    dot: str
    name: str  # for screen readers


@dataclass(frozen=True, slots=True)
class NodeRow:
    """One node, or several small ones, or what lies outside the nodes."""

    kind: str
    id: str
    name: str  # what its author called it, else its class
    type: str  # its class, where that is not its name
    took: str
    share: str
    vram: str
    median: str
    x: str  # of the bar, in percent of the run
    width: str
    strip: NodeStrip | None = None
    folded: tuple[str, ...] = ()  # the small ones, by name


@dataclass(frozen=True, slots=True)
class NodeTable:
    """The rows; `note` where the times do not fit the run, `nodes` counts all that ran."""

    rows: tuple[NodeRow, ...]
    headline: str
    total: str
    note: str
    vram_known: bool
    medians_known: bool
    more: int  # further nodes that are left out
    nodes: int
    view: NodeView
    has_more: bool  # whether the brief view leaves nodes out


def node_table(
    nodes: Sequence[NodeTime],
    run_seconds: float | None,
    usual: Mapping[str, Band],
    titles: Mapping[str, str] = MappingProxyType({}),
    view: NodeView = NodeView.ORDER,
) -> NodeTable:
    """The table of a report; the run's own time is the scale, else the sum of the nodes.

    `titles` is what the author called the nodes, by ID.
    """
    spent = sum(node.seconds for node in nodes)
    whole = max(run_seconds if run_seconds is not None else spent, spent, 0.001)
    large = [placed for placed in _placed(nodes) if placed[0].seconds >= SMALL]
    longest = sorted(large, key=lambda placed: -placed[0].seconds)
    brief = view is NodeView.BRIEF and len(large) > BRIEF + 1
    shown = longest if view is NodeView.LONGEST else large
    if brief:
        few = {placed[0].id for placed in longest[:BRIEF]}
        shown = [placed for placed in large if placed[0].id in few]
    rows = [
        _row(node, begin, whole, usual.get(node.id), titles.get(node.id))
        for node, begin in shown[:MOST_ROWS]
    ]
    there = {node.id for node, _ in shown}
    small = [node for node in nodes if node.id not in there]
    if small:
        rows.append(_small_row(small, whole, titles, brief=brief))
    outside = 0.0 if run_seconds is None else run_seconds - spent
    if outside >= SMALL:
        rows.append(_together(OUTSIDE, "Outside the nodes", outside, whole))
    return NodeTable(
        rows=tuple(rows),
        headline=_headline(nodes, run_seconds),
        total=took(whole),
        note=_note(outside),
        vram_known=any(row.vram for row in rows),
        medians_known=any(row.median for row in rows),
        more=max(0, len(shown) - MOST_ROWS),
        nodes=len(nodes),
        view=view,
        has_more=brief,
    )


def _placed(nodes: Sequence[NodeTime]) -> list[tuple[NodeTime, float]]:
    """Each node with the seconds before it: they run one after another."""
    placed, begin = [], 0.0
    for node in nodes:
        placed.append((node, begin))
        begin += node.seconds
    return placed


def _row(
    node: NodeTime, begin: float, whole: float, usual: Band | None, title: str | None
) -> NodeRow:
    return NodeRow(
        kind=LOAD if node.type in LOADERS else WORK,
        id=node.id,
        name=title or node.type or f"Node {node.id}",
        type=(node.type or "") if title else "",
        took=took(node.seconds),
        share=_share(node.seconds, whole),
        vram=_gigabytes(node.vram),
        median="" if usual is None else took(usual.p50),
        x=f"{100 * begin / whole:.2f}%",
        width=f"{100 * node.seconds / whole:.2f}%",
        strip=_strip(node.seconds, usual) if usual else None,
    )


def _strip(seconds: float, band: Band) -> NodeStrip:
    scale = nice_scale(max(band.p90, seconds, 0.001))
    return NodeStrip(
        band_x=at(band.p25, scale),
        band_width=f"{max(0.0, min(1.0, (band.p90 - band.p25) / scale)) * 100:.3f}%",
        middle=at(band.p50, scale),
        dot=at(seconds, scale),
        name=f"{took(seconds)}; usually {took(band.p50)}, p90 {took(band.p90)}",
    )


def _small_row(
    nodes: Sequence[NodeTime], whole: float, titles: Mapping[str, str], *, brief: bool
) -> NodeRow:
    """All that has no row of its own: in the brief view also nodes that are not small."""
    name = plural(len(nodes), "smaller node") if brief else _small_name(len(nodes))
    row = _together(SMALL_ONES, name, sum(node.seconds for node in nodes), whole)
    if brief:
        return row
    told = [titles.get(node.id) or node.type or f"Node {node.id}" for node in nodes[:MOST_NAMED]]
    rest = len(nodes) - len(told)
    return replace(row, folded=(*told, *([f"{rest:,} more"] if rest else [])))


def _together(kind: str, name: str, seconds: float, whole: float) -> NodeRow:
    """A row without a place of its own: it is drawn at the end."""
    width = 100 * seconds / whole
    bar = (f"{max(0.0, 100 - width):.2f}%", f"{width:.2f}%")
    return NodeRow(kind, "", name, "", took(seconds), _share(seconds, whole), "", "", *bar)


def _small_name(number: int) -> str:
    return f"{plural(number, 'node')} under 100{THIN}ms"


def _share(seconds: float, whole: float) -> str:
    percent = int(100 * seconds / whole + 0.5)
    return percent_text(percent) if percent else f"<{THIN}1{THIN}%"


def _gigabytes(vram: int | None) -> str:
    """Gigabytes of 1,000³ bytes, as GPUs are sold; below 0.1 there is nothing to say."""
    return f"{vram / 1e9:.1f}{THIN}GB" if vram and vram >= 5e7 else ""


def _headline(nodes: Sequence[NodeTime], run_seconds: float | None) -> str:
    """Loading models, or the longest node, where it is much of the run."""
    if not nodes or not run_seconds:
        return ""
    loading = sum(node.seconds for node in nodes if node.type in LOADERS)
    longest = max(nodes, key=lambda node: node.seconds)
    if (percent := int(100 * loading / run_seconds)) >= LOADING_FROM:
        return _sentence("Loading models", loading, run_seconds, percent)
    if (percent := int(100 * longest.seconds / run_seconds)) >= LONGEST_FROM:
        return _sentence(longest.type or longest.id, longest.seconds, run_seconds, percent)
    return ""


def _sentence(what: str, seconds: float, whole: float, percent: int) -> str:
    share = percent_text(min(percent, 100))
    return f"{what} took {took(seconds)} of {took(whole)} — {share}."


def _note(outside: float) -> str:
    return f"The nodes add up to {took(-outside)} more than the run." if outside < -1 else ""


@dataclass(frozen=True, slots=True)
class SampledRow:
    """A node of a run that was only looked at: between which times it took."""

    name: str
    between: str
    looks: int


def sampled_rows(nodes: Sequence[SampledNode]) -> tuple[SampledRow, ...]:
    return tuple(SampledRow(node.type, _between(node), node.looks) for node in nodes[:MOST_ROWS])


def _between(node: SampledNode) -> str:
    if node.low < SMALL:
        return f"up to {took(node.high)}"
    if took(node.low) == took(node.high):
        return took(node.high)
    return f"{took(node.low)} to {took(node.high)}"
