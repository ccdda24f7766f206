"""The runs of a batch, a run's place in it, and its outputs."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from uuid import UUID

from django.db.models import Count, Q

from dashboard.domain.run.batch import Member
from dashboard.models import Output, Run, RunQuerySet, StoredFile

COLUMNS = tuple(field.name for field in fields(Member))


@dataclass(frozen=True, slots=True)
class Place:
    """A run's number among those of its batch, the first created being 1."""

    number: int
    size: int


def place_of(run: Run) -> Place | None:
    """A run's place in its batch, in one query; None for a run without a batch."""
    if not run.batch_id:
        return None
    earlier = Q(sorted_at__lt=run.sorted_at) | Q(sorted_at=run.sorted_at, pk__lt=run.pk)
    counts = Run.objects.filter(batch_id=run.batch_id).aggregate(
        size=Count("pk"), earlier=Count("pk", filter=earlier)
    )
    return Place(counts["earlier"] + 1, counts["size"])


def runs_of(batch_id: UUID) -> RunQuerySet:
    return Run.objects.filter(batch_id=str(batch_id))


def members_of(batch_id: UUID) -> list[Member]:
    """The runs of a batch, first created first; empty for a batch that is not known here."""
    rows = runs_of(batch_id).order_by("sorted_at", "pk").values_list(*COLUMNS)
    return [Member(*row) for row in rows]


def failed_runs(batch_id: UUID, limit: int) -> list[Run]:
    """The failed and timed-out runs, first created first."""
    found = runs_of(batch_id).attention().defer("inputs", "values")
    return list(found.order_by("sorted_at", "pk")[:limit])


def outputs_of(batch_id: UUID, limit: int) -> list[tuple[Output, StoredFile | None]]:
    """The first outputs of all runs in the runs' order, each with its stored file. Two queries."""
    of_batch = Output.objects.filter(run__batch_id=str(batch_id))
    outputs = list(
        of_batch.select_related("run").order_by("run__sorted_at", "run_id", "position")[:limit]
    )
    stored = _stored(outputs)
    return [(each, stored.get((each.run_id, each.identity))) for each in outputs]


def _stored(outputs: Sequence[Output]) -> dict[tuple[int | None, str], StoredFile]:
    runs, identities = {each.run_id for each in outputs}, {each.identity for each in outputs}
    rows = StoredFile.objects.filter(run__in=runs, identity__in=identities)
    return {(row.run_id, row.identity): row for row in rows}
