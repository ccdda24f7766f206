"""Titles, tags, notes and stars of runs."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.domain.text.labels import LabelRejected
from dashboard.models import Label, Run
from dashboard.services.runs import labels
from tests.builders import answer, person, store

pytestmark = pytest.mark.django_db


def test_only_its_author_or_an_admin_removes_a_note() -> None:
    run, ana, ben = store(answer()), person("ana"), person("ben")
    labels.add_note(run, "The tower leans.", ana)
    labels.add_note(run, "It does not.", ben)
    first, second = labels.of_run(run).notes
    assert labels.removable_notes([first, second], ana, any_author=False) == {first.pk}
    assert labels.removable_notes([first, second], ana, any_author=True) == {first.pk, second.pk}
    assert not labels.remove_note(run, second.pk, ana, any_author=False)
    assert labels.remove_note(run, first.pk, ana, any_author=False)
    assert [note.text for note in labels.of_run(run).notes] == ["It does not."]


def test_labels_are_read_once_for_each_version_of_a_run() -> None:
    run, ana = store(answer()), person("ana")
    labels.add_tag(run, "hero", ana)
    labels.of_run(run)
    with CaptureQueriesContext(connection) as captured:
        assert [tag.text for tag in labels.of_run(run).tags] == ["hero"]
    assert not captured
    labels.forget()
    with CaptureQueriesContext(connection) as captured:
        labels.of_run(run)
    assert len(captured) == 1


CHANGES: list[Callable[[Run], object]] = [
    lambda run: labels.set_title(run, "Coast", None),
    lambda run: labels.set_title(run, "", None),
    lambda run: labels.set_star(run, not run.starred, None),
    lambda run: labels.add_tag(run, "draft", None),
    lambda run: labels.add_note(run, "It leans.", None),
    lambda run: labels.remove_tag(run, run.labels.get(kind="tag").pk),
    lambda run: labels.remove_note(run, run.labels.get(kind="note").pk, None, any_author=True),
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_run_is_locked_before_its_labels_so_that_no_two_wait_for_each_other(
    change: Callable[[Run], object],
) -> None:
    if not connection.features.has_select_for_update:
        pytest.skip("One writer at a time.")
    run = store(answer())
    labels.set_title(run, "Old", None)
    labels.add_tag(run, "hero", None)
    labels.add_note(run, "The tower leans.", None)
    with CaptureQueriesContext(connection) as captured:
        change(run)
    locking = [
        one["sql"]
        for one in captured.captured_queries
        if one["sql"].startswith(("INSERT", "UPDATE", "DELETE")) or "FOR UPDATE" in one["sql"]
    ]
    assert len(locking) > 1 and '"dashboard_run"' in locking[0]


def test_a_run_that_is_gone_gets_no_tag_or_note() -> None:
    run = store(answer())
    labels.add_tag(run, "hero", None)
    tag = run.labels.get()
    Run.objects.filter(pk=run.pk).delete()
    labels.add_tag(run, "draft", None)
    labels.add_note(run, "It leans.", None)
    labels.remove_tag(run, tag.pk)
    assert not Label.objects.exists()


def test_a_run_takes_so_many_tags_and_the_same_one_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "MAX_TAGS", 1)
    run = store(answer())
    for text in ("hero", "HERO"):
        labels.add_tag(run, text, None)
    with pytest.raises(LabelRejected, match="up to 1 tags"):
        labels.add_tag(run, "draft", None)
    assert [tag.text for tag in labels.of_run(run).tags] == ["hero"]


def test_tags_of_many_runs_are_read_by_their_keys(now: datetime) -> None:
    first, second = (store(answer(created=now), now) for _ in range(2))
    labels.add_tag(first, "final", None)
    assert labels.tags_of([]) == {}
    assert labels.tags_of([first.pk, second.pk]) == {first.pk: ["final"]}
    with pytest.raises(TypeError):
        labels.tags_of(["1) OR (1=1"])  # type: ignore[list-item]
