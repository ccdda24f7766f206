"""Scales and their ticks: one second has one length within a drawing."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from dashboard.presentation.format import DAY, HOUR, MINUTE, THIN, took

_STEPS = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    *(1, 2, 5, 10, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE),
    *(30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY),
    *(14 * DAY, 30 * DAY, 90 * DAY, 366 * DAY),
)
_PAGE_SCALES = (
    *(1, 2, 5, 10, 15, 30, MINUTE, 90, 2 * MINUTE, 3 * MINUTE, 5 * MINUTE, 10 * MINUTE),
    *(15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY),
)
USUAL_PAGE_SCALE = 60.0
MAX_TICKS = 5
FITS = (160, 240, 320, 480, 640, 800, 960, 1120)  # widths that the stylesheet tells apart
AXIS_LETTER, AXIS_GAP = 6.6, 10
HEADROOM = 1.05


@dataclass(frozen=True, slots=True)
class Tick:
    x: str  # percent of the width
    text: str
    anchor: str = "middle"  # start, middle or end
    strong: bool = False
    show_from: int | None = None  # the width from which it keeps clear of the strong label


def at(seconds: float, scale: float) -> str:
    """Where a second lies, as SVG takes it."""
    return f"{max(0.0, min(seconds / scale, 1.0)) * 100:.3f}%"


def page_scale(totals: Iterable[float | None]) -> float:
    """One scale for a page of rows: the total that nine in ten stay under, rounded up."""
    known = sorted(total for total in totals if total is not None and total > 0)
    if not known:
        return USUAL_PAGE_SCALE
    ninth = known[-(-len(known) * 9 // 10) - 1]
    return float(next((scale for scale in _PAGE_SCALES if scale >= ninth), _PAGE_SCALES[-1]))


def nice_scale(longest: float) -> float:
    """The end of a small axis that holds this many seconds: 1, 2, 5, 10, 15 or 30 of a unit."""
    return float(next((step for step in _STEPS if step >= longest), _STEPS[-1]))


def scale_ticks(scale: float) -> tuple[Tick, ...]:
    """The axis of a page: from 0 to the scale's end in even steps."""
    # Marks below a second are long words: fewer of them.
    counts = (2,) if scale <= 1 else (4, 3, 5, 2)
    parts = next(n for n in counts if _is_even(scale / n) or n == 2)
    marks = [scale * n / parts for n in range(parts + 1)]
    return tuple(Tick(at(mark, scale), took_plain(mark), _anchor(mark / scale)) for mark in marks)


def _is_even(step: float) -> bool:
    return any(abs(step - known) < 1e-9 for known in _STEPS)


def took_plain(seconds: float) -> str:
    """A mark on an axis, as short as it can be: 0, 30 s, 90 s, 2 m, 1 h."""
    if seconds == 0:
        return "0"
    if MINUTE <= seconds < 2 * MINUTE:
        return f"{seconds:.0f}{THIN}s"
    for unit, letter in ((DAY, "d"), (HOUR, "h"), (MINUTE, "m")):
        if seconds % unit == 0:
            return f"{seconds / unit:.0f}{THIN}{letter}"
    return took(seconds).replace(f".0{THIN}", THIN)


def live_scale(elapsed: float) -> float:
    """A scale that holds for a while: 30 s, 60 s, 90 s, 2 min, then coarser steps."""
    needed = elapsed * HEADROOM
    unit = 30.0 if needed <= 5 * MINUTE else 300.0 if needed <= HOUR else HOUR / 2
    if needed > DAY:
        unit = float(DAY)
    return max(1, -(-needed // unit)) * unit


def axis(scale: float, mark: float, label: str, *, ends: bool) -> tuple[Tick, ...]:
    """Ticks with one strong label at `mark`; `ends` when the mark is the scale's end."""
    step = next((step for step in _STEPS if scale / step <= MAX_TICKS), _STEPS[-1])
    marks = [n * step for n in range(int(scale / step + 1e-9) + 1)]
    if not ends and marks[-1] < scale * 0.97:
        marks.append(scale)
    near = 0.14 if ends else 0.11
    strong = Tick(at(mark, scale), label, _anchor(mark / scale if not ends else 1), True)
    kept = [one for one in marks if abs(one - mark) / scale > near]
    kept = [one for one, after in pairwise([*kept, scale * 2]) if (after - one) / scale > 0.08]
    weak = [Tick(at(one, scale), took_plain(one), _anchor(one / scale)) for one in kept]
    return (*(_clear_of(strong, mark / scale, one) for one in weak), strong)


def _clear_of(strong: Tick, mark: float, weak: Tick) -> Tick:
    """The tick with the width from which its text and the strong label are apart."""
    share = float(weak.x.rstrip("%")) / 100
    left, right = (weak, strong) if share < mark else (strong, weak)
    pixels = _reach(left, "end") + _reach(right, "start") + AXIS_GAP
    needed = pixels / max(abs(mark - share), 0.001)
    return replace(weak, show_from=next((width for width in FITS if width >= needed), FITS[-1]))


def _reach(tick: Tick, side: str) -> float:
    """How far a tick's text goes from its mark towards one side."""
    part = {"middle": 0.5, side: 0.0}.get(tick.anchor, 1.0)
    return part * len(tick.text) * AXIS_LETTER


def _anchor(share: float) -> str:
    return "start" if share < 0.02 else "end" if share > 0.96 else "middle"
