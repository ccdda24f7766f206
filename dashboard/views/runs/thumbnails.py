"""The picture of a run in a list: its stored thumbnail, else its first image itself."""

from collections.abc import Collection

from django.conf import settings

from dashboard.models import Run
from dashboard.presentation.run.tiles import embeddable as may_embed
from dashboard.services.runs.pictures import first_pictures
from dashboard.views.runs.file_address import run_address, thumbnail_address


def thumbnail_urls(runs: Collection[int]) -> dict[int, str]:
    """The address of the thumbnail of each run's first stored picture, by the runs' keys."""
    return {run: thumbnail_address(pk, run_address(uuid)) for pk, run, uuid in first_pictures(runs)}


def embeddable(run: Run) -> str | None:
    """The first image's link where a page may load it: https, or this computer's simulator."""
    return run.picture_url if may_embed(run.picture_url, settings.LOCAL_FILES_ORIGIN) else None
