"""The rows of the list, rendered once for each version of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string

from dashboard import __version__
from dashboard.models import Run
from dashboard.presentation.run.display import row_display
from dashboard.services.runs import labels
from dashboard.services.runs.pictures import unfit_links
from dashboard.views import fragment_cache
from dashboard.views.runs.thumbnails import embeddable, thumbnail_urls


@dataclass(frozen=True, slots=True)
class RowKey:
    """What identifies a rendered row; a row in the fragment cache needs no more of its run."""

    pk: int
    version: int
    extras_version: int
    sorted_at: datetime
    total: float | None


def rendered_rows(keys: list[RowKey], scale: float) -> list[str]:
    """The rows as HTML, in order; only runs that are not in the fragment cache are fetched."""
    cached = {key: fragment_cache.get(_row_key(key, scale)) for key in keys}
    missing = [key.pk for key, row in cached.items() if row is None]
    drawn = _draw_rows(missing, scale) if missing else {}
    return [
        (row or fragment_cache.put(_row_key(key, scale), (drawn[key.pk],)))[0]
        for key, row in cached.items()
        if row or key.pk in drawn
    ]


def _row_key(key: RowKey, scale: float) -> tuple[object, ...]:
    return (__version__, "row", key.pk, key.version, key.extras_version, scale)


def _draw_rows(keys: list[int], scale: float) -> dict[int, str]:
    found = Run.objects.defer("inputs", "values", "error", "log_error").in_bulk(keys)
    tags = labels.tags_of(found)
    images = row_images(found)
    return {pk: _render_row(run, tags.get(pk, ()), scale, images[pk]) for pk, run in found.items()}


def row_images(found: Mapping[int, Run]) -> dict[int, str | None]:
    """The address of each run's picture: its thumbnail, else its first image; or None."""
    thumbnails = thumbnail_urls(found)
    unfit = unfit_links([pk for pk in found if pk not in thumbnails])
    return {
        pk: thumbnails.get(pk) or (None if run.picture_url in unfit else embeddable(run))
        for pk, run in found.items()
    }


def _render_row(run: Run, tags: Sequence[str], scale: float, image: str | None) -> str:
    row = row_display(run, scale)
    context = {"run": run, "row": row, "tags": tags, "image": image}
    return render_to_string("runs/list/_row.html", context)
