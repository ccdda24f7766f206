"""Titles, tags, notes and stars of runs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

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
