"""Actions on several runs: frozen, done in parts, told, undone, forgotten."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection

from dashboard.domain.roles import ADMIN
from dashboard.domain.text.labels import LONGEST, STAR, TAG, TITLE, LabelRejected
from dashboard.models import AuditEntry, BulkAction, BulkItem, BulkState, Label, RemovedRun, Run
from dashboard.services.ops import bulk
from dashboard.services.ops.bulk import REMOVE
from dashboard.services.runs import labels
from dashboard.services.runs.bulk_labels import UNSTAR
from tests.builders import NOON, answer, person, store

pytestmark = pytest.mark.django_db
SOON, LATER = NOON + timedelta(minutes=5), NOON + timedelta(hours=2)


@pytest.fixture
def ana() -> User:
    return person("ana")


@pytest.fixture
def runs() -> Sequence[Run]:
    return [store(answer()) for _ in range(5)]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)


def ids(runs: Sequence[Run]) -> list[UUID]:
    return [run.uuid for run in runs]


def everything() -> list[UUID]:
    runs = Run.objects.all()
    return bulk.matching(runs, bulk.count(runs))


def tagged() -> int:
    return Label.objects.filter(kind=TAG, text="hero").count()


def test_a_few_runs_are_done_at_once(runs: Sequence[Run], ana: User) -> None:
    action = bulk.start(TAG, " hero ", ids(runs[:3]), ana, NOON)
    assert (action.state, action.total, action.done) == (BulkState.DONE, 3, 3)
    assert action.next_at is None
    assert tagged() == 3
    assert {label.by for label in Label.objects.all()} == {ana}


def test_many_are_done_in_parts_and_stay_the_runs_they_were(
    runs: Sequence[Run], ana: User, small_parts: None
) -> None:
    action = bulk.start(TAG, "hero", everything(), ana, NOON)
    assert (action.state, action.done, tagged()) == (BulkState.DOING, 0, 0)
    late = store(answer())  # came after the action was asked for
    for done in (2, 4, 5):
        bulk.advance(action, NOON)
        action.refresh_from_db()
        assert (action.done, tagged()) == (done, done)
    assert action.state == BulkState.DONE
    assert not late.labels.exists()
    bulk.advance(action, NOON)  # a watcher that came late
    action.refresh_from_db()
    assert action.done == 5


def test_of_two_watchers_one_takes_the_action(
    runs: Sequence[Run], ana: User, small_parts: None
) -> None:
    action = bulk.start(TAG, "hero", ids(runs), ana, NOON)
    now = NOON + timedelta(days=9000)  # past what PostgreSQL's own clock says
    BulkAction.objects.update(next_at=NOON)
    first, second = bulk.lease_due(1, now), bulk.lease_due(1, NOON)
    assert ([one.pk for one in first], second) == ([action.pk], [])
    bulk.advance_if_due(action, NOON)  # a poll meanwhile
    assert tagged() == 0
    bulk.advance(first[0], NOON)
    assert tagged() == 2


def test_a_lease_is_worked_on_until_its_turn_is_over(
    runs: Sequence[Run], ana: User, small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter((0.0, 0.6, 1.2, 5.0))  # the turn's begin, after two parts, the next begin
    monkeypatch.setattr(bulk, "monotonic", lambda: next(moments))
    monkeypatch.setattr(bulk, "PAUSE", 0)
    action = bulk.start(TAG, "hero", ids(runs), ana, NOON)
    BulkAction.objects.update(next_at=NOON)
    for done in (4, 5):
        [leased] = bulk.lease_due(1, SOON)
        assert bulk.lease_due(1, SOON) == []
        bulk.work(leased, SOON)
        action.refresh_from_db()
        assert (action.done, tagged()) == (done, done)
    assert (action.state, action.next_at) == (BulkState.DONE, None)


def test_undo_restores_what_was_before_and_keeps_the_tag_that_was_there(
    runs: Sequence[Run], ana: User, small_parts: None
) -> None:
    labels.add_tag(runs[0], "Hero", None)
    action = bulk.start(TAG, "hero", ids(runs), ana, NOON)
    for _ in range(3):
        bulk.advance(action, NOON)
    action.refresh_from_db()
    assert bulk.undo(action, ana, SOON, any_author=False)
    for _ in range(3):
        bulk.advance(action, SOON)
    action.refresh_from_db()
    assert (action.state, action.done, action.moved) == (BulkState.UNDONE, 5, 0)
    assert list(Label.objects.values_list("run_id", "text")) == [(runs[0].pk, "Hero")]
    assert not bulk.undo(action, ana, SOON, any_author=False)  # once


def test_runs_that_were_removed_are_skipped_and_counted(runs: Sequence[Run], ana: User) -> None:
    Run.objects.filter(pk=runs[0].pk).delete()
    action = bulk.start(TAG, "hero", [*ids(runs[:3]), uuid4()], ana, NOON)
    assert (action.total, action.done, action.gone, tagged()) == (4, 4, 2, 2)
    Run.objects.filter(pk=runs[1].pk).delete()
    bulk.undo(action, ana, SOON, any_author=False)
    action.refresh_from_db()
    assert (action.gone, tagged()) == (3, 0)


def test_a_run_that_was_changed_since_stays_and_is_counted(runs: Sequence[Run], ana: User) -> None:
    action = bulk.start(TITLE, "Coast", ids(runs), ana, NOON)
    labels.set_title(runs[0], "Mine", ana)
    bulk.undo(action, ana, SOON, any_author=False)
    action.refresh_from_db()
    assert action.moved == 1
    assert sorted(Run.objects.values_list("label", flat=True)) == ["", "", "", "", "Mine"]


@pytest.mark.parametrize(
    ("kind", "text", "again"),
    [(TAG, "hero", "Hero"), (TITLE, "Coast", "Coast"), (STAR, "", ""), (UNSTAR, "", "")],
)
def test_what_a_later_action_asked_for_too_stays(
    runs: Sequence[Run], ana: User, kind: str, text: str, again: str
) -> None:
    def says() -> list[object]:
        rows = Run.objects.order_by("pk").values_list("label", "starred", "labels__text")
        return list(rows)

    for run in runs:
        labels.set_star(run, kind == UNSTAR, ana)
    before = says()
    first = bulk.start(kind, text, ids(runs), ana, NOON)
    after, ben = says(), person("ben")
    bulk.start(kind, again, ids(runs[:2]), ben, NOON)
    assert bulk.undo(first, ana, SOON, any_author=False)
    first.refresh_from_db()
    assert first.moved == 2
    assert says() == after[:2] + before[2:]


def test_a_later_action_that_was_undone_or_asked_for_another_text_holds_nothing(
    runs: Sequence[Run], ana: User
) -> None:
    first = bulk.start(TAG, "hero", ids(runs), ana, NOON)
    second = bulk.start(TAG, "hero", ids(runs), ana, NOON)
    bulk.start(TAG, "draft", ids(runs), ana, NOON)
    for action in (second, first):
        assert bulk.undo(action, ana, SOON, any_author=False)
    assert tagged() == 0


@pytest.mark.parametrize(
    ("kind", "text", "again"),
    [(TAG, "hero", "Hero"), (TITLE, "Coast", "Coast"), (TITLE, "", ""), (STAR, "", "")],
)
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_equal_actions_leave_nothing_in_whatever_order_they_are_undone(
    runs: Sequence[Run], ana: User, kind: str, text: str, again: str, order: tuple[int, ...]
) -> None:
    labels.set_title(runs[0], "Mine", ana)

    def says() -> list[object]:
        rows = Label.with_gone.order_by("run", "kind").values_list("run", "kind", "text", "at")
        return [*rows, *Run.objects.order_by("pk").values_list("label", "starred")]

    before = says()
    who = [(ana, text), (person("ben"), again), (person("cleo"), again)]
    actions = [bulk.start(kind, words, ids(runs[:2]), by, NOON) for by, words in who]
    for number, place in enumerate(order):
        assert says() != before
        assert bulk.undo(actions[place], who[place][0], SOON, any_author=False), number
    assert says() == before


def test_who_may_undo_and_for_how_long(runs: Sequence[Run], ana: User) -> None:
    ben, admin = person("ben"), person("cleo", ADMIN)
    action = bulk.start(TAG, "hero", ids(runs), ana, NOON)
    hour = NOON + bulk.UNDO_FOR
    moment = timedelta(seconds=1)
    assert not bulk.undo(action, ben, SOON, any_author=False)
    assert not bulk.undo(action, None, SOON, any_author=False)
    assert bulk.may_undo(action, admin, SOON, any_author=True)
    assert bulk.may_undo(action, ana, hour - moment, any_author=False)
    assert not bulk.may_undo(action, ana, hour, any_author=False)
    assert not bulk.undo(action, ana, hour, any_author=False)
    assert tagged() == 5


def test_removal_is_audited_run_by_run_and_cannot_be_undone(runs: Sequence[Run]) -> None:
    admin = person("cleo", ADMIN)
    titles = {str(run.uuid): run.title for run in runs[:2]}
    action = bulk.start(REMOVE, "", ids(runs[:2]), admin, NOON)
    assert (action.state, Run.objects.count()) == (BulkState.DONE, 3)
    entries = AuditEntry.objects.filter(action="run.deleted", actor=admin)
    assert {one.subject: one.detail["title"] for one in entries} == titles
    assert RemovedRun.among(ids(runs)) == set(ids(runs[:2]))
    assert not bulk.undo(action, admin, SOON, any_author=True)


@pytest.mark.parametrize(
    ("kind", "text", "error"),
    [
        ("nonsense", "", ValueError),
        (TAG, " \n ", LabelRejected),
        (TAG, "x" * (LONGEST[TAG] + 1), LabelRejected),
        (TITLE, "x" * 10_000, LabelRejected),
    ],
)
def test_what_is_not_taken_leaves_nothing(
    runs: Sequence[Run], kind: str, text: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        bulk.start(kind, text, ids(runs), None, NOON)
    with pytest.raises(ValueError, match="No runs"):
        bulk.start(REMOVE, "", [], None, NOON)
    assert not BulkAction.objects.exists()


def test_one_action_takes_so_many_runs_and_says_so(
    runs: Sequence[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MAX_RUNS", 3)
    action = bulk.start(TAG, "hero", everything(), None, NOON)
    newest = set(Run.objects.newest().values_list("uuid", flat=True)[:3])
    assert (action.total, action.bounded) == (3, True)
    assert set(action.items.values_list("run_uuid", flat=True)) == newest
    assert not bulk.start(TAG, "hero", ids(runs[:3]), None, NOON).bounded


def test_actions_are_forgotten_after_a_week(runs: Sequence[Run], ana: User) -> None:
    bulk.start(TAG, "hero", ids(runs), ana, NOON)
    bulk.delete_old(NOON + bulk.KEPT_FOR)
    assert BulkAction.objects.count() == 1
    bulk.delete_old(NOON + bulk.KEPT_FOR + timedelta(seconds=1))
    assert (BulkAction.objects.count(), BulkItem.objects.count(), tagged()) == (0, 0, 5)


def test_all_that_match_are_those_that_were_counted(
    runs: Sequence[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = bulk.count(Run.objects.filter(gpu="H100"))
    assert counted.number == len(bulk.matching(Run.objects.filter(gpu="H100"), counted)) == 5
    late = store(answer())
    found = bulk.matching(Run.objects.all(), counted, exactly=True)
    assert late.uuid not in found and len(found) == 5
    Run.objects.filter(pk=runs[0].pk).update(gpu="T4")
    with pytest.raises(ValueError, match="Now 4 runs match"):
        bulk.matching(Run.objects.filter(gpu="H100"), counted, exactly=True)
    monkeypatch.setattr(bulk, "MAX_RUNS", 3)
    assert bulk.count(Run.objects.all()).number == 4


def test_starred_runs_are_counted_without_reading_the_others(
    runs: Sequence[Run], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2) as asked:
        assert bulk.count(Run.objects.seen().filter(starred=True)).number == 0
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {asked.captured_queries[-1]['sql']}")
            assert any("run_starred" in row[-1] for row in cursor.fetchall())


def test_the_last_action_is_told_while_it_can_be_undone(runs: Sequence[Run], ana: User) -> None:
    bulk.start(TAG, "hero", ids(runs), ana, NOON)
    last = bulk.start(TAG, "coast", ids(runs), ana, NOON)
    assert bulk.newest_of(ana, SOON) == last
    assert bulk.newest_of(person("ben"), SOON) is None
    assert bulk.newest_of(ana, LATER) is None
    bulk.undo(last, ana, SOON, any_author=False)
    assert bulk.newest_of(ana, SOON) is None
