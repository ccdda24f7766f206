"""Who refreshes a run: one at a time, for a while, and it is given back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from dashboard.models import Run
from dashboard.services.runs.claims import (
    claim,
    claim_due,
    claim_unfetched,
    release,
    release_after_error,
    released_on_error,
)
from dashboard.services.runs.pasted import track_all
from tests.builders import NOON, listed, running, store

pytestmark = pytest.mark.django_db


def age(run: Run, **columns: object) -> Run:
    Run.objects.filter(pk=run.pk).update(**columns)
    run.refresh_from_db()
    return run


def due(seconds: int, **columns: object) -> Run:
    """A run that has been due for so long."""
    return age(
        store(running()), next_refresh_at=timezone.now() - timedelta(seconds=seconds), **columns
    )


def test_a_claim_keeps_others_out_until_it_ends() -> None:
    run = store(running())
    now = timezone.now()
    age(run, next_refresh_at=now - timedelta(seconds=1))
    token = claim(run, now)
    assert token is not None
    assert claim(run, now) is None
    if connection.vendor == "sqlite":  # elsewhere the database's own clock rules
        assert claim(run, now + timedelta(seconds=31)) is not None


def test_due_runs_are_taken_longest_overdue_first_and_given_back() -> None:
    now = timezone.now()
    late, later = store(running()), store(running())
    age(late, next_refresh_at=now - timedelta(seconds=9))
    age(later, next_refresh_at=now - timedelta(seconds=99))
    taken = claim_due(1, now)
    assert [run.pk for run, _ in taken] == [later.pk]
    assert [run.pk for run, _ in claim_due(9, now)] == [late.pk]
    release(taken[0][1])
    assert [run.pk for run, _ in claim_due(9, now)] == [later.pk]


def test_many_new_runs_leave_half_to_those_that_somebody_looks_at() -> None:
    track_all(uuid4() for _ in range(20))
    now = timezone.now()
    looked_at = {due(1, looked_at=now).pk for _ in range(4)}
    claimed = [{run.pk for run, _ in claim_due(2, now)} for _ in range(2)]
    assert [len(pks & looked_at) for pks in claimed] == [1, 1]
    one_by_one = {run.pk for _ in range(4) for run, _ in claim_due(1, now)}
    assert len(one_by_one & looked_at) == 2


def test_unseen_runs_go_first_then_looked_at_ones_then_the_rest() -> None:
    now = timezone.now()
    rest = due(99)
    looked_at = due(50, looked_at=now)
    unseen = uuid4()
    track_all([unseen])
    Run.objects.filter(uuid=unseen).update(next_refresh_at=now - timedelta(seconds=1))
    claimed = [run.uuid for _ in range(4) for run, _ in claim_due(1, now)]
    assert claimed[2:] == [rest.uuid]
    assert set(claimed[:2]) == {unseen, looked_at.uuid}


def test_a_probe_is_the_run_that_has_failed_least() -> None:
    due(99, failures=5)
    best = due(9, failures=1)
    assert [run.pk for run, _ in claim_due(1, timezone.now(), probe=True)] == [best.pk]


def test_of_several_claims_under_one_token_one_may_be_given_back() -> None:
    for seconds in (9, 8):
        due(seconds)
    (one, token), (other, same) = claim_due(9, timezone.now())
    assert token == same
    release_after_error(one, token)
    assert list(Run.objects.filter(claim_token=token)) == [other]
    assert [run.pk for run, _ in claim_due(9, timezone.now())] == [one.pk]


def test_a_token_that_is_over_gives_nobody_elses_claim_back() -> None:
    run = due(9)
    mine = claim(run, timezone.now())
    assert mine is not None
    release(uuid4())
    release(uuid4(), run.pk)
    run.refresh_from_db()
    assert run.claim_token == mine


def test_what_fails_under_a_claim_gives_it_back_and_what_goes_well_keeps_it() -> None:
    run = due(9)
    token = claim(run, timezone.now())
    assert token is not None
    with released_on_error(run, token):
        pass
    run.refresh_from_db()
    assert run.claim_token == token
    with pytest.raises(ZeroDivisionError), released_on_error(run, token):
        raise ZeroDivisionError
    run.refresh_from_db()
    assert (run.claim_token, run.claimed_until) == (None, None)


def test_past_runs_are_claimed_newest_first_and_by_one_process_each() -> None:
    now = timezone.now()
    newest, older, oldest = (listed(created=now - timedelta(days=days)) for days in (1, 2, 3))
    due(9)
    taken = [run for run, _ in claim_unfetched(2, now)]
    assert taken == [newest, older]
    assert [run for run, _ in claim_unfetched(2, now)] == [oldest]
    assert claim_unfetched(2, now) == []


@pytest.mark.parametrize(
    "told",
    [
        {"observed_at": NOON},
        {"next_refresh_at": NOON},  # somebody looks at it: it is due
        {"failures": 1},
        {"finished": False, "status": "running"},
    ],
)
def test_other_runs_are_no_past_runs_to_fetch(told: dict[str, object]) -> None:
    now = timezone.now()
    age(listed(created=now - timedelta(days=1)), **told)
    assert claim_unfetched(2, now) == []
