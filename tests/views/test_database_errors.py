"""What readers meet when the database takes no writes."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.backends.signals import connection_created
from django.test import Client

from dashboard.models import Run
from dashboard.services import database_health
from tests.builders import running, store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def read_only() -> Iterator[None]:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own switch")
    connection.close()
    connection_created.connect(_never_write)
    yield
    connection_created.disconnect(_never_write)
    connection.close()
    database_health.record_success()


def _never_write(sender: object, connection: Any, **_: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only=ON")


def test_a_run_seen_before_is_shown_and_says_that_nothing_is_stored(
    ana: Client, request: pytest.FixtureRequest
) -> None:
    run = store(running())
    request.getfixturevalue("read_only")
    page = ana.get(f"/runs/{run.uuid}/")
    assert page.status_code == 200
    assert "database is read-only" in page.content.decode()
    assert ana.get(f"/runs/{run.uuid}/live/").status_code == 200


def test_a_first_look_that_cannot_be_stored_says_why(
    ana: Client, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    request.getfixturevalue("read_only")
    run_id = uuid4()
    page = ana.get(f"/runs/{run_id}/")
    assert (page.status_code, page["Retry-After"]) == (503, "10")
    assert "database is read-only" in page.content.decode()
    assert ana.get(f"/runs/{run_id}.json").json()["error"]["code"] == "storage"
    assert "read-only" in caplog.text


def test_it_is_told_no_more_when_writing_works_again(ana: Client) -> None:
    run = store(running())
    database_health.record_failure(Exception("database or disk is full"))
    Run.objects.update(looked_at=None)
    page = ana.get(f"/runs/{run.uuid}/").content.decode()
    assert "disk" not in page
    assert database_health.trouble() is None
