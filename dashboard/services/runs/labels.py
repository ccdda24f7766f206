"""Titles, tags, notes and stars of runs: put on, taken off, found."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet

from dashboard.domain.text.labels import (
    MAX_NOTES,
    MAX_TAGS,
    NOTE,
    STAR,
    TAG,
    TITLE,
    LabelRejected,
    folded,
    read,
)
from dashboard.models import Label, Run
from dashboard.services import clock


@dataclass(frozen=True, slots=True)
class Labels:
    """All that people put on one run; notes and tags in the order in which they are shown."""

    title: Label | None
    star: Label | None
    tags: Sequence[Label]
    notes: Sequence[Label]

    @property
    def any(self) -> bool:
        """Whether there is something to read; a star alone is not."""
        return bool(self.title or self.tags or self.notes)


def of_run(run: Run) -> Labels:
    """What stands on a run, with authors, in one query; nothing of it is to be changed."""
    return _of_version(run.pk, run.shown_version)


# Every change of a label changes the run's version.
@lru_cache(maxsize=1000)
def _of_version(pk: int, version: str) -> Labels:
    found = defaultdict(list)
    for label in Label.objects.filter(run=pk).select_related("by").order_by("id"):
        found[label.kind].append(label)
    title, star = (next(iter(found[kind]), None) for kind in (TITLE, STAR))
    return Labels(
        title, star, tuple(sorted(found[TAG], key=lambda tag: tag.folded)), tuple(found[NOTE])
    )


def forget() -> None:
    """Nothing is kept in this process any more."""
    _of_version.cache_clear()


def set_title(run: Run, text: str, by: Any) -> None:
    """Gives a run a title; an empty one gives it its own name back."""
    text = read(TITLE, text)
    if text == run.label:
        return
    with transaction.atomic():
        _change(run, label=text)
        _put(run, TITLE, text, by)


def set_star(run: Run, on: bool, by: Any) -> None:
    """Stars a run, or not any more; a starred run is kept whatever the limits say."""
    with transaction.atomic():
        if Run.objects.filter(pk=run.pk, starred=not on).exists():
            _change(run, starred=on)
            _put(run, STAR, "*" if on else "", by)


def _put(run: Run, kind: str, text: str, by: Any) -> None:
    if not text:
        run.labels.filter(kind=kind).delete()
        return
    values = {"text": text, "folded": folded(text), "by": by, "at": clock.now()}
    Label.objects.update_or_create(run=run, kind=kind, defaults=values)


def add_tag(run: Run, text: str, by: Any) -> None:
    """Adds a tag; one that is there already, in whatever case, stays as it is."""
    text = read(TAG, text)
    if text:
        _add(run, TAG, text, by, MAX_TAGS)


def add_note(run: Run, text: str, by: Any) -> None:
    text = read(NOTE, text)
    if text:
        _add(run, NOTE, text, by, MAX_NOTES)


def _add(run: Run, kind: str, text: str, by: Any, most: int) -> None:
    label = Label(run=run, kind=kind, text=text, folded=folded(text), by=by, at=clock.now())
    there = run.labels.filter(kind=kind)
    if kind == TAG and there.filter(folded=label.folded).exists():
        return
    if there.count() >= most:
        raise LabelRejected(f"A run has at most {most} {kind}s.")
    try:
        with transaction.atomic():
            label.save()
            _change(run)
    except IntegrityError:  # the same tag, at the same moment, or the run has gone
        return


def remove_tag(run: Run, pk: int) -> None:
    _remove(run, run.labels.filter(pk=pk, kind=TAG))


def remove_note(run: Run, pk: int, by: Any, *, any_author: bool) -> bool:
    """Removes a note; False where it is somebody else's and only one's own may be."""
    notes = run.labels.filter(pk=pk, kind=NOTE)
    if not any_author and notes.exclude(by=by).exists():
        return False
    _remove(run, notes)
    return True


def _remove(run: Run, labels: QuerySet[Label]) -> None:
    with transaction.atomic():
        if labels.delete()[0]:
            _change(run)


def _change(run: Run, **columns: Any) -> None:
    """What is kept rendered of the run is drawn anew, and open pages take it over."""
    Run.objects.filter(pk=run.pk).update(extras_version=F("extras_version") + 1, **columns)
    run.reread()


def tags_of(keys: Iterable[int]) -> dict[int, list[str]]:
    """The tags of several runs, by the runs' keys."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Label.objects.tags().filter(run_id__in=list(keys))
    for pk, text in rows.values_list("run_id", "text"):
        found[pk].append(text)
    return found


def tagged(text: str) -> QuerySet[Label, int]:
    """The keys of the runs with this tag."""
    return Label.objects.filter(kind=TAG, folded=folded(text)).values_list("run_id", flat=True)


def saying(text: str) -> QuerySet[Label, int]:
    """The keys of the runs with a title, tag or note that has this text in it."""
    wanted = folded(text)
    spoken = Q(kind__in=(TITLE, TAG, NOTE), folded__contains=wanted) if wanted else Q(pk__in=[])
    return Label.objects.filter(spoken).values_list("run_id", flat=True)
