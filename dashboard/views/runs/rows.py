"""The rows of the list, rendered once for each version of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.template.loader import render_to_string

from dashboard import __version__
from dashboard.domain.search.run_texts import RunTexts
from dashboard.domain.search.words import Words
from dashboard.models import Run
from dashboard.presentation.run.display import row_display
from dashboard.presentation.run.hits import RowHits, row_hits
from dashboard.presentation.run.starter import Starter
from dashboard.services.runs import belonging, labels, pasted, search_index
from dashboard.services.runs.pictures import unfit_links
from dashboard.services.runs.visibility import observe
from dashboard.views import fragment_cache
from dashboard.views.runs.thumbnails import embeddable, thumbnail_urls

NO_WORDS = Words()
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
    finished: bool = True
    created_at: datetime | None = None
    deployment_id: str | None = None

    def reach(self, now: datetime) -> float | None:
        """The seconds that its bar is to have room for: a live run's so far."""
        if self.finished or self.created_at is None:
            return self.total
        return max(0.0, (now - self.created_at).total_seconds())


KEY_COLUMNS = (
    *("pk", "version", "extras_version", "sorted_at", "total"),
    *("user_id", "finished", "created_at", "deployment_id"),
)
"""The columns of a run that make its `RowKey`, in order."""


def rendered_rows(
    keys: Sequence[RowKey],
    scale: float,
    now: datetime,
    starters: Mapping[str, Starter] = NOBODY,
    words: Words = NO_WORDS,
    *,
    selects: bool = False,
) -> dict[RowKey, str]:
    """The rows as HTML, in order, without runs that are gone.

    Only runs that are not in the fragment cache are fetched. A live run's row grows with `now`
    and is never cached, nor is a row in which the words of a search are marked.
    `starters` are the people whom this reader may see, by their IDs: a row is cached with
    the one it shows, and never given to a reader who may not see that person.
    With `selects` each row has a tick.
    """
    places = belonging.environments() if any(key.deployment_id for key in keys) else {}
    ids = {key: (*_row_key(key, scale, starters, places), selects) for key in keys}
    lasting = {key for key in keys if key.finished and not words}
    cached = {key: fragment_cache.get(ids[key]) if key in lasting else None for key in keys}
    missing = [key.pk for key, row in cached.items() if row is None]
    drawn = _draw_rows(missing, scale, now, starters, places, words, selects) if missing else {}
    for key, row in cached.items():
        if row is None and key in lasting and key.pk in drawn:
            fragment_cache.put(ids[key], (drawn[key.pk],))
    return {
        key: row[0] if row else drawn[key.pk]
        for key, row in cached.items()
        if row or key.pk in drawn
    }


def _row_key(
    key: RowKey, scale: float, starters: Mapping[str, Starter], places: Mapping[str, str]
) -> tuple[object, ...]:
    beside = starters.get(key.user_id or ""), places.get(key.deployment_id or "")
    return (__version__, "row", key.pk, key.version, key.extras_version, scale, *beside)


def _draw_rows(
    keys: list[int],
    scale: float,
    now: datetime,
    starters: Mapping[str, Starter],
    places: Mapping[str, str],
    words: Words,
    selects: bool,
) -> dict[int, str]:
    found = Run.objects.defer("inputs", "values", "error", "log_error").in_bulk(keys)
    tags = labels.tags_of(found)
    images = row_images(found)
    texts = search_index.texts_of(found) if words else {}
    return {
        pk: _render_row(
            run,
            scale,
            now,
            tags=tags.get(pk, ()),
            image=images[pk],
            starter=starters.get(run.user_id or ""),
            environment=places.get(run.deployment_id or "", ""),
            hits=_hits(run, words, tags.get(pk, ()), texts[pk]) if pk in texts else None,
            tick=pasted.pack([run.uuid]) if selects else "",
        )
        for pk, run in found.items()
    }


def _hits(run: Run, words: Words, tags: Sequence[str], texts: RunTexts) -> RowHits:
    return row_hits(words, run.row_title, (*tags, *run.row_sub), texts.masked())


def row_images(found: Mapping[int, Run]) -> dict[int, str | None]:
    """The address of each run's picture: its thumbnail, else its first image; or None."""
    thumbnails = thumbnail_urls(found)
    unfit = unfit_links([pk for pk in found if pk not in thumbnails])
    return {
        pk: thumbnails.get(pk) or (None if run.picture_url in unfit else embeddable(run))
        for pk, run in found.items()
    }


def _render_row(run: Run, scale: float, now: datetime, **context: object) -> str:
    seen = None if run.finished else observe(run, now).visibility
    row = row_display(run, scale, run.error_cause, seen)
    return render_to_string("runs/list/_row.html", {"run": run, "row": row, **context})
