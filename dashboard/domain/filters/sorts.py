"""The orders of a list of runs, and the place between two pages, as a query string writes them."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dashboard.domain.filters.fields import COLD_START, COST, CREATED, QUEUE, RUN, TOTAL

NAMES = (CREATED, TOTAL, RUN, COLD_START, QUEUE, COST)

_EPOCH, _MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_PLACE = r"(?P<moment>-?\d{1,18})_(?P<pk>\d{1,18})"
_NUMBER = r"(?P<value>-?\d{1,20}(?:\.\d{1,20})?(?:e[+-]?\d{1,3})?)?"
_NEWEST_KEY = re.compile(_PLACE, re.ASCII)
_OTHER_KEY = re.compile(rf"(?P<sort>-?[a-z_]{{1,20}})~{_NUMBER}~{_PLACE}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sort:
    """An order by one value; what is not reported comes last, whichever the direction.

    Runs with the same value, and those without, stand by their time: the newest first,
    and among equal values of a rising order the oldest.
    """

    name: str = CREATED
    descending: bool = True


NEWEST = Sort()


@dataclass(frozen=True, slots=True)
class Key:
    """A run's place in an order: its value (None: not reported), its time, its row.

    Ordered by time alone, runs have no other value: it is None.
    """

    value: float | None
    sorted_at: datetime
    pk: int


def read_sort(text: str) -> Sort | None:
    """The order that a value writes, such as `-total`; None where there is no such order."""
    name = text.removeprefix("-")
    return Sort(name, descending=text != name) if name in NAMES else None


def written(sort: Sort) -> str:
    """The order as `read_sort` reads it."""
    return f"-{sort.name}" if sort.descending else sort.name


def written_key(sort: Sort, key: Key) -> str:
    """A place in an order, exactly: of the newest first its time and row, else all of it."""
    place = f"{_microseconds(key.sorted_at)}_{key.pk}"
    if sort == NEWEST:
        return place
    return f"{written(sort)}~{'' if key.value is None else repr(float(key.value))}~{place}"


def read_key(sort: Sort, text: str) -> Key | None:
    """The place that a text writes; None where it is none, or one of another order."""
    found = (_NEWEST_KEY if sort == NEWEST else _OTHER_KEY).fullmatch(text)
    if not found or found.groupdict().get("sort", written(sort)) != written(sort):
        return None
    number = found.groupdict().get("value")
    value = None if number is None else float(number)
    if value is not None and (sort.name == CREATED or not math.isfinite(value)):
        return None
    try:
        return Key(value, _EPOCH + int(found["moment"]) * _MICROSECOND, int(found["pk"]))
    except OverflowError:
        return None


def rank(sort: Sort, key: Key) -> tuple[int, float, int, int]:
    """What rises along the order."""
    moment, way = _microseconds(key.sorted_at), -1 if sort.descending else 1
    if sort.name == CREATED:
        return 0, 0.0, way * moment, way * key.pk
    if key.value is None:
        return 1, 0.0, -moment, -key.pk
    return 0, way * key.value, way * moment, way * key.pk


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND
