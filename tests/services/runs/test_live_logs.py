"""Logs of live runs: wanted by a look, held by one watcher, a few at once, short-lived."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from dashboard.domain.logs.live_lines import LiveLines
from dashboard.domain.logs.steps import Steps
from dashboard.models import LiveLog, Run
from dashboard.models.live_log import LiveState
from dashboard.services.runs import live_logs
from tests.builders import running, store

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
BAR = "50%|█████     | 10/20 [00:05<00:05, 2.00it/s]"


def wanted(now: datetime) -> Run:
    run = store(running())
    live_logs.want(run, now)
    return run


def written(run: Run, *texts: str) -> LiveLog:
    """The log of a run that watcher `a` has read these lines of."""
    now, read = timezone.now(), LiveLines()
    live_logs.want(run, now)
    live_logs.take("a", 8, now)
    read.add((None, text) for text in texts)
    live_logs.write("a", run.pk, read, now)
    return LiveLog.objects.get(pk=run.pk)


def test_a_look_wants_a_log_and_seldom_writes(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    now = timezone.now()
    run = wanted(now)
    assert live_logs.any_waiting(timezone.now())
    with django_assert_num_queries(1):
        live_logs.want(run, now + 9 * SECOND)
    with django_assert_num_queries(2):
        row = live_logs.want(run, now + 11 * SECOND)
    assert row.wanted_until == LiveLog.objects.get().wanted_until == now + 41 * SECOND


def test_one_watcher_has_it_until_it_gives_it_up() -> None:
    now = timezone.now()
    run = wanted(now)
    (held,) = live_logs.take("a", 8, timezone.now())
    assert (held.pk, held.run_id, held.seen) == (run.pk, run.uuid, 0)
    assert live_logs.take("b", 8, timezone.now()) == []
    row = LiveLog.objects.get()
    assert live_logs.is_read(row, timezone.now())
    assert not live_logs.is_read(row, timezone.now() + live_logs.HELD_FOR)
    live_logs.give_up("b", run.pk, LiveState.BROKEN, now)  # not its own
    assert live_logs.wishes("b", timezone.now()) == {}
    assert list(live_logs.wishes("a", timezone.now())) == [run.pk]
    live_logs.give_up("a", run.pk, LiveState.BROKEN, timezone.now(), failed=True)
    (again,) = live_logs.take("b", 8, timezone.now())
    assert again.failures == 1


def test_a_hold_that_is_not_renewed_goes_to_another() -> None:
    run = wanted(timezone.now())
    live_logs.take("a", 8, timezone.now())
    LiveLog.objects.update(next_at=timezone.now() - SECOND)
    assert [held.pk for held in live_logs.take("b", 8, timezone.now())] == [run.pk]
    live_logs.renew("a", [run.pk], timezone.now())
    assert LiveLog.objects.get().holder == "b"


def test_what_nobody_looks_at_is_not_taken() -> None:
    wanted(timezone.now() - live_logs.WANTED_FOR)
    assert not live_logs.any_waiting(timezone.now())
    assert live_logs.take("a", 8, timezone.now()) == []


def test_eight_are_read_at_once() -> None:
    for _ in range(live_logs.AT_ONCE + 2):
        wanted(timezone.now())
    first = live_logs.take("a", 5, timezone.now())
    second = live_logs.take("b", 8, timezone.now())
    assert (len(first), len(second)) == (5, 3)
    now = timezone.now()
    waits = [live_logs.is_crowded_out(row, now) for row in LiveLog.objects.all()]
    assert waits.count(True) == 2 and live_logs.is_crowded_out(None, now)
    assert live_logs.take("c", 8, timezone.now()) == []
    live_logs.give_up("a", first[0].pk, LiveState.ENDED, timezone.now() + 60 * SECOND)
    assert not live_logs.is_crowded_out(None, timezone.now())
    assert len(live_logs.take("c", 8, timezone.now())) == 1


def test_lines_are_written_by_the_holder_alone() -> None:
    run = store(running())
    row = written(run, "got prompt", "api_key=sk-abcdefghijklmnop0123456789")
    assert (row.lines, row.left_out, row.updated_at is None) == (2, 0, False)
    assert row.body == "got prompt\napi_key=•••"
    other = LiveLines()
    other.add([(None, "from another")])
    live_logs.write("b", run.pk, other, timezone.now())
    assert LiveLog.objects.get().body == row.body
    LiveLog.objects.update(next_at=timezone.now())
    assert live_logs.take("b", 8, timezone.now())[0].seen == 2


def test_the_steps_of_a_running_node() -> None:
    run = store(running())
    row, now = written(run, "got prompt", BAR), timezone.now()
    assert live_logs.steps_of(run, row, now) == Steps(10, 20, 0.5, 5.0)
    assert live_logs.steps_of(run, row, now + live_logs.STEPS_FOR) is None
    live_logs.give_up("a", run.pk, LiveState.BROKEN, now)
    assert live_logs.steps_of(run, LiveLog.objects.get(), now) is None
    run.status = "uploading"
    assert live_logs.steps_of(run, row, now) is None


def test_old_ones_are_deleted() -> None:
    now = timezone.now()
    wanted(now)
    assert live_logs.delete_old(now) == 0
    assert live_logs.delete_old(now + live_logs.KEPT_FOR + 31 * SECOND) == 1


def test_a_run_takes_its_log_with_it() -> None:
    run = wanted(timezone.now())
    Run.objects.filter(pk=run.pk).delete()
    assert live_logs.find(run) is None
