"""Whether the database takes writes: what is said, for how long, and how often it is logged."""

import time

import pytest

from dashboard.services import database_health

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("database or disk is full", "The disk of Runboard's database is full."),
        ("could not extend file: No space left", "The disk of Runboard's database is full."),
        ("attempt to write a readonly database", "Runboard's database is read-only."),
        ("unable to open database file", "Runboard's database can't be opened."),
        ("something else", "Runboard can't write to its database."),
    ],
)
def test_a_failure_has_its_sentence(error: str, sentence: str) -> None:
    assert database_health.record_failure(Exception(error)) == sentence
    assert database_health.trouble() == sentence


def test_it_is_logged_once_until_a_write_works(caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        database_health.record_failure(Exception("disk is full"))
    database_health.record_success()
    database_health.record_success()
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert database_health.trouble() is None


def test_a_failure_is_reported_for_thirty_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    database_health.record_failure(Exception("disk is full"))
    later = time.monotonic() + 31
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert database_health.trouble() is None
