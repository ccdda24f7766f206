"""What the runs of a time cost, and how that divides: by day, workflow, person and tag."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, Population
from dashboard.domain.insights.spent import Boots, Spent, Tally, cost_parts, together

Tags = Mapping[int, Sequence[str]]  # of runs that have any, by their keys
MOST_LEADERS = 3
MICROSECONDS_A_DAY = 86_400_000_000
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class CostDay:
    """A day of the period's zone."""

    day: date
    spent: Spent


@dataclass(frozen=True, slots=True)
class CostGroup:
    """The runs of one workflow, person or tag; `key` None are those without."""

    key: str | None
    spent: Spent


@dataclass(frozen=True, slots=True)
class CostFigures:
    """Days, workflows and people each add up to `all`; a run of two tags counts under both.

    Groups come by money, the most first, and then by their runs; those without a key come last.
    """

    all: Spent
    before: Spent | None  # the same length of time before; None where that is not known
    days: tuple[CostDay, ...]
    workflows: tuple[CostGroup, ...]
    people: tuple[CostGroup, ...]
    tags: tuple[CostGroup, ...]
    elapsed: Decimal  # days, to the microsecond

    @property
    def start_up_a_day(self) -> Decimal | None:
        return self.all.start_up / self.elapsed if self.elapsed else None

    @property
    def work_a_day(self) -> Decimal | None:
        return self.all.work / self.elapsed if self.elapsed else None


def cost_figures(
    now: Population, before: Population | None, period: Period, *, tags: Tags, boots: Boots
) -> CostFigures:
    """What the page says of the runs of a period; `before` are those of the time before it."""
    picks = _with_picks(now.runs)
    days: dict[date, Tally] = defaultdict(Tally)
    workflows, people, tagged = _tallies(), _tallies(), _tallies()
    for run in now.runs:
        parts, pays = cost_parts(run, boots.get(run.id, 0.0)), run.workflow in picks
        days[period.day_of(run.created)].add(run, parts, picks=pays)
        workflows[run.workflow].add(run, parts, picks=pays)
        people[run.user].add(run, parts, picks=pays)
        for tag in tags.get(run.id) or (None,):
            tagged[tag].add(run, parts, picks=pays)
    return CostFigures(
        all=together(tally.spent() for tally in workflows.values()),
        before=None if before is None else spent_on(before.runs, boots),
        days=tuple(CostDay(day, days[day].spent()) for day in sorted({*period.days, *days})),
        workflows=_groups(workflows),
        people=_groups(people),
        tags=_groups(tagged),
        elapsed=Decimal((period.end - period.begin) // _MICROSECOND) / MICROSECONDS_A_DAY,
    )


def spent_on(runs: Iterable[InsightRun], boots: Boots) -> Spent:
    """What runs cost together."""
    there, tally = list(runs), Tally()
    picks = _with_picks(there)
    for run in there:
        tally.add(run, cost_parts(run, boots.get(run.id, 0.0)), picks=run.workflow in picks)
    return tally.spent()


def leaders(groups: Sequence[CostGroup], whole: Decimal) -> Sequence[CostGroup]:
    """The fewest groups that cost half of all, where that says something: else none.

    They are at most three, and at most half of the groups with a cost.
    """
    paid = sorted((each for each in groups if each.spent.total), key=lambda each: -each.spent.total)
    money = Decimal(0)
    for n, group in enumerate(paid[:MOST_LEADERS], 1):
        money += group.spent.total
        if 2 * money >= whole:
            named = all(each.key is not None for each in paid[:n])
            return paid[:n] if named and 2 * n <= len(paid) else ()
    return ()


def _tallies() -> dict[str | None, Tally]:
    return defaultdict(Tally)


def _with_picks(runs: Iterable[InsightRun]) -> set[str | None]:
    """The workflows of which an output is picked, of a run with a cost."""
    return {run.workflow for run in runs if run.picked and run.cost_micros is not None}


def _groups(tallies: Mapping[str | None, Tally]) -> tuple[CostGroup, ...]:
    found = (CostGroup(key, tally.spent()) for key, tally in tallies.items())
    return tuple(sorted(found, key=_order))


def _order(group: CostGroup) -> tuple[bool, Decimal, int, str]:
    spent = group.spent
    return group.key is None, -spent.total, -spent.runs - spent.unpriced.total, group.key or ""
