"""The log of a run that failed or timed out: asked for a few times, masked, read for the error."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.run_log import LogError, mask_lines, read_error
from dashboard.domain.polling.trouble import Trouble
from dashboard.models import Run, RunLog, SharedState
from dashboard.models.run import FAILED
from dashboard.presentation.format import iso
from dashboard.services.comfydeploy import gate, shared_state
from dashboard.services.comfydeploy.api_requests import OF_EVERYBODY, get_body
from dashboard.services.jitter import jittered
from dashboard.services.leases import lease
from dashboard.upstream.directory import log_path, read_log
from dashboard.upstream.errors import UpstreamError

log = logging.getLogger(__name__)
FIRST = timedelta(seconds=35)  # ComfyDeploy archives a log within some 30 s of the end
AGAIN = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 900))
HOURLY = (timedelta(hours=1),) * 24  # after these, while ComfyDeploy itself fails
OF_EVERYBODY_AGAIN = timedelta(minutes=5)
LOOKED_AGAIN = timedelta(minutes=10)
KEPT_FOR = timedelta(days=30)
AWAITED = timedelta(minutes=2)


def due_from(
    run: Run, before: tuple[str | None, datetime | None], now: datetime
) -> datetime | None:
    """When to ask for the log of a run that has just been seen to fail; None = not now.

    `before` is the status and the end as they were stored until then.
    """
    if run.status not in FAILED or (run.status, run.ended_at) == before:
        return None
    end = run.ended_at or run.updated_at or now
    return None if now - end > KEPT_FOR else max(now, end + FIRST)


def schedule(run: Run, at: datetime) -> None:
    """Has a run's log asked for at that time, as if never asked before."""
    run.log_next_at, run.log_tries = at, 0
    Run.objects.filter(pk=run.pk).update(log_next_at=at, log_tries=0)


def lease_due(limit: int, now: datetime) -> list[Run]:
    """Takes runs whose log is due."""
    return lease(_due_columns(), "log_next_at", limit, now)


def _due_columns() -> QuerySet[Run]:
    return Run.objects.only(
        *("uuid", "status", "started_at", "ended_at", "updated_at", "first_seen_at"),
        *("log_next_at", "log_tries", "error", "version"),
    )


def fetch(run: Run, now: datetime) -> bool:
    """Asks for a run's log once and keeps it; True when there was one.

    An empty log or a failure is tried again, five times over some 25 minutes, and
    hourly for a day where ComfyDeploy failed. What is about everybody (no network,
    the key, a limit) is no try.
    """
    trouble = None
    lines: list[LogLine] = []
    retry_after = 0.0
    try:
        lines = mask_lines(sent := read_log(get_body(log_path(run.uuid))))
    except UpstreamError as error:
        trouble, retry_after = error.trouble, error.retry_after or 0.0
        log.info("Run %s: no log: %s", run.short_id, error)
    if lines:
        _keep(run, lines, now, cut=len(lines) < len(sent))
        return True
    counted = (
        trouble not in OF_EVERYBODY or trouble == Trouble.TIMED_OUT
    )  # it may be this log's size
    wait = _next_wait(run, trouble) if counted else _while_kept(run, now)
    if wait is None:
        _keep_none(run, trouble, now)
    else:
        seconds = jittered(max(wait.total_seconds(), retry_after))
        Run.objects.filter(pk=run.pk).update(
            log_next_at=now + timedelta(seconds=seconds), log_tries=F("log_tries") + int(counted)
        )
    return False


def _next_wait(run: Run, trouble: str | None) -> timedelta | None:
    waits = AGAIN + HOURLY if trouble == Trouble.SERVER_ERROR else AGAIN
    return waits[run.log_tries] if run.log_tries < len(waits) else None


def _while_kept(run: Run, now: datetime) -> timedelta | None:
    """For as long as ComfyDeploy keeps logs."""
    end = run.ended_at or run.updated_at or run.first_seen_at
    return None if now - end > KEPT_FOR else OF_EVERYBODY_AGAIN


def _keep(run: Run, lines: list[LogLine], now: datetime, *, cut: bool) -> None:
    found = read_error(lines, started=run.started_at is not None)
    with transaction.atomic():
        if not _end(run, log_error=_plain(found)):
            return  # the run was removed meanwhile
        RunLog.objects.update_or_create(
            run=run,
            defaults={
                "body": as_text(lines),
                "lines": len(lines),
                "cut": cut,
                "fetched_at": now,
                "trouble": None,
            },
        )


def _keep_none(run: Run, trouble: str | None, now: datetime) -> None:
    with transaction.atomic():
        if _end(run):
            told = {"fetched_at": now, "trouble": trouble}
            kept, made = RunLog.objects.get_or_create(run=run, defaults=told)
            if not made and not kept.body:
                RunLog.objects.filter(pk=run.pk).update(**told)


def _end(run: Run, **changes: Any) -> int:
    return Run.objects.filter(pk=run.pk).update(
        log_next_at=None,
        log_tries=F("log_tries") + 1,
        extras_version=F("extras_version") + 1,
        **changes,
    )


def _plain(found: LogError | None) -> dict[str, Any] | None:
    if found is None:
        return None
    error = {name: getattr(found.error, name) for name in found.error.__slots__}
    return {**error, "cause": found.cause}


def as_text(lines: list[LogLine]) -> str:
    """A log as it is kept and shown: each entry behind its time."""
    return "\n".join(f"{iso(line.at)} {line.text}" if line.at else line.text for line in lines)


def look(run: Run, shared: dict[str, SharedState], now: datetime) -> RunLog | None:
    """The log of a run whose fold was opened; what was never had is asked for from now on.

    Without a watcher it is fetched here, by whoever takes the job.
    """
    kept = RunLog.objects.filter(pk=run.pk).first()
    if not run.finished or (kept and not _may_be_had(kept, now)):
        return kept
    if run.log_next_at is None:
        schedule(run, now)
    poll(run, shared, now)
    return RunLog.objects.filter(pk=run.pk).first()


def _may_be_had(kept: RunLog, now: datetime) -> bool:
    """Whether it went wrong the last time, which is some minutes ago."""
    return kept.trouble is not None and now - kept.fetched_at > LOOKED_AGAIN


def poll(run: Run, shared: dict[str, SharedState], now: datetime) -> None:
    """Fetches a due log here when no watcher lives."""
    if run.log_next_at is None or run.log_next_at > now or shared_state.watcher_alive(shared, now):
        return
    if gate.current_stop(now) is not None:
        return
    for taken in lease(_due_columns().filter(pk=run.pk), "log_next_at", 1, now):
        fetch(taken, now)
    run.reread()


def is_awaited(run: Run, now: datetime) -> bool:
    """Whether a log may come soon, so that an open page goes on asking for it."""
    return run.log_next_at is not None and run.log_next_at - now < AWAITED
