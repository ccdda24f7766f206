"""Cold starts by how long their machine had been idle, a panel for each machine."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboard.domain.filters.fields import MACHINE
from dashboard.domain.insights.cold_starts import ColdFigures
from dashboard.domain.insights.idle_times import EDGES, IdlePanel, Verdict
from dashboard.domain.insights.shares import Share
from dashboard.presentation.format import count, plural
from dashboard.presentation.insights.cold_machines import Names, name_of, took_plain
from dashboard.presentation.insights.cold_numbers import share_title
from dashboard.presentation.insights.marks import (
    Drawing,
    Mark,
    Section,
    Table,
    across,
    rect,
    text,
    upright,
)
from dashboard.presentation.insights.numbers import NONE, percent, percents

MOST = 12  # machines that are drawn, those that lost most
PLAIN = "Cold starts by idle time"
SENTENCE = "Chance of a cold start by idle time, per machine"
LABELS = ("0", "15\u202fs", "30", "1\u202fm", "2", "4", "10", "30\u202f+")
HEAD = ("Machine", "Idle", "Starts", "Cold", "Share", "95\u202f% interval")
TEXT = (
    "Share of cold starts by the time since the last run seen here on the machine ended. "
    "Dashed: its warm time. Line: 95\u202f% interval. Small numbers: starts; under 5 hatched."
)
FILLED = 0.56  # of a bar's place
Warm = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class PanelsFrame:
    """How panels are laid out: so many in a row, each so wide, so far from each other."""

    width: int
    columns: int
    panel: int
    apart: int
    base: int  # of the bars, below the panel's upper end
    row: int  # height of a row of panels


DESK = PanelsFrame(1360, 4, 310, 40, 126, 172)
PHONE = PanelsFrame(358, 1, 358, 0, 86, 126)
TOP, LEFT = 30, 34  # of the bars within a panel


def idle_section(figures: ColdFigures, names: Names, stays_warm: Warm) -> Section | None:
    """None where no start came after an idle time that is known.

    `stays_warm` are the seconds that machines stay warm, as far as they are known.
    """
    panels = [panel for panel in figures.idle if panel.starts]
    if not panels:
        return None
    shown = panels[:MOST]
    bold, rest = _still_warm(shown, names, stays_warm)
    return Section(
        heading=_heading(shown, names, stays_warm),
        text=TEXT,
        desk=_drawing(shown, names, stays_warm, DESK),
        phone=_drawing(shown, names, stays_warm, PHONE),
        table=Table(HEAD, tuple(row for panel in shown for row in _rows(panel, names))),
        note=_not_drawn(figures, len(panels) - len(shown)),
        bold=bold,
        bold_rest=rest,
    )


def _verdicts(panels: list[IdlePanel], stays_warm: Warm) -> dict[str, Verdict | None]:
    known = {panel: stays_warm.get(panel.machine) for panel in panels}
    return {panel.machine: panel.verdict(warm) for panel, warm in known.items() if warm is not None}


def _heading(panels: list[IdlePanel], names: Names, stays_warm: Warm) -> str:
    """A finding where more than half of the machines that can be judged go cold at their time."""
    judged = [verdict for verdict in _verdicts(panels, stays_warm).values() if verdict]
    cold = judged.count("goes-cold")
    if 2 * cold <= len(judged):
        return PLAIN
    if len(panels) == 1:
        return f"{name_of(names, MACHINE, panels[0].machine)} goes cold when its warm time is over"
    if len(judged) == 1:
        return PLAIN
    return "Machines go cold when their own warm time is over"


def _still_warm(panels: list[IdlePanel], names: Names, stays_warm: Warm) -> tuple[str, str]:
    verdicts = _verdicts(panels, stays_warm)
    found = [machine for machine, verdict in verdicts.items() if verdict == "still-warm"]
    if not found:
        return "", ""
    rest = "runs that are not known here may keep it up."
    name, seconds = name_of(names, MACHINE, found[0]), stays_warm.get(found[0])
    if len(found) > 1:
        names_of = ", ".join(name_of(names, MACHINE, machine) for machine in found)
        return f"Still warm after their time: {names_of}:", rest.replace("it", "them")
    return f"{name} is still warm after its {took_plain(seconds or 0)}:", rest


def _not_drawn(figures: ColdFigures, hidden: int) -> str:
    during = sum(panel.during for panel in figures.idle)
    first = sum(panel.after_nothing for panel in figures.idle)
    parts = [
        f"{plural(during, 'start')} while another run was still going here" if during else "",
        f"{plural(first, 'start')} after no run that is known here" if first else "",
        plural(hidden, "more machine") if hidden else "",
    ]
    told = ", ".join(part for part in parts if part)
    return f"Not drawn: {told}." if told else ""


def _drawing(panels: list[IdlePanel], names: Names, warm: Warm, frame: PanelsFrame) -> Drawing:
    rows = -(-len(panels) // frame.columns)
    marks: list[Mark] = []
    for n, panel in enumerate(panels):
        x = (n % frame.columns) * (frame.panel + frame.apart)
        y = n // frame.columns * frame.row
        seconds = warm.get(panel.machine)
        marks += _panel_words(name_of(names, MACHINE, panel.machine), seconds, frame, x, y)
        marks += _panel(panel, seconds, frame, x, y)
    height = (rows - 1) * frame.row + frame.base + 32
    return Drawing(frame.width, height, SENTENCE, tuple(marks))


def _panel_words(
    name: str, seconds: float | None, frame: PanelsFrame, x: int, y: int
) -> Iterator[Mark]:
    stays = "warm time not known" if seconds is None else f"stays warm {took_plain(seconds)}"
    yield text("tb", x, y + 12, name if len(name) <= 24 else f"{name[:23]}…")
    yield text("tk2 end", x + frame.panel, y + 12, stays)


def _panel(
    panel: IdlePanel, seconds: float | None, frame: PanelsFrame, x: int, y: int
) -> Iterator[Mark]:
    left, right, base, top = x + LEFT, x + frame.panel, y + frame.base, y + TOP
    one = (right - left) / len(EDGES)
    yield across("g0", left, right, base)
    yield across("g", left, right, top)
    yield across("g", left, right, (top + base) / 2)
    yield text("t xs end", left - 6, top + 4, "100\u202f%")
    yield text("t xs end", left - 6, base + 4, "0")
    if seconds is not None:
        yield upright("gm", left + one * _place(seconds), top - 6, base + 20)
    for n, bar in enumerate(panel.bars):
        yield from _bar(bar, left + (n + 0.5) * one, one * FILLED, base, base - top)
    for n, label in enumerate(LABELS):
        css = "tb xs" if seconds == EDGES[n] else "tk2 xs"
        yield text(css if not n else f"{css} mid", left + n * one, base + 29, label)


def _place(seconds: float) -> float:
    """Where a time lies among the bars, in bars; the last one is as long as twice its begin."""
    ends = (*EDGES[1:], 2 * EDGES[-1])
    for n, (begin, end) in enumerate(zip(EDGES, ends, strict=True)):
        if seconds < end:
            return n + (seconds - begin) / (end - begin)
    return float(len(EDGES))


def _bar(bar: Share, x: float, width: float, base: int, high: int) -> Iterator[Mark]:
    if bar.n:
        yield text("t xs mid", x, base + 14, count(bar.n))
    if bar.interval is None or bar.value is None:
        over = (x - width / 2, base - high)
        yield rect("f-hatch", over, (width, high), share_title(bar), 1.5)
        return
    reached = bar.value * high
    place = (x - width / 2, base - reached)
    yield rect("f-cold", place, (width, reached), share_title(bar), 1.5)
    ends = (base - bar.interval.low * high, base - bar.interval.high * high)
    yield upright("w", x, *ends)


def _rows(panel: IdlePanel, names: Names) -> Iterator[tuple[str, ...]]:
    name = name_of(names, MACHINE, panel.machine)
    for begin, end, bar in zip(EDGES, (*EDGES[1:], None), panel.bars, strict=True):
        idle = f"{begin:,}\u202fs and more" if end is None else f"{begin:,}–{end:,}\u202fs"
        told = bar.interval is not None and bar.value is not None
        share = percent(bar.value) if told and bar.value is not None else NONE
        yield name, idle, count(bar.n), count(bar.part), share, percents(bar.interval) or NONE
