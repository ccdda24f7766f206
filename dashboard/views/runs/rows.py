"""The rows of the list, rendered once for each version of a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.template.loader import render_to_string

from dashboard import __version__
from dashboard.models import Run
from dashboard.presentation.run.display import row_display
from dashboard.presentation.run.starter import Starter
from dashboard.services.runs import labels
from dashboard.services.runs.pictures import unfit_links
from dashboard.views import fragment_cache
from dashboard.views.runs.thumbnails import embeddable, thumbnail_urls

NOBODY: Mapping[str, Starter] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RowKey:
    """What identifies a rendered row; a row in the fragment cache needs no more of its run."""

    pk: int
    version: int
    extras_version: int
    sorted_at: datetime
    total: float | None
    user_id: str | None = None


def rendered_rows(
    keys: list[RowKey], scale: float, starters: Mapping[str, Starter] = NOBODY
) -> list[str]:
    """The rows as HTML, in order; only runs that are not in the fragment cache are fetched.

    `starters` are the people whom this reader may see, by their IDs: a row is cached with
    the one it shows, and never given to a reader who may not see that person.
    """
    ids = {key: _row_key(key, scale, starters.get(key.user_id or "")) for key in keys}
    cached = {key: fragment_cache.get(ids[key]) for key in keys}
    missing = [key.pk for key, row in cached.items() if row is None]
    drawn = _draw_rows(missing, scale, starters) if missing else {}
    return [
        (row or fragment_cache.put(ids[key], (drawn[key.pk],)))[0]
        for key, row in cached.items()
        if row or key.pk in drawn
    ]


def _row_key(key: RowKey, scale: float, starter: Starter | None) -> tuple[object, ...]:
    return (__version__, "row", key.pk, key.version, key.extras_version, scale, starter)


def _draw_rows(keys: list[int], scale: float, starters: Mapping[str, Starter]) -> dict[int, str]:
    found = Run.objects.defer("inputs", "values", "error", "log_error").in_bulk(keys)
    tags = labels.tags_of(found)
    images = row_images(found)
    return {
        pk: _render_row(
            run,
            scale,
            tags=tags.get(pk, ()),
            image=images[pk],
            starter=starters.get(run.user_id or ""),
        )
        for pk, run in found.items()
    }


def row_images(found: Mapping[int, Run]) -> dict[int, str | None]:
    """The address of each run's picture: its thumbnail, else its first image; or None."""
    thumbnails = thumbnail_urls(found)
    unfit = unfit_links([pk for pk in found if pk not in thumbnails])
    return {
        pk: thumbnails.get(pk) or (None if run.picture_url in unfit else embeddable(run))
        for pk, run in found.items()
    }


def _render_row(run: Run, scale: float, **context: object) -> str:
    row = row_display(run, scale, run.error_cause)
    return render_to_string("runs/list/_row.html", {"run": run, "row": row, **context})
