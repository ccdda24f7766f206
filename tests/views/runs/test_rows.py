"""Rows of the list, rendered once for each version of a run that has ended."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.models import Deployment, Run
from dashboard.services.runs import belonging, labels
from dashboard.views import fragment_cache
from dashboard.views.runs.rows import KEY_COLUMNS, RowKey, rendered_rows
from tests.builders import NOON, answer, person, running, store
from tests.markup import one_line

pytestmark = pytest.mark.django_db


def drawn(*runs: Run, now: datetime = NOON) -> list[str]:
    keys = [RowKey(*(getattr(run, name) for name in KEY_COLUMNS)) for run in runs]
    return list(rendered_rows(keys, 60.0, now).values())


def test_rows_stand_in_order_and_are_rendered_once() -> None:
    fragment_cache.forget()
    one, other = store(answer()), store(answer())
    rows = drawn(other, one)
    assert [str(run.uuid) in row for run, row in zip((other, one), rows, strict=True)] == [True] * 2
    with CaptureQueriesContext(connection) as captured:
        assert drawn(other, one) == rows
    assert not captured


def test_a_new_tag_renders_the_row_again() -> None:
    run = store(answer())
    drawn(run)
    labels.add_tag(run, "lighthouse", person())
    run.refresh_from_db()
    assert "lighthouse" in drawn(run)[0]


def test_a_run_that_was_removed_meanwhile_has_no_row() -> None:
    one, gone = store(answer()), store(answer())
    Run.objects.filter(pk=gone.pk).delete()
    (row,) = drawn(one, gone)
    assert str(one.uuid) in row


def test_a_live_runs_row_grows_with_the_clock_and_an_ended_ones_does_not() -> None:
    live, ended = store(running(created=NOON), NOON), store(answer(created=NOON), NOON)
    early, late = (drawn(live, ended, now=NOON + timedelta(seconds=s)) for s in (12, 24))
    assert early[0] != late[0] and early[1] == late[1]
    assert 'data-since="2026-11-23T12:00:00.000Z"' in early[0] and "now-mark" in early[0]
    assert "data-since" not in early[1] and "now-mark" not in early[1]


def test_a_row_names_the_environment_as_soon_as_it_is_known(now: datetime) -> None:
    run = store(answer())
    deployment = "999e772e-7cc5-4152-83d1-6854a5aafcbe"
    Run.objects.filter(pk=run.pk).update(deployment_id=deployment)
    run.refresh_from_db()
    assert "staging" not in drawn(run)[0]
    Deployment.objects.create(uuid=deployment, environment="staging", seen_at=now)
    belonging.forget()
    assert '<bdi class="row-part">staging</bdi>' in one_line(drawn(run)[0])


def test_the_list_is_by_day_and_follows_its_live_rows(ana: Client, now: datetime) -> None:
    for hours in (1, 2, 30):
        store(answer(created=now - timedelta(hours=hours)), now)
    page = one_line(ana.get("/?status=finished").content.decode())
    assert page.count('class="day"') == 2 and "Mon 23 Nov" in page
    assert ", every 5s" not in page
    store(running(created=now), now)
    assert ", every 5s" in ana.get("/?status=live,finished").content.decode()


def test_the_words_of_a_search_are_marked_and_quoted(ana: Client, now: datetime) -> None:
    inputs = {"prompt": "a lighthouse at dusk", "negative": "no dragons, no text"}
    store(answer(created=now, workflow_inputs=inputs), now)
    store(answer(created=now, workflow_inputs={"prompt": "a cat"}), now)
    page = one_line(ana.get('/?q=light "no text"').content.decode())
    assert page.count('class="row"') == 1
    assert "<bdi>a <mark>lighthouse</mark> at dusk</bdi>" in page
    assert "no dragons, <mark>no text</mark>" in page
    assert "<mark>" not in ana.get("/").content.decode()
