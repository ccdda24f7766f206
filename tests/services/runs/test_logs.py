"""Logs of runs that failed: when they are asked for, what is kept, what is read."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dashboard.models import Run, RunLog
from dashboard.services.runs import logs
from dashboard.simulator import Simulator
from tests.builders import answer, running, stamp, store
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db
SAMPLE = (SAMPLES / "related" / "run_logs_v2.json").read_bytes()


def failed(**given: Any) -> Run:
    """A run that has just been seen to fail, with its log due."""
    now = timezone.now()
    sent = {"status": "failed", "created": now - timedelta(seconds=50), **given}
    run = store(answer(**{"ended_at": stamp(now), **sent}))
    run.refresh_from_db()
    return run


def path(run: Run) -> str:
    return f"/v2/clickhouse-run-logs/{run.uuid}"


def test_a_log_is_asked_for_some_30_seconds_after_the_end(upstream: Simulator) -> None:
    run = failed()
    assert run.log_next_at and run.ended_at
    assert run.log_next_at == run.ended_at + logs.FIRST_WAIT
    timed_out = failed(status="timeout")
    assert timed_out.log_next_at


@pytest.mark.parametrize("status", ["success", "cancelled", "running"])
def test_other_runs_have_theirs_left_alone(upstream: Simulator, status: str) -> None:
    assert failed(status=status).log_next_at is None


def test_a_run_that_failed_long_ago_is_asked_for_now_or_never(upstream: Simulator) -> None:
    now = timezone.now()
    yesterday = failed(ended_at=stamp(now - timedelta(days=1)))
    assert yesterday.log_next_at and yesterday.log_next_at <= timezone.now()
    assert failed(ended_at=stamp(now - timedelta(days=40))).log_next_at is None


def test_a_second_look_at_a_failed_run_asks_for_nothing_more(upstream: Simulator) -> None:
    run = failed()
    Run.objects.filter(pk=run.pk).update(log_next_at=None)
    sent = answer(run.uuid, status="failed", ended_at=stamp(run.ended_at), gpu="T4")
    store(sent)
    run.refresh_from_db()
    assert run.gpu == "T4" and run.log_next_at is None


def test_an_assumed_timeout_that_becomes_real_is_asked_for_again(upstream: Simulator) -> None:
    run = store(running(status="timeout"))
    Run.objects.filter(pk=run.pk).update(log_next_at=None)
    store(answer(run.uuid, status="timeout", ended_at=stamp(timezone.now())))
    run.refresh_from_db()
    assert run.log_next_at


def test_a_log_is_kept_masked_and_read_for_the_error(upstream: Simulator) -> None:
    run = failed()
    upstream.script_path(path(run), [SAMPLE])
    before = run.shown_version
    assert logs.refresh(run, timezone.now())
    run.refresh_from_db()
    kept = RunLog.objects.get(pk=run.pk)
    assert "got prompt" in kept.body and "not-a-real-secret" not in kept.body
    assert kept.body.startswith("2026-11-23T09:14:16")
    assert (kept.lines, kept.cut) == (2, False)
    assert run.log_error and run.log_error["cause"] == "out-of-memory"
    assert run.shown_error == run.log_error
    assert run.log_next_at is None and run.shown_version != before


def test_an_empty_log_is_tried_a_few_times(upstream: Simulator) -> None:
    run = failed()
    upstream.script_path(path(run), [b"[]"])
    waits = []
    for _ in range(len(logs.RETRY_WAITS)):
        now = timezone.now()
        assert not logs.refresh(run, now)
        run.refresh_from_db()
        assert run.log_next_at
        waits.append(run.log_next_at - now)
    for wait, planned in zip(waits, logs.RETRY_WAITS, strict=True):
        assert planned <= wait <= 1.1 * planned
    assert not logs.refresh(run, timezone.now())
    run.refresh_from_db()
    assert run.log_next_at is None
    assert RunLog.objects.get(pk=run.pk).body == ""


@pytest.mark.parametrize("status", [403, 404, 500])
def test_where_logs_cannot_be_had_they_are_done_without(upstream: Simulator, status: int) -> None:
    run = failed()
    upstream.script_path(path(run), [(status, {}, b"no")])
    run.log_tries = len(logs.RETRY_WAITS + logs.HOURLY_WAITS)
    logs.refresh(run, timezone.now())
    kept = RunLog.objects.get(pk=run.pk)
    assert kept.trouble in {"forbidden", "not-found", "server-error"}
    run.refresh_from_db()
    assert run.shown_error is None and run.trouble is None


def test_a_log_comes_after_a_few_tries(upstream: Simulator) -> None:
    run = failed()
    upstream.script_path(path(run), [b"[]", (500, {}, b""), SAMPLE])
    assert [logs.refresh(run, timezone.now()) for _ in range(3)] == [False, False, True]


def test_a_run_that_came_back_shows_no_error_of_its_log(upstream: Simulator) -> None:
    run = failed(status="timeout")
    upstream.script_path(path(run), [SAMPLE])
    logs.refresh(run, timezone.now())
    store(answer(run.uuid, status="success"))
    run.refresh_from_db()
    assert run.shown_error is None


def test_only_one_takes_a_due_log(upstream: Simulator) -> None:
    failed(ended_at=stamp(timezone.now() - timedelta(minutes=5)))
    assert [len(logs.lease_due(5, timezone.now())) for _ in range(2)] == [1, 0]


def test_the_simulator_archives_a_log_30_seconds_after_the_end(upstream: Simulator) -> None:
    for seed, cause in ((0, "out-of-memory"), (1, "misfit"), (2, "missing-model")):
        run = failed()
        Run.objects.filter(pk=run.pk).update(uuid=upstream.id("fail-midway", seed=seed, age=300))
        run.refresh_from_db()
        assert logs.refresh(run, timezone.now())
        run.refresh_from_db()
        assert run.log_error and run.log_error["cause"] == cause
        assert run.log_error["exception_type"] and run.log_error["traceback"]


def test_the_log_of_a_run_that_was_removed_meanwhile_is_dropped(upstream: Simulator) -> None:
    run = failed()
    upstream.script_path(path(run), [SAMPLE])
    Run.objects.filter(pk=run.pk).delete()
    logs.refresh(run, timezone.now())
    assert not RunLog.objects.exists()


def next_in(run: Run, since: Any) -> timedelta:
    run.refresh_from_db()
    assert run.log_next_at
    return run.log_next_at - since


@pytest.mark.parametrize("reply", [(401, {}, b"{}"), (429, {"retry-after": "5"}, b"{}"), None])
def test_what_is_about_everybody_uses_up_no_try(
    upstream: Simulator, settings: Any, reply: object
) -> None:
    run, now = failed(), timezone.now()
    if reply:
        upstream.script_path(path(run), [reply])
    else:
        settings.COMFYDEPLOY_API_URL = "http://127.0.0.1:9/api"
    for _ in range(2 * len(logs.RETRY_WAITS)):
        assert not logs.refresh(run, now)
        assert timedelta(minutes=5) <= next_in(run, now) <= timedelta(minutes=5.5)
    assert run.log_tries == 0
    assert not RunLog.objects.exists()
    logs.refresh(run, now + logs.ARCHIVED_FOR + timedelta(hours=1))
    assert RunLog.objects.get(pk=run.pk).trouble


def test_while_comfydeploy_fails_it_is_asked_for_hourly_for_a_day(upstream: Simulator) -> None:
    run, now = failed(), timezone.now()
    upstream.script_path(path(run), [(500, {}, b"no")])
    waits = []
    while not logs.refresh(run, now) and not RunLog.objects.exists():
        waits.append(next_in(run, now))
    assert len(waits) == len(logs.RETRY_WAITS) + 24
    assert all(wait >= timedelta(hours=1) for wait in waits[-24:])


def test_opening_the_log_of_a_run_that_could_not_be_had_asks_again(upstream: Simulator) -> None:
    run, now = failed(), timezone.now()
    upstream.script_path(path(run), [(500, {}, b"no")])
    Run.objects.update(log_tries=99)
    run.refresh_from_db()
    logs.refresh(run, now)
    run.refresh_from_db()
    kept = logs.open_log(run, {}, now)
    assert kept and kept.trouble == "server-error"
    assert len(upstream.requests_at(path(run))) == 1, "not at every look"
    upstream.script_path(path(run), [SAMPLE])
    RunLog.objects.update(fetched_at=now - timedelta(minutes=11))
    kept = logs.open_log(run, {}, timezone.now())
    assert kept and kept.body and kept.trouble is None


def test_an_empty_log_stays_empty_however_often_it_is_opened(upstream: Simulator) -> None:
    run, now = failed(), timezone.now()
    upstream.script_path(path(run), [b"[]"])
    run.log_tries = len(logs.RETRY_WAITS)
    logs.refresh(run, now)
    run.refresh_from_db()
    assert logs.open_log(run, {}, now + timedelta(days=1))
    assert len(upstream.requests_at(path(run))) == 1


def test_a_killed_run_has_a_cause_and_an_exit_code_but_no_text(upstream: Simulator) -> None:
    run = failed()
    upstream.script_path(path(run), [(SAMPLES / "logs" / "import-then-killed.json").read_bytes()])
    logs.refresh(run, timezone.now())
    run.refresh_from_db()
    assert run.log_error and run.log_error["message"] is None
    assert (run.log_error["cause"], run.log_error["exit_code"]) == ("killed", 137)


def test_what_comfydeploy_adds_to_a_log_is_neither_stored_nor_shown(upstream: Simulator) -> None:
    run, now = failed(), timezone.now()
    sample = SAMPLES / "related" / "run_logs_with_webhook.json"
    upstream.script_path(path(run), [sample.read_bytes()])
    logs.refresh(run, now)
    kept = RunLog.objects.get(pk=run.pk)
    assert kept.body.endswith("got prompt") and kept.lines == 1
    earlier = 'x\n2026-11-26T22:19:59.857000Z {"type": "webhook", "url": "https://h.example"}\n'
    RunLog.objects.update(body=earlier + "2026-11-26T22:20:05.067000Z __END__\n\x1b[31my", lines=4)
    run.refresh_from_db()
    shown = logs.open_log(run, {}, now)
    assert shown and (shown.body, shown.lines) == ("x\ny", 2)


@pytest.mark.parametrize(
    ("ended", "waits", "tries", "state"),
    [
        (timedelta(seconds=10), True, 0, "soon"),
        (timedelta(hours=11), True, 0, "late"),
        (timedelta(hours=11), True, 3, "late"),
        (timedelta(hours=11), False, 1, "read"),
        (timedelta(days=40), False, 0, "never-asked"),
    ],
)
def test_a_log_is_promised_only_soon_after_the_end(
    ended: timedelta, waits: bool, tries: int, state: str
) -> None:
    now = timezone.now()
    run = Run(status="failed", ended_at=now - ended, log_tries=tries, observed_at=now)
    run.log_next_at = now if waits else None
    assert logs.state_of(run, now) == state
    run.observed_at = None
    assert logs.state_of(run, now) == "unfetched"
