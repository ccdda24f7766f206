"""Runs of a workflow that failed in the same way, whoever told the error."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from dashboard.domain.changed.error_history import AlikeErrors
from dashboard.models import Run
from dashboard.services.runs import alike_errors
from tests.builders import answer, element, store

pytestmark = pytest.mark.django_db


def failed(now: datetime, minutes: float, message: str, **given: Any) -> Run:
    told = {"node_id": "3", "exception_message": message, "exception_type": "RuntimeError"}
    outputs = [element(data=told)]
    at = now - timedelta(minutes=minutes)
    return store(answer(created=at, status="failed", outputs=outputs, **given), now)


def found(run: Run) -> AlikeErrors | None:
    alike_errors.forget()
    return alike_errors.alike_errors(run)


def test_numbers_and_paths_make_no_difference_and_the_first_is_told(now: datetime) -> None:
    first = failed(now, 90, "Tried to allocate 2.37 GiB in /tmp/a")
    failed(now, 60, "No such file")
    failed(now, 50, "Tried to allocate 9 GiB in /tmp/b", workflow_id="another")
    run = failed(now, 30, "Tried to allocate 14.00 GiB in /home/x")
    told = found(run)
    assert told and told.number == 2
    assert told.first.uuid == first.uuid
    assert [one.uuid for one in told.runs] == [first.uuid, run.uuid]


def test_without_a_text_there_is_nothing_to_find(now: datetime) -> None:
    run = store(answer(created=now, status="failed"), now)
    assert run.error_digest == "" and found(run) is None


def test_gpus_are_told_apart_where_one_alone_fails(now: datetime) -> None:
    for n in range(4):
        run = failed(now, 50 + n, f"Out of memory at {n}", gpu="A10G")
    for n in range(5):
        store(answer(created=now - timedelta(minutes=10 + n), gpu="L40S"), now)
    told = found(run)
    assert told and told.split and (told.split.gpu, told.split.others) == ("A10G", 5)


def test_it_is_read_once_a_minute(now: datetime, django_assert_max_num_queries: Any) -> None:
    run = failed(now, 5, "Out of memory")
    with django_assert_max_num_queries(3):
        found(run)
    with django_assert_max_num_queries(0):
        alike_errors.alike_errors(run)


def test_of_many_the_first_is_drawn_too(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike_errors, "DRAWN", 3)
    runs = [failed(now, 50 - n, f"Out of memory at {n}") for n in range(6)]
    told = found(runs[-1])
    assert told and told.number == 6
    assert [one.uuid for one in told.runs] == [runs[n].uuid for n in (0, 4, 5)]
