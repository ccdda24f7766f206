"""The tables of what runs cost: a row for each workflow, person or tag."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dashboard.domain.insights.costs import CostFigures, CostGroup, leaders
from dashboard.domain.insights.spent import Spent, Unpriced, together
from dashboard.presentation.format import count
from dashboard.presentation.insights.cost_chart import Rect, parts_text, row_bar
from dashboard.presentation.insights.cost_numbers import share_text
from dashboard.presentation.insights.numbers import dollars

MOST_ROWS = 30  # of a table; the others are one row
Names = Mapping[str, str]
Address = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class CostRow:
    """A workflow, person or tag; `why` says why it has no cost, and nothing else is told then."""

    name: str
    url: str  # of the page with these runs alone; "" for those without a key
    runs: str
    unit: str  # run or runs
    estimate: str
    bar: tuple[Rect, ...]
    bar_text: str
    start_up: str
    work: str
    start_share: str
    not_finished: str
    per_finished: str
    per_picked: str
    picked: str
    priced_pick: bool  # whether a pick has a price
    why: str = ""


@dataclass(frozen=True, slots=True)
class CostTable:
    """The rows of one division; without any, the note says so."""

    name: str  # an id
    title: str
    note: str
    of: str  # the head of the first column
    rows: tuple[CostRow, ...] = ()


def unpriced_parts(unpriced: Unpriced) -> list[str]:
    """Why runs have no cost, each with its number: `62 without a price`."""
    told = (
        (unpriced.no_price, "without a price"),
        (unpriced.not_started, "never started"),
        (unpriced.live, "not ended yet"),
        (unpriced.unknown, "without times"),
    )
    return [f"{count(number)} {why}" for number, why in told if number]


def workflow_table(figures: CostFigures, names: Names, url: Address) -> CostTable:
    found = leaders(figures.workflows, figures.all.total)
    title = "Cost by workflow"
    if found:
        cost = sum((each.spent.total for each in found), Decimal(0))
        many = "makes" if len(found) == 1 else "make"
        share = share_text(float(cost / figures.all.total))
        title = f"{_listed([_named(each, names, '') for each in found])} {many} {share} of the cost"
    return CostTable(
        "cost-workflows",
        title,
        "One scale for all bars. Not finished: money of failed, timed-out and cancelled runs; "
        "it is part of the estimate. No price per picked output under 20 picks.",
        "Workflow",
        _rows(figures.workflows, names, "No workflow", url),
    )


def person_table(figures: CostFigures, people: Names, url: Address) -> CostTable:
    known = any(group.key is not None for group in figures.people)
    note = "Who started the runs." if known else "No run tells who started it."
    rows = _rows(figures.people, people, "Not reported", url) if known else ()
    return CostTable("cost-people", "Cost by person", note, "Person", rows)


def tag_table(figures: CostFigures, url: Address) -> CostTable:
    known = any(group.key is not None for group in figures.tags)
    note = (
        "A run with two tags counts under both, so the rows can add up to more than the estimate."
        if known
        else "No run of this time has a tag."
    )
    rows = _rows(figures.tags, {}, "No tag", url) if known else ()
    return CostTable("cost-tags", "Cost by tag", note, "Tag", rows)


def _rows(
    groups: Sequence[CostGroup], names: Names, without: str, url: Address
) -> tuple[CostRow, ...]:
    """The first groups, and the others as one row."""
    shown = groups if len(groups) <= MOST_ROWS else groups[: MOST_ROWS - 1]
    rest = groups[len(shown) :]
    told = [
        (_named(each, names, without), "" if each.key is None else url(each.key), each.spent)
        for each in shown
    ]
    if rest:
        told.append((f"{count(len(rest))} others", "", together(each.spent for each in rest)))
    most = max((spent.total for _, _, spent in told), default=Decimal(0))
    return tuple(row_of(name, address, spent, most) for name, address, spent in told)


def _named(group: CostGroup, names: Names, without: str) -> str:
    return without if group.key is None else names.get(group.key) or group.key


def _listed(texts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(filter(None, (", ".join(texts[:-1]), texts[-1])))


def row_of(name: str, url: str, spent: Spent, most: Decimal) -> CostRow:
    runs = spent.runs or spent.unpriced.total
    few = "under 20 picks" if spent.picked else "no picks"
    return CostRow(
        name=name,
        url=url,
        runs=count(runs),
        unit="run" if runs == 1 else "runs",
        estimate=dollars(spent.total) if spent.runs else "no price",
        bar=row_bar(spent, most),
        bar_text=parts_text(spent),
        start_up=dollars(spent.start_up),
        work=dollars(spent.work),
        start_share=share_text(spent.start_share) or "–",
        not_finished=dollars(spent.not_finished),
        per_finished=amount_text(spent.per_finished) or "–",
        per_picked=amount_text(spent.per_picked) or few,
        picked=_picked(spent),
        priced_pick=spent.per_picked is not None,
        why="" if spent.runs else ", ".join(unpriced_parts(spent.unpriced)),
    )


def _picked(spent: Spent) -> str:
    """Of the outputs of workflows with picks; without picks, of all."""
    outputs = spent.pick_outputs if spent.picked else spent.outputs
    if not outputs:
        return "no outputs"
    return f"{count(spent.picked)} of {count(outputs)}"


def amount_text(amount: Decimal | None) -> str:
    return "" if amount is None else dollars(amount)
