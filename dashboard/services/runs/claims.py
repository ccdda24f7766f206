"""Who refreshes a run: one conditional UPDATE, a token and an end to it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import Error, connection, transaction
from django.db.models import Case, Q, When

from dashboard.models import Run
from dashboard.services.clock import claim_moment
from dashboard.services.comfydeploy import load

CLAIM = timedelta(seconds=30)


def claim(run: Run, now: datetime, *, even_if_not_due: bool = False) -> UUID | None:
    """Takes the run's refresh for 30 s; None when somebody has it or it is not due."""
    moment = claim_moment(now)
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=moment)
    due = Q() if even_if_not_due else Q(next_refresh_at__lte=moment)
    token = uuid4()
    taken = Run.objects.filter(free & due, pk=run.pk).update(
        claim_token=token, claimed_until=claim_moment(now, CLAIM)
    )
    return token if taken else None


def claim_due(limit: int, now: datetime, *, probe: bool = False) -> list[tuple[Run, UUID]]:
    """Takes up to `limit` due runs at once: first looks, then looked-at runs, then the rest.

    Within these the longest overdue comes first. A probe is the run that has
    failed least: one that always fails must not keep all the others waiting.
    """
    token = uuid4()
    order = ("failures",) if probe else (_rank(now),)
    with transaction.atomic():
        due = Run.objects.due(claim_moment(now)).order_by(*order, "next_refresh_at", "id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        runs = list(due[:limit])
        Run.objects.filter(pk__in=[run.pk for run in runs]).update(
            claim_token=token, claimed_until=claim_moment(now, CLAIM)
        )
    return [(run, token) for run in runs]


def _rank(now: datetime) -> Case:
    return Case(
        When(status__isnull=True, failures=0, then=0),
        When(looked_at__gt=now - load.LOOKING, then=1),
        default=2,
    )


def release(token: UUID, pk: int | None = None) -> None:
    """Gives back what was claimed and not finished, due as it was before."""
    mine = Run.objects.filter(claim_token=token)
    mine = mine if pk is None else mine.filter(pk=pk)
    mine.update(claim_token=None, claimed_until=None)


def give_back(run: Run, token: UUID) -> None:
    """Releases a claim after something went wrong, of which the caller tells.

    A connection that has broken is opened anew for it; without a database the
    claim ends by itself.
    """
    try:
        release(token, run.pk)
    except Error:
        with suppress(Error):
            connection.close_if_unusable_or_obsolete()
            release(token, run.pk)


@contextmanager
def unless_failed(run: Run, token: UUID) -> Iterator[None]:
    """Gives the claim back when what is done under it ends with an exception."""
    try:
        yield
    except Exception:
        give_back(run, token)
        raise
