"""The writer: every answer is reported, whatever became of it."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import Error

from dashboard.models import Run
from dashboard.services.runs.claims import claim
from dashboard.services.runs.fetch import track_run
from dashboard.services.runs.store import Answer
from dashboard.services.worker.writer import Writer
from dashboard.upstream.reader import read_run
from tests.builders import NOON, body, running

pytestmark = pytest.mark.django_db(transaction=True)


def answered() -> Answer:
    """An answer about a run of its own, under its claim."""
    run = track_run(uuid4())
    token = claim(run, NOON, even_if_not_due=True)
    assert token is not None
    run.refresh_from_db()
    return Answer(run, token, NOON, read_run(body(running(run.uuid)), run.uuid), "digest")


def unstorable() -> Answer:
    """An answer that breaks a constraint of the database."""
    bad = answered()
    assert bad.facts
    bad.facts = replace(bad.facts, progress=7.0)
    return bad


def test_every_answer_is_reported_even_one_that_cannot_be_stored() -> None:
    answers = [answered(), unstorable(), answered()]
    failures: list[Error] = []
    reported: list[Answer] = []
    writer = Writer(failures.append, reported.append)
    for answer in answers:
        writer.put(answer)
    writer.end(10)
    assert reported == answers
    statuses = [Run.objects.get(pk=answer.run.pk).status for answer in answers]
    assert statuses == ["running", None, "running"]
    assert failures == []


def test_an_end_stores_what_has_arrived() -> None:
    answers = [answered() for _ in range(3)]
    writer = Writer(lambda error: None, lambda answer: None)
    for answer in answers:
        writer.put(answer)
    writer.end(10)
    assert Run.objects.filter(status="running", claim_token=None).count() == 3
