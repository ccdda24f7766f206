"""What runs cost, in sentences and figures."""

from dataclasses import dataclass
from decimal import Decimal

from dashboard.domain.insights.costs import CostFigures
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.spent import Spent, Unpriced
from dashboard.presentation.format import count, plural
from dashboard.presentation.insights.cost_chart import CostChart, cost_chart, stretch_text
from dashboard.presentation.insights.cost_numbers import change_text, share_text
from dashboard.presentation.insights.cost_tables import (
    Address,
    CostRow,
    CostTable,
    Names,
    amount_text,
    person_table,
    row_of,
    tag_table,
    unpriced_parts,
    workflow_table,
)
from dashboard.presentation.insights.numbers import dollars

A_DAY_FROM = 2  # days, from which a cost a day is told
NO_RUNS = "No runs in this time"
NO_RUNS_TEXT = "Costs are estimated from runs that Runboard has seen and that pass the filters."


@dataclass(frozen=True, slots=True)
class Lead:
    """The headline: `share` of it is drawn in the colour of start-up."""

    before: str
    share: str
    after: str
    estimate: str  # what the amount is, and what it is not


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the large numbers, with two lines under it."""

    name: str
    value: str
    first: str = ""
    second: str = ""


@dataclass(frozen=True, slots=True)
class CostPage:
    """Everything between the tabs and the note of what is left out."""

    known: bool  # whether any run has a cost
    lead: Lead
    figures: tuple[Figure, ...]
    days_title: str
    days_note: str
    chart: CostChart
    phone_chart: CostChart
    tables: tuple[CostTable, ...]
    whole: CostRow
    caveats: tuple[tuple[str, str], ...]


def cost_page(
    figures: CostFigures,
    period: Period,
    *,
    names: Names,
    people: Names | None,
    workflow_url: Address,
    person_url: Address,
    tag_url: Address,
) -> CostPage:
    """What the page says; `people` are the names by ID, None where nobody is told of."""
    end = period.end.astimezone(period.zone)
    so_far = (end.hour, end.minute, end.second, end.microsecond) != (0, 0, 0, 0)
    chart = cost_chart(figures.days, figures.all, so_far=so_far)
    stretch = stretch_text(chart.days_a_bar)
    tables = [workflow_table(figures, names, workflow_url)]
    if people is not None:
        tables.append(person_table(figures, people, person_url))
    tables.append(tag_table(figures, tag_url))
    return CostPage(
        known=bool(figures.all.runs),
        lead=_lead(figures, period),
        figures=_figures(figures, period),
        days_title=_days_title(figures),
        days_note=f"Estimated GPU cost per {stretch} in {period.zone}; "
        f"{plural(figures.all.runs, 'run')} with a price.",
        chart=chart,
        phone_chart=cost_chart(figures.days, figures.all, so_far=so_far, phone=True),
        tables=tuple(tables),
        whole=row_of("All with a price", "", figures.all, Decimal(0)),
        caveats=CAVEATS,
    )


def length_text(period: Period) -> str:
    """`30 days`, `14 hours`: how long a time is, rounded."""
    hours = (period.end - period.begin).total_seconds() / 3600
    if hours < 48:
        return plural(max(round(hours), 1), "hour")
    return plural(round(hours / 24), "day")


def _lead(figures: CostFigures, period: Period) -> Lead:
    spent, runs = figures.all, figures.all.runs + figures.all.unpriced.total
    if not runs:
        return Lead(NO_RUNS, "", "", NO_RUNS_TEXT)
    if not spent.runs:
        return Lead("What these runs cost is not known", "", "", _unpriced_text(spent.unpriced))
    share = share_text(spent.start_share)
    text = f"About {dollars(spent.total)} of GPU time in {length_text(period)}"
    estimate = [
        "Estimate: (cold start + run) × the GPU’s price at the time, "
        f"for {count(spent.runs)} of {plural(runs, 'run')}.",
        "Not your invoice: ComfyDeploy bills the life of a container, and warm time comes on top.",
    ]
    if spent.in_part:
        some = spent.in_part
        those = (
            "One run tells only one of its two times, so it cost more."
            if some == 1
            else f"{count(some)} runs tell only one of their two times, so they cost more."
        )
        estimate.append(those)
    if not share:
        return Lead(text, "", "", " ".join(estimate))
    return Lead(f"{text},", share, "of it for starting up", " ".join(estimate))


def _figures(figures: CostFigures, period: Period) -> tuple[Figure, ...]:
    spent, before = figures.all, figures.before
    length = length_text(period).removeprefix("1 ")
    reasons = unpriced_parts(spent.unpriced)
    return (
        Figure("Estimate", dollars(spent.total), *_change(spent, before, length)),
        Figure(
            "Starting up",
            dollars(spent.start_up),
            f"{share_text(spent.start_share)} of it" if spent.total else "",
            f"{share_text(before.start_share)} in the {length} before"
            if before and before.total
            else "",
        ),
        Figure(
            "Per finished run",
            amount_text(spent.per_finished) or "–",
            plural(spent.finished, "finished run"),
            "money of failed runs included" if spent.not_finished else "",
        ),
        Figure(
            "Per picked output",
            amount_text(spent.per_picked) or "–",
            f"{plural(spent.picked, 'output')} with a Pick mark" if spent.picked else "no picks",
            _of_outputs(spent),
        ),
        Figure(
            "Left out",
            plural(spent.unpriced.total, "run"),
            reasons[0] if reasons else "every run has a price",
            ", ".join(reasons[1:]),
        ),
    )


def _change(spent: Spent, before: Spent | None, length: str) -> tuple[str, str]:
    if before is None:
        return "", "the time before is not all known"
    was = f"{dollars(before.total)} in the {length} before"
    return change_text(spent.total, before.total), was


def _of_outputs(spent: Spent) -> str:
    if not spent.picked:
        return ""
    if spent.per_picked is None:
        return "no price under 20 picks"
    return f"of {count(spent.pick_outputs)} in workflows with picks"


def _unpriced_text(unpriced: Unpriced) -> str:
    return f"{plural(unpriced.total, 'run')}: {', '.join(unpriced_parts(unpriced))}."


def _days_title(figures: CostFigures) -> str:
    """Told of two days or more."""
    start, work = figures.start_up_a_day, figures.work_a_day
    if start is None or work is None or not figures.all.total or figures.elapsed < A_DAY_FROM:
        return "Cost per day"
    return f"Starting up costs {dollars(start)} a day, work {dollars(work)}"


CAVEATS = (
    (
        "Warm time is billed and not in it.",
        "A container is paid for while it waits for its next run.",
    ),
    (
        "The queue is not counted.",
        "Getting a machine may be billed inside it; ComfyDeploy does not tell.",
    ),
    ("Runs that share a container count twice", "on machines that allow concurrent inputs."),
    (
        "Runs that are not known here are missing.",
        "Your plan’s discounts are not known either.",
    ),
    (
        "A picked output is one with a Pick mark.",
        "Outputs nobody looked at count as not picked, so the price per picked output falls as "
        "people mark.",
    ),
    (
        "Prices",
        "come from ComfyDeploy’s public table, or from the setting PRICES of this server.",
    ),
)
