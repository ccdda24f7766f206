"""The table of causes: each with its runs by day, and when it was first and last seen."""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from dashboard.domain.insights.failure_causes import (
    MOST,
    CauseFacts,
    CauseKey,
    FailureCause,
    VersionKey,
)
from dashboard.domain.insights.failures import FailureFigures
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import TIMEOUT
from dashboard.domain.insights.shares import Share
from dashboard.presentation.format import count, cut, plural
from dashboard.presentation.insights.cold_scale import day_text
from dashboard.presentation.insights.failure_words import (
    Names,
    cause_name,
    moment_text,
    version_name,
    workflow_name,
)
from dashboard.presentation.insights.marks import Drawing, Mark, across, rect
from dashboard.presentation.insights.numbers import NONE, percent, percents

PLAIN = "Causes"
TEXT = (
    "Runs are put together by cause and error; numbers, IDs and paths in its text are taken out "
    "first. Error and node are those of the newest run. First and last seen look at all history "
    "here."
)
UNTOLD, UNTOLD_TEXT = "No error text", "ComfyDeploy gave none, and no log has one"
LONGEST, LONGEST_NODE = 120, 60  # characters
WORKFLOWS, VERSIONS = 3, 4  # that are named
WIDTH, HEIGHT, BASE, HIGHEST = 150, 24, 22, 18
BARS = 50  # at most
HALF = 0.5  # of the failures, that the causes of the heading make together
FEW = 3  # causes, from which the heading tells of the most frequent

Address = Callable[[CauseKey], str]


@dataclass(frozen=True, slots=True)
class CauseRow:
    """A cause; `url` leads to its runs, "" where no filter can ask for them."""

    name: str
    url: str
    is_timeout: bool
    is_untold: bool
    new: str
    error: str
    node: str
    workflows: str
    runs: str
    unit: str
    share: str
    of: str
    interval: str
    bars: Drawing
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class CauseTable:
    heading: str
    text: str
    days: str  # the head of the drawings
    rows: tuple[CauseRow, ...]
    hidden: str  # how many causes have no row; "" where all have one


def cause_table(
    figures: FailureFigures, period: Period, names: Names, address: Address
) -> CauseTable:
    shown, hidden = figures.causes[:MOST], figures.causes[MOST:]
    untold = [figures.untold] if figures.untold else []
    return CauseTable(
        heading=_heading(figures),
        text=TEXT,
        days=_days(period),
        rows=tuple(_row(cause, period, names, address) for cause in [*shown, *untold]),
        hidden=_hidden(hidden),
    )


def _heading(figures: FailureFigures) -> str:
    """How few causes make at least half of the failures, where that is a third of them or less."""
    causes, failures, made = len(figures.causes), figures.now.share.part, 0
    if not causes:
        return PLAIN
    told = plural(causes, "cause")
    for number, cause in enumerate(figures.causes, 1):
        made += len(cause.runs)
        if made >= failures * HALF:
            if causes < FEW or number * FEW > causes:
                break
            whose = "one of them makes" if number == 1 else f"{number} of them make"
            return f"{told}, {whose} {percent(made / failures)} of the failures"
    return told


def _days(period: Period) -> str:
    first, last = period.days[0], period.days[-1]
    return day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"


def _hidden(causes: tuple[FailureCause, ...]) -> str:
    if not causes:
        return ""
    runs = sum(len(cause.runs) for cause in causes)
    return f"{plural(len(causes), 'more cause')} with {plural(runs, 'run')} in all."


def _row(cause: FailureCause, period: Period, names: Names, address: Address) -> CauseRow:
    is_untold, facts = cause.of_runs is None, cause.facts
    last = facts.last_seen if facts else cause.runs[-1].created
    return CauseRow(
        name=UNTOLD if is_untold else cause_name(cause.key),
        url="" if is_untold else address(cause.key),
        is_timeout=all(run.status == TIMEOUT for run in cause.runs),
        is_untold=is_untold,
        new=new_text(cause.new_since, names),
        error=UNTOLD_TEXT if is_untold else error_text(facts),
        node=_node(facts),
        workflows=_workflows(cause, names),
        runs=count(len(cause.runs)),
        unit="run" if len(cause.runs) == 1 else "runs",
        **_of(cause.of_runs),
        bars=_bars(cause, period),
        first=moment_text(facts.first_seen, period) if facts else "",
        last=moment_text(last, period),
    )


def new_text(version: VersionKey | None, names: Names) -> str:
    """`New since v15`; "" where it is not."""
    return f"New since {version_name(names, version.version)}" if version else ""


def error_text(facts: CauseFacts | None) -> str:
    """The error's class and the first line of its text, which may begin with the class itself."""
    if facts is None:
        return ""
    line = next((each.strip() for each in facts.message.splitlines() if each.strip()), "")
    kind = facts.error_type.strip()
    short = kind.rpartition(".")[2]
    told = line if not kind or line.startswith((kind, f"{short}:")) else f"{kind}: {line}"
    return cut(told.removesuffix(": "), LONGEST)


def _node(facts: CauseFacts | None) -> str:
    """`KSampler · node 3`"""
    if facts is None or not (facts.node_type or facts.node_id):
        return NONE
    number = f"node {facts.node_id}" if facts.node_id else ""
    return cut(" · ".join(filter(None, (facts.node_type, number))), LONGEST_NODE)


def _workflows(cause: FailureCause, names: Names) -> str:
    """`storyboard-video v3, v4`; of runs without an error the workflows alone."""
    versions: dict[str | None, list[str]] = {}
    for key in cause.versions:
        own = versions.setdefault(key.workflow, [])
        if key.version is not None and cause.of_runs is not None:
            own.append(version_name(names, key.version))
    told = [
        " ".join(filter(None, (workflow_name(names, workflow), _some(own, VERSIONS))))
        for workflow, own in versions.items()
    ]
    return _some(told, WORKFLOWS, "; " if cause.of_runs is not None else ", ")


def _some(names: list[str], most: int, sign: str = ", ") -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return sign.join(names[:most]) + more


def _of(share: Share | None) -> dict[str, str]:
    """How many of their versions' runs these are."""
    if share is None or share.value is None:
        return {"share": NONE, "of": "", "interval": ""}
    if share.interval is None:
        return {"share": f"{share.part} of {share.n}", "of": "", "interval": "too few"}
    return {
        "share": percent(share.value),
        "of": f"of {count(share.n)}",
        "interval": percents(share.interval),
    }


def _bars(cause: FailureCause, period: Period) -> Drawing:
    """The runs by day, or of so many days together that the bars are not too narrow."""
    days = period.days
    wide = math.ceil(len(days) / BARS)
    counts = Counter(period.day_of(run.created) for run in cause.runs)
    bins = [days[n : n + wide] for n in range(0, len(days), wide)]
    sums = [sum(counts[day] for day in each) for each in bins]
    busy = sum(map(bool, counts.values()))
    sentence = f"{plural(len(cause.runs), 'run')} on {busy} of {plural(len(days), 'day')}"
    marks = (across("g0", 0, WIDTH, BASE), *_marks(list(zip(bins, sums, strict=True))))
    return Drawing(WIDTH, HEIGHT, sentence, marks)


def _marks(bins: list[tuple[list[date], int]]) -> Iterator[Mark]:
    step, most = WIDTH / len(bins), max(number for _, number in bins)
    for n, (days, number) in enumerate(bins):
        if number:
            high = HIGHEST * number / most
            span = day_text(days[0]) + (f" to {day_text(days[-1])}" if len(days) > 1 else "")
            place, size = (n * step, BASE - high), (min(4.0, step * 0.8), high)
            yield rect("f-fail", place, size, f"{span}: {plural(number, 'run')}")
