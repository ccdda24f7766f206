"""What a second of a GPU costs, by ComfyDeploy's list or by the setting PRICES."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import blake2b

from django.conf import settings

from dashboard.domain.directory import PRICES
from dashboard.models import DirectoryList, Price
from dashboard.services.comfydeploy.api_requests import get_body
from dashboard.services.jitter import jittered
from dashboard.upstream.errors import UpstreamError
from dashboard.upstream.machines import PRICES_PATH, read_prices

log = logging.getLogger(__name__)
DAY, SOON = timedelta(days=1), timedelta(minutes=10)
MOST_DOUBLINGS = 8  # of SOON: more than a day


@dataclass(frozen=True, slots=True)
class KnownPrice:
    """US dollars a second, and when ComfyDeploy first told it; None where it is a setting."""

    per_second: Decimal
    told_at: datetime | None


def start(now: datetime) -> None:
    """Makes the list of prices due, where it never was. Writes only."""
    row = DirectoryList(name=PRICES, next_at=now)
    DirectoryList.objects.bulk_create([row], ignore_conflicts=True)


def refresh(row: DirectoryList, now: datetime) -> None:
    """Asks for the prices and stores what is new. Asks and writes; raises nothing of upstream."""
    try:
        told = read_prices(get_body(PRICES_PATH))
    except UpstreamError as error:
        log.info("No prices: %s.", error.trouble)
        wait = max(SOON * 2 ** min(row.failures, MOST_DOUBLINGS), timedelta(0))
        _plan(row, now, min(wait, DAY), trouble=error.trouble, failures=row.failures + 1)
        return
    store(told, now)
    _plan(row, now, DAY, trouble=None, failures=0, listed_at=now)


def _plan(row: DirectoryList, now: datetime, wait: timedelta, **columns: object) -> None:
    next_at = now + timedelta(seconds=jittered(wait.total_seconds()))
    DirectoryList.objects.filter(pk=row.pk).update(asked_at=now, next_at=next_at, **columns)


def store(told: dict[str, Decimal], now: datetime) -> None:
    """Stores a row for each price that differs from the newest of its GPU. Writes only."""
    newest = {row.gpu: row for row in Price.objects.order_by("told_at")}
    same = [row.pk for gpu, row in newest.items() if told.get(gpu) == row.per_second]
    Price.objects.filter(pk__in=same).update(checked_at=now)
    new = [gpu for gpu in sorted(told) if gpu not in newest or newest[gpu].pk not in same]
    Price.objects.bulk_create(
        [Price(gpu=gpu, per_second=told[gpu], told_at=now, checked_at=now) for gpu in new],
        ignore_conflicts=True,
    )


def fingerprint() -> str:
    """Tells these prices from any others: another one where a price is new, or PRICES is."""
    told = Price.objects.order_by("gpu", "told_at").values_list("gpu", "told_at", "per_second")
    rows = [(gpu, at.isoformat(), f"{price.normalize():f}") for gpu, at, price in told]
    given = sorted((gpu, f"{price.normalize():f}") for gpu, price in settings.PRICES.items())
    return blake2b(repr((rows, given)).encode(), digest_size=8).hexdigest()


def price_at(gpu: str | None, at: datetime | None) -> KnownPrice | None:
    """The price of a GPU at a moment; of one before the first price, the first. One query."""
    return prices_at([(gpu, at)])[0]


def prices_at(wanted: Sequence[tuple[str | None, datetime | None]]) -> list[KnownPrice | None]:
    """The same for several GPUs, each at its moment. One query."""
    told = defaultdict(list)
    unset = {gpu for gpu, _ in wanted if gpu and gpu not in settings.PRICES}
    if unset:
        for row in Price.objects.filter(gpu__in=unset).order_by("-told_at"):
            told[row.gpu].append(row)
    return [_price(gpu, at, told[gpu]) if gpu else None for gpu, at in wanted]


def _price(gpu: str, at: datetime | None, rows: Sequence[Price]) -> KnownPrice | None:
    """`rows` are the told prices of the GPU, newest first."""
    if gpu in settings.PRICES:
        return KnownPrice(settings.PRICES[gpu], None)
    held = next((row for row in rows if at and row.told_at <= at), rows[-1] if rows else None)
    return KnownPrice(held.per_second, held.told_at) if held else None
