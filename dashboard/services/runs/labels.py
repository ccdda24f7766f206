"""Titles, tags, notes and stars of runs: added, removed and read."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

from cachetools import LRUCache, cached
from django.db import transaction
from django.db.models import F, QuerySet

from dashboard.domain.text.labels import (
    GONE,
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
from dashboard.models.keys import key_list
from dashboard.services import clock
from dashboard.services.accounts.actor import Actor, account_of
from dashboard.services.runs import search_index


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of one run; notes and tags in the order in which they are shown."""

    title: Label | None
    star: Label | None
    tags: Sequence[Label]
    notes: Sequence[Label]

    @property
    def any(self) -> bool:
        """Whether there is something to read; a star alone is not."""
        return bool(self.title or self.tags or self.notes)


def of_run(run: Run) -> Labels:
    """The labels of a run with their authors, in one query; the result is shared, read only."""
    return _of_version(run.pk, run.shown_version)


_cache: LRUCache[Hashable, Labels] = LRUCache(1000)
_lock = Lock()


# Every change of a label changes the run's version.
@cached(_cache, lock=_lock)
def _of_version(pk: int, version: str) -> Labels:
    return _of_rows(Label.objects.filter(run=pk).select_related("by").order_by("id"))


def of_runs(keys: Iterable[int]) -> dict[int, Labels]:
    """The labels of several runs without their authors, by the runs' keys, in one query."""
    by_run = defaultdict(list)
    for label in Label.objects.filter(run__in=list(keys)).order_by("id"):
        by_run[label.run_id].append(label)
    return {pk: _of_rows(rows) for pk, rows in by_run.items()}


def _of_rows(rows: Iterable[Label]) -> Labels:
    by_kind = defaultdict(list)
    for label in rows:
        by_kind[label.kind].append(label)
    title, star = (next(iter(by_kind[kind]), None) for kind in (TITLE, STAR))
    tags = tuple(sorted(by_kind[TAG], key=lambda tag: tag.folded))
    return Labels(title, star, tags, tuple(by_kind[NOTE]))


def forget() -> None:
    """Empties this process's cache of labels."""
    with _lock:
        _cache.clear()


def set_title(run: Run, text: str, by: Actor) -> None:
    """Sets a run's title; an empty text removes it, and the run shows its own name again."""
    text = read(TITLE, text)
    if text == run.label:
        return
    with transaction.atomic():
        _change(run, label=text)
        _put(run, TITLE, text, by)
        search_index.index_runs([run.pk])


def set_star(run: Run, on: bool, by: Actor) -> None:
    """Stars or unstars a run; retention never removes a starred one."""
    with transaction.atomic():
        if Run.objects.filter(pk=run.pk, starred=not on).exists():
            _change(run, starred=on)
            _put(run, STAR, "*" if on else "", by)


def _put(run: Run, kind: str, text: str, by: Actor) -> None:
    gone = Label.with_gone.filter(run=run, kind=GONE, folded=kind)
    values = {"text": text, "by": account_of(by), "at": clock.now()}
    if text:
        gone.delete()
        values["folded"] = folded(text)
        Label.objects.update_or_create(run=run, kind=kind, defaults=values)
        return
    Label.objects.filter(run=run, kind=kind).delete()
    Label.with_gone.update_or_create(run=run, kind=GONE, folded=kind, defaults=values)


def add_tag(run: Run, text: str, by: Actor) -> None:
    """Adds a tag, unless the run has it already in any letter case.

    Raises LabelRejected for a text that is no tag, and where the run has too many.
    """
    text = read(TAG, text)
    if text:
        _add(run, TAG, text, by, MAX_TAGS)


def add_note(run: Run, text: str, by: Actor) -> None:
    """Adds a note. Raises LabelRejected for one that is too long, and for one too many."""
    text = read(NOTE, text)
    if text:
        _add(run, NOTE, text, by, MAX_NOTES)


def _add(run: Run, kind: str, text: str, by: Actor, limit: int) -> None:
    author, at = account_of(by), clock.now()
    label = Label(run=run, kind=kind, text=text, folded=folded(text), by=author, at=at)
    with transaction.atomic():
        if not _locked(run):
            return
        existing = run.labels.filter(kind=kind)
        if kind == TAG and existing.filter(folded=label.folded).exists():
            return
        if existing.count() >= limit:
            raise LabelRejected(f"A run can have up to {limit} {kind}s.")
        label.save()
        _change(run)
        search_index.index_runs([run.pk])


def remove_tag(run: Run, pk: int) -> None:
    _remove(run, run.labels.filter(pk=pk, kind=TAG))


def remove_note(run: Run, pk: int, by: Actor, *, any_author: bool) -> bool:
    """Removes a note; returns False where it is another account's and `any_author` is false."""
    notes = run.labels.filter(pk=pk, kind=NOTE)
    if not any_author and notes.exclude(by=account_of(by)).exists():
        return False
    _remove(run, notes)
    return True


def removable_notes(notes: Iterable[Label], by: Actor, *, any_author: bool) -> set[int]:
    """The keys of the notes that `remove_note` would remove."""
    author = account_of(by)
    own = author.pk if author else None
    return {note.pk for note in notes if any_author or note.by_id == own}


def _remove(run: Run, labels: QuerySet[Label]) -> None:
    with transaction.atomic():
        if _locked(run) and labels.delete()[0]:
            _change(run)
            search_index.index_runs([run.pk])


def _locked(run: Run) -> bool:
    """Locks the run's row, before its labels as everywhere; False where it was removed."""
    return Run.objects.select_for_update().filter(pk=run.pk).values_list("pk").first() is not None


def _change(run: Run, **columns: object) -> None:
    """Advances the run's version: cached fragments are rendered again, open pages update."""
    Run.objects.filter(pk=run.pk).update(extras_version=F("extras_version") + 1, **columns)
    run.reread()


def tags_of(keys: Iterable[int]) -> dict[int, list[str]]:
    """The tags of several runs, by the runs' keys."""
    tags: dict[int, list[str]] = defaultdict(list)
    rows = Label.objects.tags().filter(run_id__in=key_list(keys))
    for pk, text in rows.values_list("run_id", "text"):
        tags[pk].append(text)
    return tags


def tagged(text: str) -> QuerySet[Label, int]:
    """The keys of the runs with this tag."""
    tags: QuerySet[Label] = Label.objects.filter(kind=TAG, folded=folded(text))
    return tags.values_list("run_id", flat=True)


def any_tagged() -> QuerySet[Label, int]:
    """The keys of the runs with any tag."""
    tags: QuerySet[Label] = Label.objects.filter(kind=TAG)
    return tags.values_list("run_id", flat=True)
