"""The picture of a run in a list: its stored thumbnail, else its first image itself."""

from collections.abc import Collection

from django.conf import settings
from django.db.models import F, Min, Q

from dashboard.domain.media.kinds import IMAGE
from dashboard.models import Output, Run, StoredFile
from dashboard.presentation.run.tiles import embeddable as may_embed
from dashboard.views.runs.file_address import run_address, thumbnail_address


def thumbnail_urls(keys: Collection[int]) -> dict[int, str]:
    """The address of each run's first stored picture as a thumbnail; a video's poster is one."""
    shown = Q(thumb_size__gt=0) | Q(why="", inline=True, type__startswith="image/")
    of_runs = StoredFile.objects.filter(shown, run__in=keys)
    first = of_runs.order_by().values("run").annotate(first=Min("id")).values("first")
    rows = StoredFile.objects.filter(pk__in=first).values_list("pk", "run", "run__uuid")
    return {run: thumbnail_address(pk, run_address(uuid)) for pk, run, uuid in rows}


def unfit_links(keys: Collection[int]) -> set[str]:
    """Links to pictures whose stored copies turned out to be nothing that a page may load."""
    found = StoredFile.objects.filter(run__in=keys, inline=False, thumb_size=0).exclude(type="")
    same = Q(run__stored_files__in=found, identity=F("run__stored_files__identity"))
    outputs = Output.objects.filter(same, run__in=keys, kind=IMAGE)
    return {url for url in outputs.values_list("url", flat=True) if url}


def embeddable(run: Run) -> str | None:
    """The first picture's link where a page may show it: https, or this computer's simulator."""
    return run.picture_url if may_embed(run.picture_url, settings.LOCAL_FILES_ORIGIN) else None
