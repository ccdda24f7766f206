"""The runs of a sheet: which may be on one, and what its link shows of them. Reads only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from dashboard.domain.media.kinds import IMAGE
from dashboard.domain.sharing import MAX_SHEET
from dashboard.models import Output, Run, Share, SharedRun, StoredFile
from dashboard.services.sharing.share_links import drawable_bytes, is_drawable

PICTURES_OF = 20
"""Runs among which a preview looks for its picture."""


@dataclass(frozen=True, slots=True)
class Place:
    """A run's place on a sheet, with what can be told without reading the run."""

    position: int
    run: int  # the run's key
    outputs: int
    status: str | None
    finished: bool


def chosen(ids: Sequence[UUID]) -> list[Run]:
    """Those of the runs that a sheet can show, each once, in this order."""
    wanted = list(dict.fromkeys(ids))[:MAX_SHEET]
    seen = {run.uuid: run for run in Run.objects.seen().filter(uuid__in=wanted)}
    return [seen[run_id] for run_id in wanted if run_id in seen]


def places_of(runs: Sequence[Run]) -> list[Place]:
    """The places that these runs would have."""
    return [
        Place(position, run.pk, run.output_count, run.status, run.finished)
        for position, run in enumerate(runs)
    ]


def places(sheet: Share) -> list[Place]:
    """The places of a sheet; runs that were removed since have none."""
    columns = ("position", "run_id", "run__output_count", "run__status", "run__finished")
    rows = sheet.shared_runs.order_by("position").values_list(*columns)
    return [Place(*row) for row in rows]


def ids_of(sheet: Share) -> list[UUID]:
    """The IDs of a sheet's runs, in its order."""
    return list(sheet.shared_runs.order_by("position").values_list("run__uuid", flat=True))


def runs_at(sheet: Share, positions: Collection[int] | None = None) -> dict[int, Run]:
    """The runs at these places (None: all) with their outputs and files, by place.

    Three queries, however many runs there are.
    """
    rows = sheet.shared_runs.select_related("run").order_by("position")
    if positions is not None:
        rows = rows.filter(position__in=positions)
    whole = rows.prefetch_related("run__outputs", "run__stored_files", "run__output_marks")
    return {row.position: row.run for row in whole}


def file_of(sheet: Share, pk: int) -> StoredFile | None:
    """A stored file of one of its runs; None for any other."""
    return StoredFile.objects.filter(pk=pk, run__in=_keys(sheet)).first()


def has_files(sheet: Share) -> bool:
    """Whether there is a stored file or a text to download."""
    on_sheet = Q(run__in=_keys(sheet))
    texts = Output.objects.filter(on_sheet, text__isnull=False)
    return StoredFile.objects.filter(on_sheet, reason="").exists() or texts.exists()


def picture_of(places: Sequence[Place]) -> bytes | None:
    """The first stored picture of the first runs, for a preview.

    Raises OSError where the file store cannot be read.
    """
    order = {place.run: place.position for place in places[:PICTURES_OF]}
    images = Output.objects.filter(run__in=order, kind=IMAGE).values_list("run_id", "identity")
    shown = set(images)
    files = StoredFile.objects.filter(run__in=order).order_by("pk")
    found = [file for file in files if (file.run_id, file.identity) in shown and is_drawable(file)]
    first = min(found, key=lambda file: order[file.run_id or 0], default=None)
    return drawable_bytes(first) if first else None


def _keys(sheet: Share) -> QuerySet[SharedRun, int]:
    return SharedRun.objects.filter(share=sheet).values_list("run", flat=True)
