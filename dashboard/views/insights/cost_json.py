"""What runs cost as JSON: decimal strings of US dollars, as a run's own JSON has them."""

from collections.abc import Mapping, Sequence

from dashboard.domain.insights.costs import CostFigures, CostGroup
from dashboard.domain.insights.spent import Spent, Unpriced
from dashboard.domain.machines.cost import decimal_text

Names = Mapping[str, str]


def cost_json(figures: CostFigures, workflows: Names, people: Names | None) -> dict[str, object]:
    """What cost.json tells beside its time and population.

    Each division adds up to `cost`, but that by tag: a run of two tags counts under both.
    Without `people` nobody is told of.
    """
    before = figures.before
    return {
        "cost": {
            "currency": "USD",
            **_spent(figures.all),
            "before": None if before is None else decimal_text(before.total),
        },
        "days": [{"day": str(one.day), **_money(one.spent)} for one in figures.days],
        "workflows": _named(figures.workflows, workflows),
        "people": None if people is None else _named(figures.people, people),
        "tags": [{"tag": one.key, **_spent(one.spent)} for one in figures.tags],
    }


def _named(groups: Sequence[CostGroup], names: Names) -> list[dict[str, object]]:
    return [
        {"id": one.key, "name": names.get(one.key) if one.key else None, **_spent(one.spent)}
        for one in groups
    ]


def _money(spent: Spent) -> dict[str, object]:
    return {
        "runs": spent.runs,
        "start_up": decimal_text(spent.start_up),
        "work": decimal_text(spent.work),
        "total": decimal_text(spent.total),
    }


def _spent(spent: Spent) -> dict[str, object]:
    return {
        **_money(spent),
        "start_share": spent.start_share,
        "in_part": spent.in_part,
        "finished": spent.finished,
        "not_finished": decimal_text(spent.not_finished),
        "per_finished": decimal_text(spent.per_finished),
        "picked": spent.picked,
        "outputs": spent.pick_outputs if spent.picked else spent.outputs,
        "per_picked": decimal_text(spent.per_picked),
        "unpriced": _unpriced(spent.unpriced),
    }


def _unpriced(unpriced: Unpriced) -> dict[str, int]:
    return {
        "live": unpriced.live,
        "not-started": unpriced.not_started,
        "no-price": unpriced.no_price,
        "unknown": unpriced.unknown,
    }
