"""Labels of many runs at once, in a fixed number of queries, and exactly undone.

What a run's label said before and after a change is kept as small JSON values: null, or
`{"text", "by", "at"}` with an account's key and an ISO time. The text of a title or star that
was taken away is empty.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from django.contrib.auth.models import User
from django.db.models import F, Q, QuerySet

from dashboard.domain.text.labels import GONE, MAX_TAGS, STAR, TAG, TITLE, folded
from dashboard.models import Label, Run
from dashboard.services.runs import search_index

UNSTAR = "unstar"
KINDS = (TAG, TITLE, STAR, UNSTAR)


class Saying(TypedDict):
    """What a label says."""

    text: str
    by: int | None
    at: str


Said = Saying | None


@dataclass(frozen=True, slots=True)
class Change:
    """What a run's label said before and after."""

    before: Said
    after: Said


@dataclass(frozen=True, slots=True)
class Changes:
    """What was changed, by the runs' keys; `full` runs have as many tags as a run may."""

    made: Mapping[int, Change]
    full: int = 0


def change(kind: str, text: str, keys: Collection[int], by: User | None, now: datetime) -> Changes:
    """Puts a label of this kind on runs; their rows are locked by the caller.

    `text` is as `domain.text.labels.read` returns it; an empty title removes titles. Runs
    that say this already are left as they are.
    """
    wanted = {STAR: "*", UNSTAR: ""}.get(kind, text)
    after = _said(wanted, by.pk if by else None, now)
    found = _found(kind, text, keys)
    moving = [pk for pk in keys if not _says(found.get(pk), kind, wanted)]
    full = _full(moving) if kind == TAG else set()
    made = {pk: Change(found.get(pk), after) for pk in moving if pk not in full}
    _write(kind, text, {pk: one.after for pk, one in made.items()})
    return Changes(made, len(full))


def restore(kind: str, text: str, changes: Mapping[int, Change]) -> int:
    """Undoes changes; returns how many runs were changed since, and are left as they are."""
    found = _found(kind, text, changes)
    back = {pk: one.before for pk, one in changes.items() if _same(found.get(pk), one.after)}
    _write(kind, text, back)
    return len(changes) - len(back)


def same_text(kind: str, one: str, other: str) -> bool:
    """Whether two texts are the same label: tags are in any letter case."""
    return folded(one) == folded(other) if kind == TAG else one == other


def _same(label: Said, after: Said) -> bool:
    """Whether a label still is the one that was put there; its author's account may be gone."""
    if label is None or after is None:
        return label is after
    return label == (after if label["by"] is not None else {**after, "by": None})


def _says(label: Said, kind: str, wanted: str) -> bool:
    if label is None:
        return not wanted
    return kind == TAG or label["text"] == wanted


def _found(kind: str, text: str, keys: Collection[int]) -> dict[int, Said]:
    rows = _labels(kind, text, keys).values_list("run_id", "text", "by_id", "at")
    return {pk: _said(said, by, at) for pk, said, by, at in rows}


def _labels(kind: str, text: str, keys: Collection[int]) -> QuerySet[Label]:
    """The labels of this kind, and of titles and stars also that they were taken away."""
    labels = Label.with_gone.filter(run_id__in=keys)
    if kind == TAG:
        return labels.filter(kind=TAG, folded=folded(text))
    own = STAR if kind == UNSTAR else kind
    return labels.filter(Q(kind=own) | Q(kind=GONE, folded=own))


def _said(text: str, by: int | None, at: datetime) -> Saying:
    return Saying(text=text, by=by, at=at.isoformat())


def _full(keys: Collection[int]) -> set[int]:
    tags = Label.objects.filter(run_id__in=keys, kind=TAG).values_list("run_id", flat=True)
    return {pk for pk, number in Counter(tags).items() if number >= MAX_TAGS}


def _write(kind: str, text: str, said: Mapping[int, Said]) -> None:
    """Makes each run's label say this; versions and search follow, as in `labels`."""
    if not said:
        return
    _labels(kind, text, said).delete()
    label_kind = STAR if kind == UNSTAR else kind
    there = {pk: one for pk, one in said.items() if one is not None}
    authors = User.objects.in_bulk({one["by"] for one in there.values() if one["by"]})
    Label.objects.bulk_create(
        [_label(pk, label_kind, one, authors) for pk, one in there.items()], ignore_conflicts=True
    )
    by_text = defaultdict(list)
    for pk, one in said.items():
        by_text[one["text"] if one else ""].append(pk)
    for shown, keys in by_text.items():
        changed = Run.objects.filter(pk__in=keys)
        changed.update(extras_version=F("extras_version") + 1, **_columns(label_kind, shown))
    if label_kind != STAR:
        search_index.index_runs(said)


def _columns(kind: str, shown: str) -> dict[str, object]:
    """What stands on the run's row too."""
    if kind == TITLE:
        return {"label": shown}
    return {"starred": bool(shown)} if kind == STAR else {}


def _label(pk: int, kind: str, said: Saying, authors: Collection[int]) -> Label:
    text, at = said["text"], datetime.fromisoformat(said["at"])
    by = said["by"] if said["by"] in authors else None
    if not text:
        return Label(run_id=pk, kind=GONE, folded=kind, by_id=by, at=at)
    return Label(run_id=pk, kind=kind, text=text, folded=folded(text), by_id=by, at=at)
