"""Pages of a list of runs in any of its orders, each as quick as the first.

A page is read by an index that has the list's order, from a key on (keyset pagination).
Where a filter has no such index, the order's is walked a little way, which is enough for what
many runs have. Few runs that fit are then read by the filter's own index and sorted; for others
the walk goes on. All is bounded, whichever index a database would have chosen.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.db import connection
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from dashboard.domain.filters.fields import COLD_START, COST, CREATED, QUEUE, RUN, TOTAL
from dashboard.domain.filters.sorts import Key, Sort, rank
from dashboard.models import Run, RunQuerySet

COLUMNS: Mapping[str, str] = {
    CREATED: "sorted_at",
    TOTAL: "total",
    RUN: "run",
    COLD_START: "cold_start",
    QUEUE: "queue_wait",
    COST: "cost_micros",
}
Among = Callable[[Sequence[int]], RunQuerySet | None]
PAGE = 50
MANY = 5_000  # runs that are sorted, whatever their order
CLOSE, NEAR, FAR = 200, 1_500, 10_000  # runs that are walked over, by and by
WHOLE_PIECE = 1_000  # runs at a time where a whole list is read


@dataclass(frozen=True, slots=True)
class Page:
    """The runs of a page in order, and whether there are some before and after them."""

    keys: Sequence[Key]
    older: bool = False
    newer: bool = False


@dataclass(frozen=True, slots=True)
class _Way:
    """Along an order, or back, from a key on; from its end where there is none."""

    sort: Sort
    key: Key | None = None
    back: bool = False


def page(
    runs: RunQuerySet,
    sort: Sort,
    *,
    after: Key | None = None,
    before: Key | None = None,
    size: int = PAGE,
    parts: Sequence[RunQuerySet] = (),
    stretch: RunQuerySet | None = None,
) -> Page:
    """The runs after a key, or those before one, in the order of the sort.

    `stretch` has these runs with others, and is what is walked over (`RunFilter.stretch`).
    `parts` are querysets that have these runs, each in this order by an index: newest first
    those of `RunFilter.parts`, and in any order that of all runs.
    """
    way = _Way(sort, before or after, back=before is not None)
    if parts:
        return _page(_merged(parts, way, size + 1), way, size)
    around = Run.objects.seen() if stretch is None else stretch
    return _page(_found(runs, around, way, size + 1), way, size)


def among_next(
    among: Among,
    sort: Sort,
    *,
    after: Key | None = None,
    before: Key | None = None,
    size: int = PAGE,
) -> Page | None:
    """A page, by creation, of runs that are many among the next ones; None where they are not.

    `among` tells those of some keys that fit (`RunFilter.among`).
    """
    way = _Way(sort, before or after, back=before is not None)
    found = _nearby(among, way, size + 1)
    return None if found is None else _page(found, way, size)


def of_few(
    runs: RunQuerySet,
    sort: Sort,
    *,
    after: Key | None = None,
    before: Key | None = None,
    size: int = PAGE,
) -> Page:
    """A page, by creation, of runs that are found first and then sorted, wherever they are."""
    way = _Way(sort, before or after, back=before is not None)
    return _page(_sorted(runs, way, size + 1), way, size)


def _page(found: Sequence[Key], way: _Way, size: int) -> Page:
    """The page of what was found along the way, of which one more was sought."""
    more, keys = len(found) > size, found[:size]
    if way.back:
        return Page(keys[::-1], older=True, newer=more)
    return Page(keys, older=more, newer=way.key is not None)


def key_of(run: Run, sort: Sort) -> Key:
    """A run's place in an order."""
    value = None if sort.name == CREATED else getattr(run, COLUMNS[sort.name])
    return Key(value, run.sorted_at, run.pk)


def pieces(
    runs: RunQuerySet, sort: Sort, *, parts: Sequence[RunQuerySet] = ()
) -> Iterator[list[Key]]:
    """All runs in the order of the sort, at most a thousand at a time, at constant memory."""
    way = _Way(sort)
    if parts:
        yield from _walk(partial(_merged, parts), way)
    elif (hits := _hits(runs)) is not None:
        found = _read(hits, way, MANY)
        yield from (found[n : n + WHOLE_PIECE] for n in range(0, len(found), WHOLE_PIECE))
    else:
        for piece in _walk(partial(_read, Run.objects.seen()), way):
            yield _fitting(runs, piece)


def _walk(read: "partial[list[Key]]", way: _Way) -> Iterator[list[Key]]:
    while True:
        piece = read(way, WHOLE_PIECE)
        yield piece
        if len(piece) < WHOLE_PIECE:
            return
        way = replace(way, key=piece[-1])


def _merged(parts: Sequence[RunQuerySet], way: _Way, limit: int) -> list[Key]:
    """The next runs of several querysets along the way; each once."""
    if len(parts) == 1:
        return _read(parts[0], way, limit)
    found = {key for part in parts for key in _read(part, way, limit)}
    ordered = sorted(found, key=partial(rank, way.sort), reverse=way.back)
    return ordered[:limit]


def _nearby(among: Among, way: _Way, limit: int) -> list[Key] | None:
    """A page of runs among the next ones of all; None where these do not fill it.

    So many are looked at as the first of them give hope for.
    """
    condition, order = next(_parts(way))
    seen = Run.objects.seen().filter(condition).order_by(*order).values_list("pk", flat=True)
    for most in (NEAR, FAR):
        window = list(seen[:most])
        fitting = among(window)
        if fitting is None:
            return None
        kept = set(fitting.values_list("pk", flat=True))
        found = [pk for pk in window if pk in kept][:limit]
        if len(found) == limit or len(window) < most:
            keys = _read(Run.objects.filter(pk__in=found), way, limit)
            return keys if len(keys) == len(found) else None  # one has just been removed
        if len(found) * FAR < limit * most:
            return None
    return None


def _sorted(runs: RunQuerySet, way: _Way, limit: int) -> list[Key]:
    """The next runs along the way by creation, in an order that no index has.

    By the list's index a database would seek the runs among all, if it takes them to be many.
    """
    condition, order = next(_parts(way))
    at = Coalesce("sorted_at", "sorted_at")
    first = at.desc() if order[0].startswith("-") else at.asc()
    return _keys(runs.filter(condition).order_by(first, order[1]), way.sort, limit)


def _found(runs: RunQuerySet, stretch: RunQuerySet, way: _Way, limit: int) -> list[Key]:
    """A page of runs that no index has in this order."""
    near: list[Key] = []
    for most in (CLOSE, NEAR):
        near, whole = _walked(runs, stretch, way, limit, most)
        if whole:
            return near
    # Of so many the next ones are nearer than all are found.
    dense = len(near) * FAR > 2 * limit * NEAR
    if not dense and (few := _few(runs, way, limit)) is not None:
        return few
    far, whole = _walked(runs, stretch, way, limit, FAR)
    if whole:
        return far
    some = _few(runs, way, limit) if dense else None
    # Many runs, all of them far away: what the database makes of it.
    return _read(runs, way, limit) if some is None else some


def _hits(runs: RunQuerySet) -> RunQuerySet | None:
    """The runs, to be found before they are sorted; None where they are many.

    The limit keeps the databases from sorting all runs first and looking for these among them.
    """
    found = runs.order_by().values("pk")[: MANY + 1]
    return Run.objects.filter(pk__in=found) if found.count() <= MANY else None


def _few(runs: RunQuerySet, way: _Way, limit: int) -> list[Key] | None:
    """The next runs along the way, found before they are sorted; None where they are many.

    By creation they are found, counted and sorted at once. Where the filter's own index has
    their creation too, no row is read.
    """
    if way.sort.name != CREATED:
        hits = _hits(runs)
        return None if hits is None else _read(hits, way, limit)
    some = runs.order_by().values_list("sorted_at", "pk")[: FAR + 1]
    found, params = some.query.sql_with_params()
    falling = way.sort.descending != way.back
    beyond, order = "", "DESC" if falling else "ASC"
    if way.key:
        beyond = f"WHERE (sorted_at, pk) {'<' if falling else '>'} (%s, %s)"
        at = connection.ops.adapt_datetimefield_value(way.key.sorted_at)
        params = (*params, at, way.key.pk)
    sql = (
        f"WITH hits AS ({found}) SELECT pk, (SELECT COUNT(*) FROM hits) FROM hits"  # noqa: S608
        f" {beyond} ORDER BY sorted_at {order}, pk {order} LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, (*params, limit))
        rows = cursor.fetchall()
    if rows and rows[0][1] > FAR:
        return None
    return _sorted(Run.objects.filter(pk__in=[pk for pk, _ in rows]), replace(way, key=None), limit)


def _walked(
    runs: RunQuerySet, stretch: RunQuerySet, way: _Way, limit: int, most: int
) -> tuple[list[Key], bool]:
    """The runs among so many next ones of a stretch, and whether these fill a page or are all."""
    found: list[Key] = []
    for condition, order in _parts(way):
        part = stretch.filter(condition).order_by(*order)
        fitting = _looked_up(runs).filter(pk__in=part.values("pk")[:most])
        found += _keys(fitting.order_by(*order), way.sort, limit - len(found))
        if len(found) == limit:
            return found, True
        if part[most:].exists():
            return found, False
    return found, True


def _looked_up(runs: RunQuerySet) -> RunQuerySet:
    """The runs, to be filtered by keys, each of which is looked up.

    Beside a list of keys a filter would make SQLite read all that fits, and seek the keys there.
    PostgreSQL finds the better way by itself, and would be led astray.
    """
    if connection.vendor == "postgresql":
        return runs.order_by()
    own = runs.order_by().filter(pk=OuterRef("pk")).values("pk")[:1]
    return Run.objects.alias(fits=Subquery(own)).filter(fits__isnull=False)


def _fitting(runs: RunQuerySet, piece: Sequence[Key]) -> list[Key]:
    """Those of these runs that fit."""
    fitting = _looked_up(runs).filter(pk__in=[key.pk for key in piece])
    kept = set(fitting.values_list("pk", flat=True))
    return [key for key in piece if key.pk in kept]


def _read(runs: RunQuerySet, way: _Way, limit: int) -> list[Key]:
    """The next runs along the way, each part of it by the index of its order."""
    found: list[Key] = []
    for condition, order in _parts(way):
        if len(found) < limit:
            part = runs.filter(condition).order_by(*order)
            found += _keys(part, way.sort, limit - len(found))
    return found


def _keys(runs: RunQuerySet, sort: Sort, limit: int) -> list[Key]:
    """The places of the first of these runs."""
    if sort.name == CREATED:
        return [Key(None, *row) for row in runs.values_list("sorted_at", "pk")[:limit]]
    return [Key(*row) for row in runs.values_list(COLUMNS[sort.name], "sorted_at", "pk")[:limit]]


Part = tuple[Q, tuple[str, ...]]  # which runs, and their order


def _parts(way: _Way) -> Iterator[Part]:
    """The parts of the way in turn: the rest of the key's own value, the others, none reported.

    Apart, so that an index leads to the beginning of each, however many runs share a value.
    """
    column, key = COLUMNS[way.sort.name], way.key
    falling = way.sort.descending != way.back
    if column == "sorted_at":
        yield (_beyond(key, falling=falling) if key else Q()), _order(column, falling=falling)
        return
    absent, known = Q(**{f"{column}__isnull": True}), Q(**{f"{column}__isnull": False})
    if key is None or key.value is not None:
        yield from _valued(column, key, falling=falling)
    if not way.back:
        rest = _beyond(key, falling=True) if key and key.value is None else Q()
        yield absent & rest, _order(column, falling=True)
    elif key and key.value is None:
        yield absent & _beyond(key, falling=False), _order(column, falling=False)
        yield known, _order(column, falling=falling)


def _valued(column: str, key: Key | None, *, falling: bool) -> Iterator[Part]:
    order = _order(column, falling=falling)
    if key is None:
        yield Q(**{f"{column}__isnull": False}), order
        return
    yield Q(**{column: key.value}) & _beyond(key, falling=falling), order
    yield Q(**{f"{column}__{'lt' if falling else 'gt'}": key.value}), order


def _order(column: str, *, falling: bool) -> tuple[str, ...]:
    columns = dict.fromkeys((column, "sorted_at", "id"))
    return tuple(f"-{name}" if falling else name for name in columns)


def _beyond(key: Key, *, falling: bool) -> Q:
    """Older than a key, or newer."""
    way = "lt" if falling else "gt"
    later = Q(**{f"sorted_at__{way}": key.sorted_at})
    same = Q(sorted_at=key.sorted_at, **{f"id__{way}": key.pk})
    return Q(**{f"sorted_at__{way}e": key.sorted_at}) & (later | same)
