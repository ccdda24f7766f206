"""How views and commands read and refresh a run.

`fetch_run` asks ComfyDeploy now and writes; raises trouble.
`open_run` asks for a run without an answer only and writes; for a page as it opens.
`look_at` never asks; writes that somebody looks, which brings the next refresh forward.
`look_and_refresh` writes; asks if the run is due and no watcher is alive; for each poll.
`refresh_run` asks and writes if the run is due; `refresh_on_demand`, due or not.
"""

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from django.db import Error as DatabaseError

from dashboard.domain.polling.trouble import Refusal, Trouble
from dashboard.models import Run, SharedState
from dashboard.services import clock, database_health
from dashboard.services.comfydeploy import gate, shared_state
from dashboard.services.runs.claims import claim, release, released_on_error
from dashboard.services.runs.refresh import looked_interval, refresh_claimed, wanted_by_a_look
from dashboard.upstream.errors import UpstreamError

LOOK_WRITE_INTERVAL = timedelta(seconds=10)
MIN_GAP = timedelta(seconds=2)
LINKS_END_SOON = timedelta(minutes=5)
LINKS_RETRY = timedelta(minutes=5)
MAX_INLINE_REFRESHES = 4
OTHER_REFRESH_WAIT = 25.0

# The page of an unseen run waits for ComfyDeploy: while it hangs, these must not take all threads.
MAX_FIRST_FETCHES = 8
FIRST_FETCH_WAIT = 3.0

_inline_refreshes = threading.BoundedSemaphore(MAX_INLINE_REFRESHES)
_first_fetches = threading.BoundedSemaphore(MAX_FIRST_FETCHES)


def fetch_run(run_id: UUID) -> Run:
    """Asks ComfyDeploy for a run now, stores the answer and returns the stored run.

    Asks and writes. Concurrent callers share one request: the others wait up to
    25 s for its answer. Raises an UpstreamError (`upstream/errors.py`) when
    ComfyDeploy gives no good answer, and GateClosed (`comfydeploy/gate.py`) when
    it may not be asked at the moment; what was stored before stays.
    """
    return _fetch(run_id)


def _fetch(run_id: UUID, *, only_if_unfetched: bool = False) -> Run:
    run = track_run(run_id)
    token = claim(run, clock.now(), even_if_not_due=True)
    if token is None:
        return _wait_for_other(run)
    with released_on_error(run, token):
        run.reread()
        if only_if_unfetched and not _needs_first_fetch(run, clock.now()):
            release(token)  # another process has asked since we read the row
            return run
        gate.admit_first()
    refresh_claimed(run, token)
    return run


def _needs_first_fetch(run: Run, now: datetime) -> bool:
    return not run.fetched and (run.trouble is None or _may_ask_again(run, now))


def track_run(run_id: UUID) -> Run:
    """Returns the row of a run; writes one, unseen and due, where there is none. Never asks."""
    now = clock.synchronized_now()
    run, _ = Run.objects.get_or_create(
        uuid=run_id, defaults={"first_seen_at": now, "sorted_at": now, "next_refresh_at": now}
    )
    return run


def _wait_for_other(run: Run) -> Run:
    end = time.monotonic() + OTHER_REFRESH_WAIT
    while time.monotonic() < end:
        run.reread()
        if run.claimed_until is None or run.claimed_until < clock.now():
            break
        time.sleep(0.05)
    return run


@dataclass(frozen=True, slots=True)
class OpenedRun:
    """A run as a page opens it; `refusal` says why one without an answer was not asked for."""

    run: Run
    refusal: Refusal | None = None

    def retry_after(self, now: datetime) -> int:
        """Whole seconds until the next try is allowed, at least 1."""
        at = self.refusal.retry_at if self.refusal else self.run.next_refresh_at
        return max(1, ceil((at - now).total_seconds())) if at else 1


def open_run(run_id: UUID) -> OpenedRun:
    """Returns the run as a page shows it: fetched if it never was, else as stored.

    Asks ComfyDeploy for a run without an answer only, and writes: opening counts
    as a look. A run that could not be fetched comes back unseen, or as a list
    tells of it, with its trouble; nothing of upstream is raised.
    """
    run = Run.objects.filter(uuid=run_id).first()
    opened = OpenedRun(run) if run and run.fetched else _open_unfetched(run_id, run)
    return OpenedRun(look_at(opened.run)) if opened.run.seen else opened


def open_listed(run: Run) -> Run:
    """Opens a run that only a list has told of, and so asks for it once; others stay as read."""
    return open_run(run.uuid).run if run.seen and not run.fetched else run


def _open_unfetched(run_id: UUID, run: Run | None) -> OpenedRun:
    now = clock.synchronized_now()
    if run and run.trouble and not _may_ask_again(run, now):
        return OpenedRun(run)
    refusal = gate.refusal(now)
    if not _first_fetches.acquire(timeout=0 if refusal else FIRST_FETCH_WAIT):
        # Due for the watcher; the page says that it is being asked for.
        return OpenedRun(track_run(run_id), refusal)
    try:
        fetched = _fetch(run_id, only_if_unfetched=True)
        unasked = not fetched.fetched and not fetched.trouble
        return OpenedRun(fetched, gate.refusal(now) if unasked else None)
    except gate.GateClosed as error:
        return OpenedRun(Run.objects.get(uuid=run_id), error.refusal)
    except UpstreamError:
        return OpenedRun(Run.objects.get(uuid=run_id))
    finally:
        _first_fetches.release()


def _may_ask_again(run: Run, now: datetime) -> bool:
    """Whether the last request is 2 s ago and no rate limit still runs."""
    if run.asked_at is not None and now - run.asked_at < MIN_GAP:
        return False
    until = run.next_refresh_at if run.trouble == Trouble.RATE_LIMITED else None
    return until is None or until <= now


def look_at(run: Run) -> Run:
    """Records that somebody looks at a run, which brings its next refresh forward.

    Never asks. Writes at most every 10 s a run; a failed write is recorded in
    `database_health` and not raised.
    """
    now = clock.synchronized_now()
    wanted = _refresh_wanted_at(run, now)
    changes: dict[str, datetime] = {}
    if run.looked_at is None or now - run.looked_at >= LOOK_WRITE_INTERVAL:
        changes["looked_at"] = now
    if wanted is not None and (run.next_refresh_at is None or wanted < run.next_refresh_at):
        changes["next_refresh_at"] = wanted
    if changes:
        try:
            Run.objects.filter(pk=run.pk).update(**changes)
            database_health.record_success()
        except DatabaseError as error:
            database_health.record_failure(error)
            return run
        for name, value in changes.items():
            setattr(run, name, value)
    return run


def _refresh_wanted_at(run: Run, now: datetime) -> datetime | None:
    """When a run that is looked at should be refreshed; None = as planned."""
    if not run.fetched and not run.failures:
        return now
    if run.finished:
        return now if _links_need_renewal(run, now) or wanted_by_a_look(run, now) else None
    interval = None if run.failures else looked_interval(run, now)
    if interval is None:
        return None
    wanted = max(now, (run.observed_at or now) + timedelta(seconds=interval))
    # A plan within the jitter stays: not every poll has to write.
    tolerance = timedelta(seconds=interval * 0.2 + 0.5)
    planned = run.next_refresh_at
    return wanted if planned is None or planned - wanted > tolerance else None


def _links_need_renewal(run: Run, now: datetime) -> bool:
    """Whether signed links end within 5 min, and the last request is more than 5 min ago."""
    if run.links_end_at is None or run.links_end_at - now > LINKS_END_SOON:
        return False
    return run.asked_at is None or now - run.asked_at > LINKS_RETRY


def look_and_refresh(run: Run, shared: dict[str, SharedState]) -> Run:
    """What each poll of an open page does: looks, and refreshes a due run if no watcher is alive.

    Writes; asks ComfyDeploy at most four at a time in a process. Trouble is
    stored, not raised.
    """
    now = clock.synchronized_now()
    run = look_at(run)
    due = run.next_refresh_at is not None and run.next_refresh_at <= now
    if not due or shared_state.watcher_alive(shared, now) or not gate.may_ask(now):
        return run
    if not _inline_refreshes.acquire(blocking=False):
        return run
    try:
        return refresh_run(run)
    except DatabaseError as error:
        database_health.record_failure(error)
        return run
    finally:
        _inline_refreshes.release()


def refresh_run(run: Run, *, on_demand: bool = False) -> Run:
    """Claims a run, asks ComfyDeploy for it and stores the answer.

    Does neither where another process holds the claim, the run is not due (unless
    on demand), or the gate refuses. Trouble is stored, not raised.
    """
    token = claim(run, clock.synchronized_now(), even_if_not_due=on_demand)
    if token is None:
        return run
    with released_on_error(run, token):
        run.reread()
        if not (gate.admit_on_demand() if on_demand else gate.admit()):
            release(token)
            return run
    try:
        refresh_claimed(run, token)
    except UpstreamError:
        run.reread()
    return run


def refresh_on_demand(run: Run) -> Run:
    """Refreshes a run for "Try now" and "Check again", due or not. Asks and writes.

    At most one request in 2 s a run, and none while a rate limit runs. While
    requests are stopped for another reason, it is sent as a probe.
    """
    if not _may_ask_again(run, clock.synchronized_now()):
        return run
    return refresh_run(run, on_demand=True)
