"""Outputs are picked, rejected and rated: one mark an output, by whoever said it last."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from dashboard.domain.run.marks import Mark, changed
from dashboard.models import OutputMark, Run
from dashboard.services.accounts.account_name import LOCAL
from dashboard.services.accounts.actor import Actor, account_of


def mark(
    run: Run,
    output_pk: int,
    by: Actor,
    now: datetime,
    *,
    choice: str | None = None,
    rating: int | None = None,
) -> Mark:
    """Marks an output of the run and returns its mark now.

    None leaves a choice or rating as it is, the empty choice and 0 take it back. The
    same again changes nothing: a page that is not up to date undoes nobody's pick. The
    run's row is locked meanwhile, so that its count of picks is right whoever marks at
    the same time. Raises Output.DoesNotExist where it is no output of this run,
    NoSuchMark for a choice or rating that there is not.
    """
    with transaction.atomic():
        locked = Run.objects.select_for_update().filter(pk=run.pk)
        identity = locked.get().outputs.only("identity").get(pk=output_pk).identity
        rows = OutputMark.objects.filter(run=run, identity=identity)
        row = rows.first()
        before = _told(row) if row else Mark()
        after = changed(before, choice, rating)
        if (after.choice, after.rating) == (before.choice, before.rating):
            return before
        _put(run, identity, after, by, now)
        locked.update(extras_version=F("extras_version") + 1, picked_count=_picked(run))
    run.reread()
    return of_output(run, identity)


def _put(run: Run, identity: str, after: Mark, by: Actor, now: datetime) -> None:
    if not after:
        OutputMark.objects.filter(run=run, identity=identity).delete()
        return
    values = {"choice": after.choice, "rating": after.rating, "by": account_of(by), "at": now}
    if not OutputMark.objects.filter(run=run, identity=identity).update(**values):
        OutputMark.objects.create(run=run, identity=identity, **values)


def recount(run: Run) -> None:
    """Counts the run's picks again, after outputs came or went; within the caller's transaction."""
    run.picked_count = _picked(run)
    Run.objects.filter(pk=run.pk).update(picked_count=run.picked_count)


def _picked(run: Run) -> int:
    found: int = OutputMark.objects.picked(run.pk).count()
    return found


def of_output(run: Run, identity: str) -> Mark:
    """The mark of one output; an empty one where there is none."""
    row = OutputMark.objects.filter(run=run, identity=identity).first()
    return _told(row) if row else Mark()


def of_run(run: Run) -> dict[str, Mark]:
    """The marks of a run's outputs by the outputs' identities; one query, none if prefetched."""
    return {row.identity: _told(row) for row in run.output_marks.all()}


def _told(row: OutputMark) -> Mark:
    """The mark as a value; the one user of open access has no name."""
    author = "" if row.author == LOCAL else row.author
    return Mark(row.choice, row.rating, author, row.at)
