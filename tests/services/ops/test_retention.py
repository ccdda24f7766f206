"""What tidying up takes, and what it never takes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from dashboard.domain.retention import RetentionLimits
from dashboard.models import Name, Output, Payload, RemovedRun, Run, SharedState, Snapshot
from dashboard.models.storage_usage import bytes_by_run
from dashboard.services.ops import retention
from dashboard.services.ops.retention import carry_out, plan
from dashboard.services.runs import follow, pasted
from dashboard.services.runs.claims import claim
from dashboard.services.runs.fetch import track_run
from dashboard.upstream.reader import read_run
from tests.builders import ClaimLost, answer, body, element, running, store, store_answer

pytestmark = pytest.mark.django_db


def old(days: float, now: datetime, **given: Any) -> Run:
    return store(answer(created=now - timedelta(days=days), **given))


def star(run: Run) -> Run:
    Run.objects.filter(pk=run.pk).update(starred=True)
    return run


def left() -> set[int]:
    return set(Run.objects.values_list("pk", flat=True))


def pruned(now: datetime, **limits: Any) -> int:
    return carry_out(plan(RetentionLimits(**limits), now))


def test_older_runs_go_by_their_creation(now: datetime) -> None:
    young, gone = old(29, now), old(31, now)
    assert pruned(now, days=30) == 1
    assert left() == {young.pk}
    assert gone.pk not in left()


def test_live_and_starred_runs_stay_whatever_the_limits_say(now: datetime) -> None:
    live = store(running(created=now - timedelta(days=400)))
    starred = star(old(400, now))
    assert pruned(now, days=1, runs=0, size=0) == 0
    assert left() == {live.pk, starred.pk}


def test_an_assumed_timeout_stays_while_it_may_come_back(now: datetime) -> None:
    open_end = {"status": "timeout", "ended_at": None, "run_duration": None}
    asked, over = (old(40, now, **open_end) for _ in range(2))
    Run.objects.filter(pk=asked.pk).update(next_refresh_at=now)
    Run.objects.filter(pk=over.pk).update(next_refresh_at=None)
    assert pruned(now, days=30) == 1
    assert left() == {asked.pk}


def test_the_newest_stay(now: datetime) -> None:
    runs = [old(day, now) for day in range(1, 6)]
    assert pruned(now, runs=3) == 2
    assert left() == {run.pk for run in runs[:3]}
    assert pruned(now, runs=3) == 0


def test_starred_and_live_runs_count_among_the_newest(now: datetime) -> None:
    first, second, third = star(old(1, now)), old(2, now), old(3, now)
    assert pruned(now, runs=2) == 1
    assert left() == {first.pk, second.pk}
    assert third.pk not in left()


def test_the_oldest_go_until_the_rest_fits(now: datetime) -> None:
    runs = [old(day, now, workflow_inputs={"prompt": "x" * 10_000}) for day in range(1, 5)]
    taken = bytes_by_run()
    assert all(taken[run.pk] > 10_000 for run in runs)
    assert pruned(now, size=taken[runs[0].pk] + taken[runs[1].pk]) == 2
    assert left() == {runs[0].pk, runs[1].pk}


def test_what_goes_by_age_makes_room_for_the_rest(now: datetime) -> None:
    young, gone = old(1, now), old(50, now)
    size = bytes_by_run()[young.pk]
    assert plan(RetentionLimits(days=30, size=size), now).runs == (gone.pk,)


def test_nothing_of_a_removed_run_stays_behind(now: datetime) -> None:
    old(31, now, outputs=[element()])
    pruned(now, days=30)
    for table in (Run, Payload, Snapshot, Output):
        assert not table.objects.exists()


def test_a_removed_run_is_remembered_for_what_tracks_by_itself(now: datetime) -> None:
    run = old(31, now)
    pruned(now, days=30)
    assert RemovedRun.among([run.uuid, uuid4()]) == {run.uuid}


def test_bytes_are_about_what_the_rows_take(now: datetime) -> None:
    text = "ü" * 50_000
    run = old(1, now, workflow_inputs={"prompt": text})
    # Once in the run's inputs, once in the answer, once in the first snapshot.
    assert 3 * 100_000 < bytes_by_run()[run.pk] < 3 * 110_000


def test_a_removed_run_comes_back_only_for_whoever_asks_for_it(now: datetime) -> None:
    run = old(31, now)
    retention.delete_run(run)
    assert pasted.track_all([run.uuid], even_if_removed=False) == 0
    assert pasted.track_all([run.uuid, uuid4()], even_if_removed=True) == 2


@pytest.mark.parametrize(
    ("trouble", "days", "stays"),
    [
        ("not-found", 2, False),
        ("forbidden", 2, False),
        ("not-found", 0.5, True),
        ("server-error", 2, True),
        ("server-error", 8, False),
        ("unreachable", 30, True),
        ("key-rejected", 30, True),
        (None, 30, True),
    ],
)
def test_ids_that_were_never_found_go_after_a_day(
    now: datetime, trouble: str | None, days: float, stays: bool
) -> None:
    run = track_run(uuid4())
    asked = now - timedelta(days=days)
    Run.objects.filter(pk=run.pk).update(trouble=trouble, first_seen_at=asked)
    assert pruned(now) == 0
    assert Run.objects.filter(pk=run.pk).exists() is stays


def test_an_id_that_was_never_found_is_not_tracked_again_by_itself(now: datetime) -> None:
    run = track_run(uuid4())
    asked = now - timedelta(days=2)
    Run.objects.filter(pk=run.pk).update(trouble="not-found", first_seen_at=asked)
    pruned(now)
    assert pasted.track_all([run.uuid], even_if_removed=False) == 0
    assert pasted.track_all([run.uuid], even_if_removed=True) == 1


def test_a_name_goes_with_the_last_run_that_has_the_thing(now: datetime) -> None:
    gone, target = str(uuid4()), uuid4()
    stays = old(1, now)
    old(31, now, workflow_id=gone, machine_id=gone)
    follow.add("workflow", target, now)
    assert Name.objects.filter(upstream_id=gone).count() == 2
    pruned(now, days=30)
    assert set(Name.objects.values_list("kind", "upstream_id")) == {
        ("workflow", stays.workflow_id),
        ("version", stays.workflow_version_id),
        ("machine", stays.machine_id),
        ("workflow", str(target)),
    }


def test_what_became_live_or_starred_since_the_plan_stays(now: datetime) -> None:
    back, starred = old(31, now), old(31, now)
    planned = plan(RetentionLimits(days=30), now)
    star(starred)
    Run.objects.filter(pk=back.pk).update(finished=False, status="running")
    assert carry_out(planned) == 0
    assert len(left()) == 2


def test_removing_ends_between_batches_when_told_to(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        old(31, now)
    asked = iter([False, True])
    assert carry_out(plan(RetentionLimits(days=30), now), stop=lambda: next(asked)) == 2


def test_an_answer_for_a_run_that_was_removed_meanwhile_is_dropped(now: datetime) -> None:
    payload = running()
    run = store(payload, now)
    token = claim(run, timezone.now(), even_if_not_due=True)
    assert token
    assert retention.delete_run(run)
    facts = read_run(body({**payload, "progress": 0.9}), run.uuid)
    with pytest.raises(ClaimLost):
        store_answer(run, token, facts, now)
    run.reread()
    assert not Snapshot.objects.exists()
    assert not retention.delete_run(run)


def test_a_star_outlives_the_next_answer(now: datetime) -> None:
    payload = running()
    run = store(payload, now)
    star(run)
    store({**payload, "progress": 0.9}, now)
    assert Run.objects.get().starred


def test_one_process_prunes_and_once_a_day(settings: Any) -> None:
    settings.KEEP_DAYS, settings.KEEP_RUNS, settings.KEEP_BYTES = 30, None, None
    now = timezone.now()
    old(31, now)
    assert retention.prune_daily(now, lambda: False)
    assert not left()
    assert not retention.prune_daily(now, lambda: False)
    SharedState.objects.filter(name=retention.MARK).update(at=now - timedelta(hours=25))
    assert retention.prune_daily(timezone.now(), lambda: False)


def test_without_limits_the_day_removes_no_run(settings: Any) -> None:
    settings.KEEP_DAYS = settings.KEEP_RUNS = settings.KEEP_BYTES = None
    now = timezone.now()
    run = old(3000, now)
    assert retention.prune_daily(now, lambda: False)
    assert left() == {run.pk}


def test_the_command_says_what_would_go_and_does_it(capsys: pytest.CaptureFixture[str]) -> None:
    now = timezone.now()
    old(31, now), old(32, now), old(1, now)
    call_command("prune", "--older-than", "30", "--dry-run")
    assert capsys.readouterr().out == "Would remove 2 runs.\n"
    assert len(left()) == 3
    call_command("prune", "--older-than", "30")
    assert capsys.readouterr().out == "Removed 2 runs.\n"
    call_command("prune", "--keep", "0")
    assert not left()


def test_the_command_takes_amounts_with_a_unit(capsys: pytest.CaptureFixture[str]) -> None:
    old(1, timezone.now())
    call_command("prune", "--max-bytes", "2.5GB")
    assert len(left()) == 1
    call_command("prune", "--max-bytes", "1")
    assert not left()


def test_the_command_needs_a_limit() -> None:
    with pytest.raises(CommandError, match="Name a limit"):
        call_command("prune")
    with pytest.raises(CommandError, match="a number of days"):
        call_command("prune", "--older-than", "soon")


def test_the_command_takes_the_limits_of_the_settings(settings: Any) -> None:
    settings.KEEP_RUNS = 1
    now = timezone.now()
    newest, _ = old(1, now), old(2, now)
    call_command("prune")
    assert left() == {newest.pk}
