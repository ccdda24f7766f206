"""Labels of many runs at once: few queries, nothing twice, and undone to the last letter."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.domain.text.labels import MAX_TAGS, STAR, TAG, TITLE
from dashboard.models import Label, Run
from dashboard.services.runs import bulk_labels, labels, run_search
from dashboard.services.runs.bulk_labels import UNSTAR
from tests.builders import NOON, answer, person, store

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)
ACTS = [(TAG, "hero"), (TITLE, "Coast"), (TITLE, ""), (STAR, ""), (UNSTAR, "")]


def said() -> list[tuple[Any, ...]]:
    """All that labels say, and what runs repeat of it."""
    columns = ("run_id", "kind", "text", "folded", "by_id", "at")
    rows = list(Label.objects.order_by("run_id", "kind", "folded").values_list(*columns))
    return [*rows, *Run.objects.order_by("pk").values_list("pk", "label", "starred")]


def labelled() -> list[int]:
    """Three runs; the first has every label by somebody else, the second another tag."""
    runs = [store(answer()) for _ in range(3)]
    ben = person("ben")
    labels.add_tag(runs[0], "Hero", ben)
    labels.set_title(runs[0], "Old coast", ben)
    labels.set_star(runs[0], True, ben)
    labels.add_tag(runs[1], "draft", ben)
    return [run.pk for run in runs]


@pytest.mark.parametrize(("kind", "text"), ACTS)
def test_what_was_changed_is_restored_as_it_was(kind: str, text: str) -> None:
    keys, ana = labelled(), person("ana")
    before = said()
    changes = bulk_labels.change(kind, text, keys, ana, LATER).made
    assert said() != before
    assert bulk_labels.restore(kind, text, changes) == 0
    assert said() == before


@pytest.mark.parametrize(("kind", "text"), ACTS)
def test_doing_it_twice_changes_nothing_the_second_time(kind: str, text: str) -> None:
    keys = labelled()
    bulk_labels.change(kind, text, keys, None, NOON)
    before = said()
    versions = list(Run.objects.order_by("pk").values_list("extras_version", flat=True))
    assert bulk_labels.change(kind, text, keys, person("ana"), LATER).made == {}
    assert said() == before
    assert versions == list(Run.objects.order_by("pk").values_list("extras_version", flat=True))


def test_what_was_changed_since_stays() -> None:
    keys, ana = labelled(), person("ana")
    changes = bulk_labels.change(TITLE, "Coast", keys, ana, LATER).made
    labels.set_title(Run.objects.get(pk=keys[1]), "Mine", ana)
    assert bulk_labels.restore(TITLE, "Coast", changes) == 1
    shown = list(Run.objects.order_by("pk").values_list("label", flat=True))
    assert shown == ["Old coast", "Mine", ""]


def test_a_tag_taken_off_and_put_on_again_by_hand_stays() -> None:
    run, ana = store(answer()), person("ana")
    changes = bulk_labels.change(TAG, "hero", [run.pk], ana, LATER).made
    labels.remove_tag(run, Label.objects.get().pk)
    labels.add_tag(run, "hero", ana)
    assert bulk_labels.restore(TAG, "hero", changes) == 1
    assert Label.objects.count() == 1


def test_a_run_with_as_many_tags_as_it_may_have_is_left_out() -> None:
    run, other = store(answer()), store(answer())
    for number in range(MAX_TAGS):
        labels.add_tag(run, f"tag {number}", None)
    changes = bulk_labels.change(TAG, "one more", [run.pk, other.pk], None, LATER)
    assert (set(changes.made), changes.full) == ({other.pk}, 1)
    assert run.labels.count() == MAX_TAGS


def test_an_author_who_is_gone_is_nobody_again() -> None:
    run, ben = store(answer()), person("ben")
    labels.set_title(run, "Old", ben)
    changes = bulk_labels.change(TITLE, "New", [run.pk], None, LATER).made
    ben.delete()
    bulk_labels.restore(TITLE, "New", changes)
    title = Label.objects.get()
    assert (title.text, title.by) == ("Old", None)


@pytest.mark.parametrize(("kind", "text"), ACTS)
def test_what_an_author_who_is_gone_has_changed_is_restored(kind: str, text: str) -> None:
    keys, ana = labelled(), person("ana")
    before = said()
    changes = bulk_labels.change(kind, text, keys, ana, LATER).made
    ana.delete()
    assert bulk_labels.restore(kind, text, changes) == 0
    assert said() == before


def found(text: str) -> list[int]:
    return sorted(run_search.found(Run.objects.all(), text).values_list("pk", flat=True))


@pytest.mark.parametrize(("kind", "before"), [(TAG, []), (TITLE, ["old"])])
def test_the_search_finds_what_is_said_now(kind: str, before: list[str]) -> None:
    keys = sorted(labelled())
    changes = bulk_labels.change(kind, "zebra", keys, None, LATER).made
    assert found("zebra") == keys
    assert not any(found(word) for word in before)
    bulk_labels.restore(kind, "zebra", changes)
    assert found("zebra") == []
    assert all(found(word) == keys[:1] for word in before)


def test_open_pages_and_cached_rows_are_told_by_the_version() -> None:
    run = store(answer())
    version = run.extras_version
    bulk_labels.change(STAR, "", [run.pk], None, LATER)
    run.refresh_from_db()
    assert (run.starred, run.extras_version) == (True, version + 1)


@pytest.mark.parametrize(("kind", "text"), ACTS[:2])
def test_the_queries_do_not_grow_with_the_runs(kind: str, text: str) -> None:
    keys, ana = [store(answer()).pk for _ in range(12)], person("ana")
    counts = []
    for some in (keys[:2], keys[2:]):
        with CaptureQueriesContext(connection) as captured:
            bulk_labels.change(kind, text, some, ana, LATER)
        counts.append(len(captured))
    assert counts[0] == counts[1]


def starred_and_not(run: Run, by: User) -> None:
    labels.set_star(run, True, by)
    labels.set_star(run, False, by)


def titled_and_not(run: Run, by: User) -> None:
    labels.set_title(run, "Mine", by)
    labels.set_title(run, "", by)


def starred_and_not_at_once(run: Run, by: User) -> None:
    for kind in (STAR, UNSTAR):
        bulk_labels.change(kind, "", [run.pk], by, LATER + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("kind", "act"),
    [(UNSTAR, starred_and_not), (UNSTAR, starred_and_not_at_once), (TITLE, titled_and_not)],
)
def test_what_another_put_and_took_away_again_stays_away(
    kind: str, act: Callable[[Run, User], None]
) -> None:
    keys, ana = labelled(), person("ana")
    changes = bulk_labels.change(kind, "", keys, ana, LATER).made
    run = Run.objects.get(pk=keys[0])
    act(run, person("cleo"))
    before = said()
    assert bulk_labels.restore(kind, "", changes) == 1
    assert said() == before
    run.refresh_from_db()
    assert not (run.starred if kind == UNSTAR else run.label)


def test_what_was_taken_away_is_so_again_after_an_undo_and_shown_nowhere() -> None:
    run, ana, ben = store(answer()), person("ana"), person("ben")
    labels.set_star(run, True, ben)
    taken = bulk_labels.change(UNSTAR, "", [run.pk], ana, LATER).made
    put = bulk_labels.change(STAR, "", [run.pk], ben, LATER + timedelta(minutes=1)).made
    assert bulk_labels.restore(STAR, "", put) == 0
    assert not Label.objects.exists() and not labels.of_run(run).star
    assert bulk_labels.restore(UNSTAR, "", taken) == 0
    assert Label.objects.get().by == ben and Label.with_gone.count() == 1
