"""Claims: the right to refresh one run, taken with one conditional UPDATE, for 30 s."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from django.db import Error, connection, transaction
from django.db.models import Case, Q, When

from dashboard.models import Run
from dashboard.models.run_queryset import RunQuerySet
from dashboard.services.clock import claim_moment
from dashboard.services.comfydeploy import load

CLAIM_TIME = timedelta(seconds=30)
_turns = count()


def claim(run: Run, now: datetime, *, even_if_not_due: bool = False) -> UUID | None:
    """Claims a run for 30 s and returns the token; None if it is claimed already or not due."""
    moment = claim_moment(now)
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=moment)
    due = Q() if even_if_not_due else Q(next_refresh_at__lte=moment)
    token = uuid4()
    taken = Run.objects.filter(free & due, pk=run.pk).update(
        claim_token=token, claimed_until=claim_moment(now, CLAIM_TIME)
    )
    return token if taken else None


def claim_due(limit: int, now: datetime, *, probe: bool = False) -> list[tuple[Run, UUID]]:
    """Claims up to `limit` due runs: unseen ones, then looked-at ones, then the rest.

    Half of them are looked-at ones where these are due: hundreds of new runs at once must
    not hold them back. Within these the longest overdue comes first. For a probe the run
    with the fewest failures is taken: one that always fails would keep the gate closed.
    """
    due, last = Run.objects.due(claim_moment(now)), ("next_refresh_at", "id")
    if probe:
        return _claim_first([(due.order_by("failures", *last), limit)], limit, now)
    looked_at = due.filter(looked_at__gt=now - load.LOOKED_AT_FOR).order_by(*last)
    every = due.order_by(_priority(now), *last)
    # Half of one is one and none by turns.
    half = (limit + next(_turns) % 2) // 2
    return _claim_first([(looked_at, half), (every, limit)], limit, now)


def claim_unfetched(limit: int, now: datetime) -> list[tuple[Run, UUID]]:
    """Claims up to `limit` past runs that only a list has told of, the newest first."""
    unfetched = Run.objects.unfetched().unclaimed(claim_moment(now))
    return _claim_first([(unfetched, limit)], limit, now)


def _claim_first(
    kinds: Sequence[tuple[RunQuerySet, int]], limit: int, now: datetime
) -> list[tuple[Run, UUID]]:
    """Claims the first rows under one token, of each kind so many and `limit` of all.

    What another process is claiming is passed over.
    """
    token = uuid4()
    runs: list[Run] = []
    with transaction.atomic():
        for rows, most in kinds:
            if connection.features.has_select_for_update_skip_locked:
                rows = rows.select_for_update(skip_locked=True)
            left = rows.exclude(pk__in=[run.pk for run in runs])
            runs += left[: min(most, limit - len(runs))]
        Run.objects.filter(pk__in=[run.pk for run in runs]).update(
            claim_token=token, claimed_until=claim_moment(now, CLAIM_TIME)
        )
    return [(run, token) for run in runs]


def _priority(now: datetime) -> Case:
    return Case(
        When(status__isnull=True, failures=0, then=0),
        When(looked_at__gt=now - load.LOOKED_AT_FOR, then=1),
        default=2,
    )


def release(token: UUID, pk: int | None = None) -> None:
    """Releases the claims of a token (of one run: `pk`); the runs stay due as they were."""
    mine = Run.objects.filter(claim_token=token)
    mine = mine if pk is None else mine.filter(pk=pk)
    mine.update(claim_token=None, claimed_until=None)


def release_after_error(run: Run, token: UUID) -> None:
    """Releases a claim after an error, over a new connection where this one is broken.

    Raises nothing: without a database the claim expires after its 30 s.
    """
    try:
        release(token, run.pk)
    except Error:
        with suppress(Error):
            connection.close_if_unusable_or_obsolete()
            release(token, run.pk)


@contextmanager
def released_on_error(run: Run, token: UUID) -> Iterator[None]:
    """Releases the claim when the block raises."""
    try:
        yield
    except Exception:
        release_after_error(run, token)
        raise
