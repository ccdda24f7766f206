"""Logs of runs that failed or timed out: requested, masked, stored and read for the error."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.entries import shown_text
from dashboard.domain.logs.masking import mask_lines
from dashboard.domain.logs.run_log import LogError, read_error
from dashboard.domain.logs.stored_log import LOG_READER_VERSION
from dashboard.domain.polling.trouble import Trouble
from dashboard.domain.run.facts import StoredError
from dashboard.models import Run, RunLog, SharedState
from dashboard.models.run_queryset import FAILED
from dashboard.presentation.format import iso
from dashboard.presentation.run.failure import LogState
from dashboard.services.comfydeploy import gate, shared_state
from dashboard.services.comfydeploy.api_requests import SHARED_TROUBLES, get_body
from dashboard.services.jitter import jittered
from dashboard.services.leases import lease
from dashboard.services.runs import search_index
from dashboard.upstream.directory import log_path, read_log
from dashboard.upstream.errors import UpstreamError

log = logging.getLogger(__name__)
FIRST_WAIT = timedelta(seconds=35)  # ComfyDeploy archives a log within some 30 s of the end
RETRY_WAITS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 900))
HOURLY_WAITS = (timedelta(hours=1),) * 24  # after these, while ComfyDeploy itself fails
SHARED_TROUBLE_WAIT = timedelta(minutes=5)
REOPEN_WAIT = timedelta(minutes=10)
ARCHIVED_FOR = timedelta(days=30)  # by ComfyDeploy
SOON = timedelta(minutes=2)


def due_from(
    run: Run, before: tuple[str | None, datetime | None], now: datetime
) -> datetime | None:
    """When to request the log of a run that has just failed; None where there is no reason.

    `before` is the status and the end as they were stored before. Neither asks nor writes.
    """
    if run.status not in FAILED or (run.status, run.ended_at) == before:
        return None
    end = run.ended_at or run.updated_at or now
    return None if now - end > ARCHIVED_FOR else max(now, end + FIRST_WAIT)


def schedule(run: Run, at: datetime) -> None:
    """Plans the request for a run's log, with its tries counted anew. Writes only."""
    run.log_next_at, run.log_tries = at, 0
    Run.objects.filter(pk=run.pk).update(log_next_at=at, log_tries=0)


def lease_due(limit: int, now: datetime) -> list[Run]:
    """Leases up to `limit` runs whose log is due. Writes only."""
    return lease(_due_columns(), "log_next_at", limit, now)


def _due_columns() -> QuerySet[Run]:
    return Run.objects.only(
        *("uuid", "status", "started_at", "ended_at", "updated_at", "first_seen_at"),
        *("log_next_at", "log_tries", "error", "list_error", "version"),
    )


def refresh(run: Run, now: datetime) -> bool:
    """Asks ComfyDeploy for a run's log once and stores it; True when there was one.

    Asks and writes. An empty log or a failure is tried again, five times over some
    25 minutes, and hourly for a day where ComfyDeploy failed. Troubles that concern
    all requests (no network, the key, a limit) do not count as a try. Raises nothing
    of upstream.
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
        _store(run, lines, now, cut=len(lines) < len(sent))
        return True
    # A time-out counts: it may be this log's size.
    counted = trouble not in SHARED_TROUBLES or trouble == Trouble.TIMED_OUT
    wait = _next_wait(run, trouble) if counted else _wait_while_archived(run, now)
    if wait is None:
        _store_none(run, trouble, now)
    else:
        seconds = jittered(max(wait.total_seconds(), retry_after))
        Run.objects.filter(pk=run.pk).update(
            log_next_at=now + timedelta(seconds=seconds), log_tries=F("log_tries") + int(counted)
        )
    return False


def _next_wait(run: Run, trouble: str | None) -> timedelta | None:
    waits = RETRY_WAITS + HOURLY_WAITS if trouble == Trouble.SERVER_ERROR else RETRY_WAITS
    return waits[run.log_tries] if run.log_tries < len(waits) else None


def _wait_while_archived(run: Run, now: datetime) -> timedelta | None:
    """Five minutes, as long as ComfyDeploy still has the log."""
    end = run.ended_at or run.updated_at or run.first_seen_at
    return None if now - end > ARCHIVED_FOR else SHARED_TROUBLE_WAIT


def _store(run: Run, lines: list[LogLine], now: datetime, *, cut: bool) -> None:
    error = error_of(run, lines)
    with transaction.atomic():
        run.log_error = error
        if not _finish(run, log_error=error, **run.error_columns()):
            return  # the run was removed meanwhile
        search_index.index_runs([run.pk])
        RunLog.objects.update_or_create(
            run=run,
            defaults={
                "body": as_text(lines),
                "lines": len(lines),
                "cut": cut,
                "fetched_at": now,
                "trouble": None,
                "reader_version": LOG_READER_VERSION,
            },
        )


def _store_none(run: Run, trouble: str | None, now: datetime) -> None:
    with transaction.atomic():
        if _finish(run):
            values: dict[str, object] = {"fetched_at": now, "trouble": trouble}
            values["reader_version"] = LOG_READER_VERSION
            stored, created = RunLog.objects.get_or_create(run=run, defaults=values)
            if not created and not stored.body:
                RunLog.objects.filter(pk=run.pk).update(**values)


def _finish(run: Run, **changes: object) -> int:
    """Plans no further request; returns 0 where the run has been removed."""
    return Run.objects.filter(pk=run.pk).update(
        log_next_at=None,
        log_tries=F("log_tries") + 1,
        extras_version=F("extras_version") + 1,
        **changes,
    )


def error_of(run: Run, lines: list[LogLine]) -> StoredError | None:
    """The error that a run's log tells, as it is stored."""
    return _as_dict(read_error(lines, started=run.started_at is not None))


def _as_dict(error: LogError | None) -> StoredError | None:
    """An error as it is stored: `message` is None where only the process's end is told."""
    if error is None:
        return None
    stored = error.error.stored()
    stored["message"] = error.error.message or None
    stored["cause"], stored["exit_code"] = error.cause, error.exit_code
    return stored


def as_text(lines: list[LogLine]) -> str:
    """A log as it is stored and shown: an entry a line, each after its time."""
    return "\n".join(f"{iso(line.at)} {line.text}" if line.at else line.text for line in lines)


def open_log(run: Run, shared: dict[str, SharedState], now: datetime) -> RunLog | None:
    """The stored log of a run whose log section is opened; plans a request if there is none.

    Writes; asks ComfyDeploy here only if no watcher is alive.
    """
    stored = stored_log(run)
    if not run.finished or (stored and not _may_be_retried(stored, now)):
        return stored
    if run.log_next_at is None:
        schedule(run, now)
    refresh_if_due(run, shared, now)
    return stored_log(run)


def stored_log(run: Run) -> RunLog | None:
    """The stored log, without the lines that earlier releases kept and that are never shown."""
    found = RunLog.objects.filter(pk=run.pk).first()
    if found and found.body and (body := shown_text(found.body)) != found.body:
        found.body, found.lines = body, len(body.split("\n"))
    return found


def _may_be_retried(stored: RunLog, now: datetime) -> bool:
    """Whether the last try failed, more than 10 minutes ago."""
    return stored.trouble is not None and now - stored.fetched_at > REOPEN_WAIT


def refresh_if_due(run: Run, shared: dict[str, SharedState], now: datetime) -> None:
    """Asks for a due log and stores it, if no watcher is alive and the gate is open."""
    if run.log_next_at is None or run.log_next_at > now or shared_state.watcher_alive(shared, now):
        return
    if gate.current_stop(now) is not None:
        return
    for leased in lease(_due_columns().filter(pk=run.pk), "log_next_at", 1, now):
        refresh(leased, now)
    run.reread()


def is_awaited(run: Run, now: datetime) -> bool:
    """Whether a log may arrive within 2 minutes, so that an open page goes on polling."""
    return run.log_next_at is not None and run.log_next_at - now < SOON


def state_of(run: Run, now: datetime) -> LogState:
    """How far the log of a run that failed has come. Neither asks nor writes."""
    if not run.fetched:
        return LogState.UNFETCHED
    if run.log_next_at is not None:
        end = run.ended_at or run.updated_at
        return LogState.SOON if end and now - end < SOON else LogState.LATE
    return LogState.READ if run.log_tries else LogState.NEVER_ASKED
