"""New versions in the drawing of days, and the step of the one whose cold starts changed."""

from collections.abc import Iterator, Mapping

from dashboard.domain.filters.fields import VERSION, WORKFLOW
from dashboard.domain.insights.cold_starts import ColdFigures
from dashboard.domain.insights.version_steps import VersionMarker, VersionStep
from dashboard.presentation.format import cut, took
from dashboard.presentation.insights.cold_scale import DaysScale
from dashboard.presentation.insights.marks import Mark, Path, px, text, upright, width_of

Names = Mapping[tuple[str, str], str]
MOST = 12  # versions that are marked, the newest
LONGEST = 40  # of a name
ROWS = (19, 38)  # how far above the lines' top the names stand
GAP = 5


def name_of(names: Names, marker: VersionMarker) -> tuple[str, str]:
    """The names of its workflow and version."""
    workflow = names.get((WORKFLOW, marker.workflow), marker.workflow)
    version = names.get((VERSION, marker.version), marker.version)
    return cut(workflow, LONGEST), cut(version, LONGEST)


def marker_lines(
    figures: ColdFigures, names: Names, days: DaysScale, top: int, bottom: int, *, phone: bool
) -> Iterator[Mark]:
    """A line for each new version; a name beside it where there is room for it.

    The one of the step is always named. On a phone it alone is.
    """
    own = figures.step.marker if figures.step else None
    shown = list(figures.markers[-MOST:])
    if own is not None and own not in shown:
        shown[0] = own
    taken: list[list[tuple[float, float]]] = [[] for _ in ROWS]
    rows = {own: _row_for(own, names, days, taken)} if own else {}
    for marker in shown:
        if marker != own and not phone:
            rows[marker] = _row_for(marker, names, days, taken)
    for marker in shown:
        x, row = days.place(marker.at), rows.get(marker)
        above = 0 if row is None else ROWS[-1 - row]
        yield upright("gm" if marker == own else "gv", x, top - above, bottom)
        if row is not None:
            css, side = ("tb" if marker == own else "tk2"), _end(x, names, marker)
            place = x - GAP if side else x + GAP
            yield text(f"{css} halo{side}", place, top - above - 4, _words(names, marker))


def _words(names: Names, marker: VersionMarker) -> str:
    return " ".join(name_of(names, marker))


def _end(x: float, names: Names, marker: VersionMarker) -> str:
    """The words end at the line, but where they would leave the drawing."""
    return " end" if x - GAP - width_of(_words(names, marker)) >= 0 else ""


def _row_for(
    marker: VersionMarker, names: Names, days: DaysScale, taken: list[list[tuple[float, float]]]
) -> int | None:
    """The first row in which the name meets no other; None where there is none."""
    x, width = days.place(marker.at), width_of(_words(names, marker))
    begin = x - GAP - width if _end(x, names, marker) else x + GAP
    if begin + width > days.right:
        return None
    for row, others in enumerate(taken):
        if all(begin + width + GAP < low or begin > high + GAP for low, high in others):
            others.append((begin, begin + width))
            return row
    return None


def step_marks(
    step: VersionStep, names: Names, days: DaysScale, before: float, after: float
) -> Iterator[Mark]:
    """The medians before and since, at their heights, with what they come to."""
    x, left, right = days.place(step.marker.at), days.middle(0), days.middle(days.count - 1)
    turn = min(max(x, left), right)
    yield Path("l-step", f"M{px(left)} {px(before)}H{px(turn)}V{px(after)}H{px(right)}")
    words = f"{name_of(names, step.marker)[0]} p50 {took(step.p50_before)}"
    below = 22 if step.difference > 0 else -7
    if x - 6 - width_of(words) >= 0:
        yield text("tb xs halo end", x - 6, before + below, words)
    else:
        yield text("tb xs halo", days.left + 4, before + below, words)
    value = took(step.p50_after)
    place = min(x + 6, days.right - width_of(value))
    yield text("tb xs halo", place, after + (-7 if step.difference > 0 else 22), value)
