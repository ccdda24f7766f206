"""What the feed is asked by, and what becomes of the runs that it names."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from dashboard.domain.feed import NewRun
from dashboard.models import RemovedRun, Run, Workflow
from dashboard.services.runs import board, feed, follow
from dashboard.services.runs.feed import Subscription
from dashboard.services.runs.pasted import track_all
from tests.builders import answer, running, store

pytestmark = pytest.mark.django_db


def test_it_is_asked_by_the_newest_run_that_could_be_read() -> None:
    old, new = store(answer()), store(answer())
    now = timezone.now()
    Run.objects.filter(pk=old.pk).update(sorted_at=now - timedelta(days=1))
    Run.objects.filter(pk=new.pk).update(sorted_at=now)
    track_all([uuid4()])
    assert feed.subscription(()) == Subscription("run", new.uuid)
    assert feed.subscription([new.uuid]) == Subscription("run", old.uuid)
    Run.objects.filter(pk=new.pk).update(trouble="forbidden")
    assert feed.subscription(()) == Subscription("run", old.uuid)
    assert feed.subscription([old.uuid]) is None


def test_before_any_run_it_is_asked_by_the_newest_workflow() -> None:
    now = timezone.now()
    old, new, gone = uuid4(), uuid4(), uuid4()
    for uuid, hours, deleted in ((old, 3, None), (new, 2, None), (gone, 1, now)):
        changed = now - timedelta(hours=hours)
        Workflow.objects.create(uuid=uuid, seen_at=now, changed_at=changed, deleted_at=deleted)
    undated = Workflow.objects.create(uuid=uuid4(), seen_at=now).uuid
    assert feed.subscription(()) == Subscription("workflow", new)
    assert feed.subscription([new]) == Subscription("workflow", old)
    assert feed.subscription([old, new]) == Subscription("workflow", undated)
    assert feed.subscription([old, new, undated]) is None


def test_with_neither_there_is_nothing_to_ask_by() -> None:
    track_all([uuid4()])
    assert feed.subscription(()) is None


def test_the_address_keeps_the_stream_open() -> None:
    run_id = uuid4()
    path = Subscription("run", run_id).path
    assert path == f"/v2/stream-progress?run_id={run_id}&status=input"


def test_a_run_tracked_later_is_told_from_earlier_ones() -> None:
    store(answer())
    last = feed.last_row()
    assert feed.readable_run(after=last) is None
    new = store(answer())
    assert feed.readable_run(after=last) == new.uuid


def test_unknown_runs_are_tracked_and_known_ones_are_due() -> None:
    now = timezone.now()
    known, new = store(running()), uuid4()
    Run.objects.filter(pk=known.pk).update(next_refresh_at=now + timedelta(hours=1), asked_at=None)
    feed.receive([NewRun(known.uuid), NewRun(new)], now)
    assert set(Run.objects.due(timezone.now()).values_list("uuid", flat=True)) == {known.uuid, new}
    assert not Run.objects.get(uuid=new).seen  # nothing of the feed is believed


def test_what_was_removed_here_stays_removed() -> None:
    run_id = uuid4()
    RemovedRun.note([run_id], timezone.now())
    feed.receive([NewRun(run_id)], timezone.now())
    assert not Run.objects.exists()


@pytest.mark.parametrize("everything", [True, False])
def test_new_runs_of_what_is_not_followed_are_left_alone(everything: bool) -> None:
    now = timezone.now()
    board.choose(everything, now)
    followed, paused, left_out, other = (uuid4() for _ in range(4))
    rows = [follow.add("workflow", target, now)[0] for target in (followed, paused, left_out)]
    follow.pause([rows[1].pk], None, now)
    follow.leave_out(rows[2].pk, now)
    runs = {flow: NewRun(uuid4(), flow) for flow in (followed, paused, left_out, other, None)}
    feed.receive(list(runs.values()), now)
    tracked = set(Run.objects.values_list("uuid", flat=True))
    wanted = (followed, other, None) if everything else (followed,)
    assert tracked == {runs[flow].id for flow in wanted}
