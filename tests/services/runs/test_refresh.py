"""Several answers stored together: what is wrong with one takes no other with it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, Error, InterfaceError, connection, transaction
from django.test.utils import CaptureQueriesContext

from dashboard.domain.polling.circuit_breaker import BreakerState
from dashboard.models import Gate, Output, Payload, Run, Snapshot
from dashboard.services.comfydeploy.token_bucket import token_bucket
from dashboard.services.runs import fetch, refresh
from dashboard.services.runs.claims import claim
from dashboard.services.runs.fetch import track_run
from dashboard.services.runs.store import Answer, store_answers
from dashboard.upstream.errors import ServerFailed
from dashboard.upstream.reader import read_run
from tests.builders import NOON, body, element, running

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(seconds=10)


def came(**given: object) -> Answer:
    """An answer that has come about a run of its own, under its claim."""
    run = track_run(uuid4())
    token = claim(run, NOON, even_if_not_due=True)
    assert token is not None
    run.refresh_from_db()
    return Answer(run, token, NOON, read_run(body(running(run.uuid, **given)), run.uuid), "digest")


def unstorable() -> Answer:
    """An answer against a rule of the database, which no reader lets through."""
    bad = came()
    assert bad.facts
    bad.facts = replace(bad.facts, progress=7.0)
    return bad


def stored(answers: list[Answer]) -> list[str | None]:
    found = dict(Run.objects.values_list("pk", "status"))
    return [found[each.run.pk] for each in answers]


def claims() -> int:
    return Run.objects.filter(claim_token__isnull=False).count()


@contextmanager
def held(run: Run) -> Iterator[threading.Event]:
    """Another connection locks the run's row until the event is set."""
    locked, over = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            Run.objects.select_for_update().get(pk=run.pk)
            locked.set()
            over.wait(30)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert locked.wait(30)
        yield over
    finally:
        over.set()
        thread.join()


def test_each_run_gets_its_own() -> None:
    answers = [
        came(progress=n / 10, live_status=f"Executing Node{n}", outputs=[element(f"{n}.png")])
        for n in range(5)
    ]
    assert store_answers(answers, lambda run, at: LATER) == []
    assert all(each.changed for each in answers)
    for n, each in enumerate(answers):
        run = Run.objects.get(pk=each.run.pk)
        assert (run.progress, run.live_status, run.next_refresh_at) == (
            n / 10,
            f"Executing Node{n}",
            LATER,
        )
        assert run.snapshots.get().progress == n / 10
        assert run.outputs.get().filename == f"{n}.png"
        assert f"Executing Node{n}" in Payload.objects.get(run=run).body


def test_many_cost_as_many_queries_as_two() -> None:
    counts = []
    store_answers([came()], lambda run, at: LATER)  # what they name is known from here on
    for several in (2, 12):
        with CaptureQueriesContext(connection) as asked:
            answers = [came() for _ in range(several)]
            made = len(asked)
            store_answers(answers, lambda run, at: LATER)
            counts.append(len(asked) - made)
    assert counts[0] == counts[1]


def test_an_answer_that_says_the_same_is_written_beside_those_that_do_not() -> None:
    first = came()
    store_answers([first], lambda run, at: LATER)
    token = claim(first.run, LATER, even_if_not_due=True)
    assert token
    same, new = Answer(first.run, token, LATER), came()
    assert store_answers([same, new], lambda run, at: None) == []
    assert (same.changed, new.changed) == (False, True)
    assert Run.objects.get(pk=first.run.pk).observed_at == LATER
    assert Snapshot.objects.filter(run=first.run).count() == 1


def test_a_lost_claim_loses_its_own_answer_alone() -> None:
    answers = [came(outputs=[element()]) for _ in range(3)]
    theirs = uuid4()
    Run.objects.filter(pk=answers[1].run.pk).update(claim_token=theirs)
    refresh.store_outcomes(answers)
    assert stored(answers) == ["running", None, "running"]
    lost = Run.objects.get(pk=answers[1].run.pk)
    assert (lost.claim_token, lost.version, lost.observed_at) == (theirs, 0, None)
    assert {row.run_id for row in Snapshot.objects.all()} == {answers[0].run.pk, answers[2].run.pk}
    assert Output.objects.count() == Payload.objects.count() == 2
    assert claims() == 1
    assert answers[1].run.status is None, "what was not written is not shown either"


def test_a_run_that_was_removed_meanwhile_takes_no_other_with_it() -> None:
    answers = [came() for _ in range(3)]
    Run.objects.filter(pk=answers[0].run.pk).delete()
    refresh.store_outcomes(answers)
    assert stored(answers[1:]) == ["running", "running"]
    assert Snapshot.objects.count() == 2


def test_an_answer_that_cannot_be_stored_takes_no_other_with_it_and_is_not_asked_for_at_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    answers = [came(), unstorable(), came()]
    refresh.store_outcomes(answers)
    assert stored(answers) == ["running", None, "running"]
    assert Snapshot.objects.count() == Payload.objects.count() == 2
    assert claims() == 0
    bad = Run.objects.get(pk=answers[1].run.pk)
    assert (bad.trouble, bad.failures, bad.version) == ("bad-answer", 1, 0)
    assert bad.next_refresh_at and bad.next_refresh_at > NOON
    assert f"Storing run {bad.short_id} failed" in caplog.text


def test_what_went_wrong_with_some_is_noted_beside_what_came_of_the_others() -> None:
    answers = [came() for _ in range(4)]
    for bad in answers[1:3]:
        bad.facts, bad.error = None, ServerFailed("ComfyDeploy failed.")
    refresh.store_outcomes(answers[:3])
    assert Gate.read().strikes == 2
    refresh.store_outcomes(answers[3:])
    assert Gate.read().strikes == 0, "a good answer came after them"
    assert stored(answers) == ["running", None, None, "running"]
    troubles = Run.objects.order_by("pk").values_list("trouble", "failures", "claim_token")
    assert list(troubles) == [(None, 0, None), *2 * [("server-error", 1, None)], (None, 0, None)]


def test_an_answer_that_cannot_be_stored_alone_is_no_failure_of_the_database() -> None:
    bad = unstorable()
    refresh.store_outcomes([bad])
    assert Run.objects.get(pk=bad.run.pk).trouble == "bad-answer"
    assert bad.run.trouble == "bad-answer"


@pytest.mark.postgres
def test_a_locked_row_is_waited_for_after_the_others() -> None:
    answers = [came() for _ in range(3)]
    with held(answers[0].run):
        assert store_answers(answers, lambda run, at: LATER) == [answers[0]]
        assert stored(answers) == [None, "running", "running"]
    assert store_answers(answers[:1], lambda run, at: LATER) == []
    answers = [came() for _ in range(3)]
    with held(answers[0].run) as over:
        threading.Timer(0.5, over.set).start()
        refresh.store_outcomes(answers)
    assert stored(answers) == ["running"] * 3
    assert claims() == 0


def test_on_sqlite_a_batch_waits_for_the_writer() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("there is one writer on SQLite alone")
    answers = [came() for _ in range(3)]
    with held(answers[0].run) as over:
        threading.Timer(0.5, over.set).start()
        refresh.store_outcomes(answers)
    assert stored(answers) == ["running"] * 3


@contextmanager
def read_only() -> Iterator[None]:
    sqlite = connection.vendor == "sqlite"
    on, off = (
        ("PRAGMA query_only=ON", "PRAGMA query_only=OFF")
        if sqlite
        else ("SET default_transaction_read_only=on", "SET default_transaction_read_only=off")
    )
    with connection.cursor() as cursor:
        cursor.execute(on)
        try:
            yield
        finally:
            cursor.execute(off)


def test_a_database_that_takes_no_writes_is_an_error() -> None:
    answers = [came() for _ in range(3)]
    with read_only(), pytest.raises(DatabaseError, match="read.?only"):
        refresh.store_outcomes(answers)
    assert stored(answers) == [None] * 3
    refresh.store_outcomes(answers)
    assert stored(answers) == ["running"] * 3, "the same answers can be stored when it takes them"


def test_an_answer_comes_to_the_same_whether_stored_with_others_or_alone() -> None:
    facts = came(outputs=[element("a.png"), element("b.png")]).facts
    with_others, alone = came(), came()
    with_others.facts = alone.facts = facts
    store_answers([came(), with_others], lambda run, at: LATER)
    store_answers([alone], lambda run, at: LATER)
    own = {"id", "uuid", "first_seen_at", "sorted_at"}
    columns = [field.attname for field in Run._meta.concrete_fields if field.attname not in own]
    rows = [
        Run.objects.filter(pk=each.run.pk).values(*columns).get() for each in (with_others, alone)
    ]
    assert rows[0] == rows[1]
    assert rows[0]["output_count"] == 2


def close_underneath() -> None:
    """The connection breaks without Django knowing it, as when a server restarts."""
    assert connection.connection
    connection.connection.close()


@pytest.mark.postgres
def test_claims_are_given_back_over_a_new_connection_when_this_one_has_broken() -> None:
    answers = [came() for _ in range(3)]
    close_underneath()
    with pytest.raises(Error):
        refresh.store_outcomes(answers)
    assert claims() == 0


def test_whatever_goes_wrong_while_storing_gives_the_claims_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object) -> None:
        raise MemoryError

    answers = [came() for _ in range(3)]
    monkeypatch.setattr(refresh.gate, "record_outcome", broken)
    with pytest.raises(MemoryError):
        refresh.store_outcomes(answers)
    assert claims() == 0


@pytest.mark.parametrize(
    "at_once", [fetch.fetch_run, lambda uuid: fetch.refresh_run(track_run(uuid))]
)
@pytest.mark.parametrize("error", [DatabaseError, InterfaceError])
def test_a_request_that_a_broken_database_prevents_keeps_no_claim_and_no_token(
    at_once: Callable[[UUID], Run], error: type[Error], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = track_run(uuid4())
    real, reads = Gate.read, []

    def broken() -> BreakerState:
        # The first look reads it before it takes its token, too.
        reads.append(1)
        if len(reads) > (at_once is fetch.fetch_run):
            raise error
        return real()

    monkeypatch.setattr(Gate, "read", broken)
    full = token_bucket()._tokens
    with pytest.raises(error):
        at_once(run.uuid)
    assert len(reads) == 1 + (at_once is fetch.fetch_run)
    assert claims() == 0
    assert token_bucket()._tokens == full
