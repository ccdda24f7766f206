"""What a second of a GPU costs, and since when."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from dashboard.models import DirectoryList, Price
from dashboard.services.machines import prices
from dashboard.services.machines.prices import KnownPrice
from dashboard.services.runs import directory
from dashboard.simulator import Simulator
from dashboard.upstream.machines import PRICES_PATH

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OLD, NEW = Decimal("0.0023"), Decimal("0.0025")


def refreshed(now: datetime) -> DirectoryList:
    prices.start(now)
    row = DirectoryList.objects.get(name="prices")
    prices.refresh(row, now)
    row.refresh_from_db()
    return row


def test_prices_are_kept_with_the_day_they_were_told(upstream: Simulator, now: datetime) -> None:
    sent = [{"H100": 0.0023, "T4": 0.00018}, {"H100": 0.0023, "T4": 0.0002}]
    upstream.script_path(PRICES_PATH, sent)
    row = refreshed(now)
    assert row.listed_at == now and DAY <= row.next_at - now < DAY * 1.2
    refreshed(now + DAY)
    kept = Price.objects.order_by("gpu", "told_at").values_list("gpu", "told_at", "checked_at")
    assert list(kept) == [
        ("H100", now, now + DAY),
        ("T4", now, now),
        ("T4", now + DAY, now + DAY),
    ]


def test_a_price_holds_until_the_next(now: datetime) -> None:
    prices.store({"H100": OLD}, now)
    prices.store({"H100": NEW}, now + DAY)
    at = {-1: OLD, 0: OLD, 0.5: OLD, 1: NEW, 9: NEW}
    for days, price in at.items():
        found = prices.price_at("H100", now + DAY * days)
        assert found and found.per_second == price, days
    assert prices.price_at("H100", None) == KnownPrice(OLD, now)


@pytest.mark.parametrize("gpu", [None, "", "T4"])
def test_without_a_price_there_is_none(now: datetime, gpu: str | None) -> None:
    prices.store({"H100": OLD}, now)
    assert prices.price_at(gpu, now) is None


def test_the_setting_wins(settings: Any, now: datetime) -> None:
    prices.store({"H100": OLD}, now)
    settings.PRICES = {"H100": NEW}
    assert prices.price_at("H100", now) == KnownPrice(NEW, None)


@pytest.mark.parametrize("status", [403, 500, 200])
def test_where_it_fails_they_are_asked_for_later(
    upstream: Simulator, now: datetime, status: int
) -> None:
    upstream.script_path(PRICES_PATH, [(status, {}, b"[]")])
    prices.store({"H100": OLD}, now)
    first, second = refreshed(now), refreshed(now)
    assert first.next_at < second.next_at < now + DAY
    assert Price.objects.count() == 1
    assert list(directory.not_listed()) == [], "no list of the workspace"
