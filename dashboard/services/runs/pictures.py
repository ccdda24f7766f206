"""Which stored picture stands for a run in a list."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import F, Min, Q

from dashboard.domain.media.kinds import IMAGE
from dashboard.domain.media.stored_files import FileReason
from dashboard.models import Output, StoredFile


def first_pictures(runs: Collection[int]) -> list[tuple[int, int, UUID]]:
    """The first stored picture of each run: the keys of file and run, and the run's ID.

    A picture is an image that may open in a page, or any file with a thumbnail.
    """
    picture = Q(thumb_size__gt=0) | Q(reason="", inline=True, type__startswith="image/")
    of_runs = StoredFile.objects.filter(picture, run__in=runs)
    first = of_runs.order_by().values("run").annotate(first=Min("id")).values("first")
    return list(StoredFile.objects.filter(pk__in=first).values_list("pk", "run", "run__uuid"))


def unfit_links(runs: Collection[int]) -> set[str]:
    """Links to images whose stored copies turned out to be nothing that a page may load."""
    found = ~Q(type="") | Q(reason=FileReason.TOO_LARGE)
    unfit = StoredFile.objects.filter(found, run__in=runs, inline=False, thumb_size=0)
    same = Q(run__stored_files__in=unfit, identity=F("run__stored_files__identity"))
    outputs = Output.objects.filter(same, run__in=runs, kind=IMAGE)
    return {url for url in outputs.values_list("url", flat=True) if url}
