"""The figures of cold starts as JSON."""

from collections.abc import Mapping
from decimal import Decimal

from dashboard.domain.filters.fields import MACHINE
from dashboard.domain.insights.cold_starts import ColdFigures
from dashboard.domain.insights.hour_map import HourCell
from dashboard.domain.insights.shares import Share
from dashboard.domain.insights.start_days import StartDay
from dashboard.domain.insights.start_groups import StartGroup
from dashboard.domain.insights.starts import StartTimes

CENT = Decimal("0.01")
Names = Mapping[tuple[str, str], str]


def cold_json(figures: ColdFigures, names: Names, *, costs: bool) -> dict[str, object]:
    """What cold.json tells beside its time and population; money only where it may be told."""
    before = figures.share_before
    return {
        "cold_share": {
            **_share(figures.share),
            "n": figures.share.n,
            "before": None if before is None else before.value,
        },
        "cold_start": _times(figures.cold_start),
        "warm_start": _times(figures.warm_start),
        "seconds_lost": figures.lost.seconds,
        "money_lost": _money(figures.lost.money) if costs else None,
        "days": [_day(one) for one in figures.days],
        "machines": [_machine(one, names, costs=costs) for one in figures.machines],
        "hours": [_hour(one) for one in figures.hours.hours if one.share.n],
    }


def _share(share: Share) -> dict[str, float | None]:
    found = share.interval
    return {
        "value": share.value,
        "low": found.low if found else None,
        "high": found.high if found else None,
    }


def _times(times: StartTimes) -> dict[str, object]:
    return {"p50": times.p50, "p90": times.p90, "n": times.n}


def _money(dollars: Decimal | None) -> str | None:
    return None if dollars is None else f"{dollars.quantize(CENT):f}"


def _day(day: StartDay) -> dict[str, object]:
    return {"day": str(day.day), "cold": day.cold, "warm": day.warm, "p50": day.p50}


def _machine(group: StartGroup, names: Names, *, costs: bool) -> dict[str, object]:
    share = _share(group.share)
    return {
        "id": group.id,
        "name": names.get((MACHINE, group.id)) if group.id else None,
        "gpu": group.gpu,
        "starts": group.share.n,
        "cold": group.share.part,
        "low": share["low"],
        "high": share["high"],
        "p50": group.p50,
        "seconds_lost": group.lost.seconds,
        "money_lost": _money(group.lost.money) if costs else None,
    }


def _hour(cell: HourCell) -> dict[str, object]:
    return {
        "weekday": cell.weekday,
        "hour": cell.hour,
        "starts": cell.share.n,
        "cold": cell.share.part,
    }
