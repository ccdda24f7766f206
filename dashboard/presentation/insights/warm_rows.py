"""The rows of a machine's table: what each warm time would give."""

from dataclasses import dataclass
from decimal import Decimal

from dashboard.domain.insights.keep_warm import KeptWarm
from dashboard.domain.insights.warm_times import WarmTime
from dashboard.presentation.insights.numbers import NONE, dollars, percent, percents
from dashboard.presentation.insights.warm_numbers import (
    dollars_between,
    minutes,
    minutes_between,
    signed_dollars,
    warm_text,
)


@dataclass(frozen=True, slots=True)
class WarmRow:
    """One warm time. Empty texts: not known."""

    warm: str
    share: str
    interval: str
    avoided: str
    avoided_between: str
    extra: str
    extra_between: str
    per_minute: str
    per_minute_between: str
    is_today: bool
    is_cheapest: bool
    is_strong: bool  # it avoids waiting, and by more than the days may differ


def warm_rows(kept: KeptWarm, worth: Decimal, *, costs: bool) -> tuple[WarmRow, ...]:
    """The rows, the shortest time first. Without `costs` no money is in them."""
    cheapest = kept.cheapest(worth) if costs else None
    return tuple(
        _row(one, is_today=one is kept.today, is_cheapest=one is cheapest, costs=costs)
        for one in kept.times
    )


def _row(one: WarmTime, *, is_today: bool, is_cheapest: bool, costs: bool) -> WarmRow:
    compared = costs and not is_today
    return WarmRow(
        warm=warm_text(one.seconds),
        share=percent(one.share),
        interval=percents(one.interval),
        avoided=_avoided(one, is_today=is_today),
        avoided_between="" if is_today else minutes_between(one.avoided_interval),
        extra=_extra(one, is_today=is_today) if costs else "",
        extra_between=dollars_between(one.extra_interval) if compared else "",
        per_minute=_per_minute(one) if costs else "",
        per_minute_between=dollars_between(one.per_minute_interval, signed=False)
        if compared
        else "",
        is_today=is_today,
        is_cheapest=is_cheapest,
        is_strong=one.is_beyond_chance and (one.avoided or 0) > 0,
    )


def _avoided(one: WarmTime, *, is_today: bool) -> str:
    if is_today:
        return "as now"
    return "" if one.avoided is None else minutes(one.avoided)


def _extra(one: WarmTime, *, is_today: bool) -> str:
    if is_today:
        return "" if one.cost is None else f"{dollars(one.cost)} a day"
    return "" if one.extra is None else signed_dollars(one.extra)


def _per_minute(one: WarmTime) -> str:
    """Dollars of an avoided minute, or what an added one saves."""
    if one.avoided is None or one.extra is None:
        return ""
    if one.per_minute is None:
        return NONE
    if one.per_minute > 0:
        return dollars(one.per_minute) if one.avoided > 0 else f"saves {dollars(one.per_minute)}"
    return "costs nothing more" if one.avoided > 0 else "saves nothing"
