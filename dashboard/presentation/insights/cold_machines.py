"""What cold starts lost by machine and by workflow: the rows of a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from dashboard.domain.filters.fields import MACHINE, WORKFLOW
from dashboard.domain.insights.cold_starts import ColdFigures
from dashboard.domain.insights.shares import Share
from dashboard.domain.insights.start_groups import StartGroup
from dashboard.presentation.format import count, cut, percent_text, plural, took
from dashboard.presentation.insights.cold_numbers import lost_text
from dashboard.presentation.insights.cold_scale import SecondsScale, seconds_scale
from dashboard.presentation.insights.marks import Drawing, Mark, across, rect, upright
from dashboard.presentation.insights.numbers import NONE, dollars, percent, percents, whole_percent

Names = Mapping[tuple[str, str], str]
MOST, MOST_PARTS, LONGEST = 50, 10, 60  # groups, parts of each, and characters of a name
NOT_REPORTED = {MACHINE: "machine not reported", WORKFLOW: "workflow not reported"}
NO_TIMES, UNKNOWN = "start times not reported", "not known"
LEAST = 60.0  # seconds that the scale of all spreads has
PLAIN = "Cold starts by machine"
LEADS = 0.5  # of all that is lost, from which one machine is told of in the heading
BAR_WIDTH, PHONE_WIDTH, SPREAD_WIDTH, HEIGHT, MIDDLE = 130, 150, 170, 24, 12


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A row of the table; `note` stands instead of its numbers where no start is known.

    `money` is "" for readers who may not see costs.
    """

    name: str
    id: str | None
    is_part: bool
    gpu: str
    stays_warm: str
    starts: str
    share: str
    bar: Drawing | None
    phone_bar: Drawing | None
    p50: str
    spread: Drawing | None
    time: str
    money: str
    note: str


@dataclass(frozen=True, slots=True)
class GroupTable:
    """Rows of groups and of their parts, and the row of all. `hidden` says what is not shown."""

    by: str  # machine or workflow
    head: str  # of the first column
    spread_head: str
    rows: tuple[GroupRow, ...]
    all: GroupRow
    hidden: str


@dataclass(frozen=True, slots=True)
class GroupSection:
    heading: str
    text: str
    by_machine: GroupTable
    by_workflow: GroupTable


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What all rows have in common."""

    names: Names
    stays_warm: Mapping[str, float | None]
    scale: SecondsScale
    costs: bool


def machines_section(
    figures: ColdFigures, names: Names, stays_warm: Mapping[str, float | None], *, costs: bool
) -> GroupSection:
    """`stays_warm` are the seconds that machines stay warm, as far as they are known."""
    groups = (*figures.machines, *figures.workflows, figures.all)
    longest = [one.p90 for group in groups for one in (group, *group.parts) if one.p90 is not None]
    drawn = _Drawn(names, stays_warm, seconds_scale(max(longest + [LEAST])), costs)
    return GroupSection(
        heading=_heading(figures.machines, names, costs=costs),
        text=_text(figures, costs=costs),
        by_machine=_table(figures, figures.machines, (MACHINE, WORKFLOW), drawn),
        by_workflow=_table(figures, figures.workflows, (WORKFLOW, MACHINE), drawn),
    )


def _heading(machines: tuple[StartGroup, ...], names: Names, *, costs: bool) -> str:
    """Which machine lost at least half, where more than one lost something."""
    for told, amount in (("money", _money_of), ("time", _seconds_of)):
        if told == "money" and not costs:
            continue
        lost = {machine.id: amount(machine) for machine in machines if amount(machine)}
        id = max(lost, key=lambda each: lost[each], default=None)
        if len(lost) > 1 and id is not None and lost[id] >= LEADS * sum(lost.values()):
            part = percent_text(whole_percent(lost[id] / sum(lost.values())))
            return f"{part} of the {told} is lost on {name_of(names, MACHINE, id)}"
    return PLAIN


def _money_of(group: StartGroup) -> float:
    return float(group.lost.money or 0)


def _seconds_of(group: StartGroup) -> float:
    return group.lost.seconds or 0.0


def _text(figures: ColdFigures, *, costs: bool) -> str:
    starts = plural(figures.share.n, "start")
    told = [f"Lost: what cold starts took beyond the machine’s p50 warm start, {starts}."]
    if costs:
        told.append("Money: lost seconds × GPU price; idle time is not in it.")
        unpriced = figures.lost.unpriced
        if unpriced:
            have = "has" if unpriced == 1 else "have"
            told.append(f"{plural(unpriced, 'cold start')} {have} no price.")
    return " ".join(told)


def _table(
    figures: ColdFigures, groups: tuple[StartGroup, ...], kinds: tuple[str, str], drawn: _Drawn
) -> GroupTable:
    rows = []
    for group in groups[:MOST]:
        rows.append(_row(group, kinds[0], drawn))
        if len(group.parts) > 1:
            rows += (_row(part, kinds[1], drawn, is_part=True) for part in group.parts[:MOST_PARTS])
    more = len(groups) - MOST
    outer, inner = kinds
    return GroupTable(
        by=outer,
        head=f"{outer.capitalize()}, {inner}",
        spread_head=f"p25 to p90, 0–{drawn.scale.marks[-1][1]}",
        rows=tuple(rows),
        all=_row(figures.all, "", drawn),
        hidden=f"{plural(more, f'more {outer}')} lost less." if more > 0 else "",
    )


def took_plain(seconds: float) -> str:
    """A round number of seconds: `60 s`."""
    return f"{seconds:,g}\u202fs"


def name_of(names: Names, kind: str, id: str | None) -> str:
    if id is None:
        return NOT_REPORTED[kind]
    return cut(names.get((kind, id), id), LONGEST)


def _row(group: StartGroup, kind: str, drawn: _Drawn, *, is_part: bool = False) -> GroupRow:
    share, lost = group.share, group.lost
    whole = kind == MACHINE and not is_part
    return GroupRow(
        name=name_of(drawn.names, kind, group.id) if kind else "All",
        id=group.id,
        is_part=is_part,
        gpu=(group.gpu or NONE) if whole else "",
        stays_warm=_warm_text(group, drawn.stays_warm) if whole else "",
        starts=count(share.n),
        share=NONE if share.interval is None or share.value is None else percent(share.value),
        bar=share_bar(share, BAR_WIDTH),
        phone_bar=share_bar(share, PHONE_WIDTH),
        p50=NONE if group.p50 is None else took(group.p50),
        spread=_spread(group, drawn.scale),
        time=lost_text(lost.seconds) if share.n else NONE,
        money=_money_text(group, lost.money) if drawn.costs else "",
        note="" if share.n else f"{plural(group.runs, 'run')}, {NO_TIMES}",
    )


def _money_text(group: StartGroup, money: Decimal | None) -> str:
    if not group.priced:
        return "no price"
    return NONE if money is None else dollars(money)


def _warm_text(group: StartGroup, stays_warm: Mapping[str, float | None]) -> str:
    if group.id is None or not group.share.n:
        return NONE
    seconds = stays_warm.get(group.id)
    return UNKNOWN if seconds is None else took_plain(seconds)


def share_bar(share: Share, width: int) -> Drawing | None:
    """A share as a bar with its interval; of too few, a hatched one without a number."""
    if not share.n:
        return None
    if share.interval is None or share.value is None:
        few = f"{plural(share.n, 'start')}, too few for a share"
        return Drawing(width, HEIGHT, few, (rect("f-hatch", (0.5, 7.5), (width - 1, 9), "", 2),))
    low, high = (end * width for end in (share.interval.low, share.interval.high))
    marks: tuple[Mark, ...] = (
        rect("f-sunk", (0.5, 7.5), (width - 1, 9), "", 2),
        rect("f-cold", (0, 7), (share.value * width, 10), "", 2),
        across("w", low, high, MIDDLE),
        upright("w", low, 8.5, 15.5),
        upright("w", high, 8.5, 15.5),
    )
    sentence = f"{percent(share.value)}, 95\u202f% interval {percents(share.interval)}"
    return Drawing(width, HEIGHT, sentence, marks)


def _spread(group: StartGroup, scale: SecondsScale) -> Drawing | None:
    """From p25 to p90 of the cold starts as a band, with the p50 as a tick."""
    if group.p25 is None or group.p50 is None or group.p90 is None:
        return None
    low, middle, high = (
        scale.share(seconds) * SPREAD_WIDTH for seconds in (group.p25, group.p50, group.p90)
    )
    marks: tuple[Mark, ...] = (
        across("g0", 0, SPREAD_WIDTH, MIDDLE),
        rect("f-band2", (low, 7), (high - low, 10), "", 2),
        rect("f-ink", (min(max(middle - 1, 0), SPREAD_WIDTH - 2), 4), (2, 16)),
    )
    sentence = f"p25 {took(group.p25)}, p50 {took(group.p50)}, p90 {took(group.p90)}"
    return Drawing(SPREAD_WIDTH, HEIGHT, sentence, marks)
