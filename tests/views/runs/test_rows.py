"""Rows of the list, rendered once for each version of a run."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.models import Run
from dashboard.services.runs import labels
from dashboard.views import fragment_cache
from dashboard.views.runs.rows import RowKey, rendered_rows
from tests.builders import answer, person, store

pytestmark = pytest.mark.django_db


def key(run: Run) -> RowKey:
    return RowKey(run.pk, run.version, run.extras_version, run.sorted_at, run.total)


def test_rows_stand_in_order_and_are_rendered_once() -> None:
    fragment_cache.forget()
    one, other = store(answer()), store(answer())
    rows = rendered_rows([key(other), key(one)], 60.0)
    assert [str(run.uuid) in row for run, row in zip((other, one), rows, strict=True)] == [True] * 2
    with CaptureQueriesContext(connection) as captured:
        assert rendered_rows([key(other), key(one)], 60.0) == rows
    assert not captured


def test_a_new_tag_renders_the_row_again() -> None:
    run = store(answer())
    rendered_rows([key(run)], 60.0)
    labels.add_tag(run, "lighthouse", person())
    assert "lighthouse" in rendered_rows([key(run)], 60.0)[0]


def test_a_run_that_was_removed_meanwhile_has_no_row() -> None:
    run = store(answer())
    gone = key(run)
    run.delete()
    assert rendered_rows([gone], 60.0) == []
