"""The one door to ComfyDeploy for every view: fetch a run, look at a run."""

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
from dashboard.services.runs.claims import claim, release, unless_failed
from dashboard.services.runs.refresh import looked_interval, refresh
from dashboard.upstream.errors import UpstreamError

LOOK_EVERY = timedelta(seconds=10)
MIN_GAP = timedelta(seconds=2)
LINKS_END_SOON = timedelta(minutes=5)
LINKS_RETRY = timedelta(minutes=5)
INLINE_AT_ONCE = 4
OTHER_REFRESH_WAIT = 25.0

# A page waits for a first look: with ComfyDeploy hanging, these must not take every thread.
FIRST_LOOKS_AT_ONCE = 8
FIRST_LOOK_QUEUE_WAIT = 3.0

_inline = threading.BoundedSemaphore(INLINE_AT_ONCE)
_first = threading.BoundedSemaphore(FIRST_LOOKS_AT_ONCE)


def fetch_run(run_id: UUID) -> Run:
    """Asks ComfyDeploy for a run now, stores what it says and gives the stored run.

    One request, whoever else wants the same run at the same time: the others
    wait for its answer. Raises a named UpstreamError (`upstream/errors.py`)
    when ComfyDeploy has not answered well, NotAsked (`services/manners.py`)
    when it may not be asked at the moment; what was stored before stays.
    """
    return _fetch(run_id)


def _fetch(run_id: UUID, *, if_unanswered: bool = False) -> Run:
    run = track_run(run_id)
    token = claim(run, clock.now(), even_if_not_due=True)
    if token is None:
        return _wait_for_other(run)
    with unless_failed(run, token):
        run.reread()
        if if_unanswered and not _unanswered(run, clock.now()):
            release(token)  # somebody else has asked between our look and our claim
            return run
        gate.admit_first()
    refresh(run, token)
    return run


def _unanswered(run: Run, now: datetime) -> bool:
    return not run.seen and (run.trouble is None or _may_ask_again(run, now))


def track_run(run_id: UUID) -> Run:
    """The row of a run, made unseen and due where there is none."""
    now = clock.checked()
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
    """A run as a page opens it; `refusal` is why it was not asked for where it was never seen."""

    run: Run
    refusal: Refusal | None = None

    def retry_after(self, now: datetime) -> int:
        """Whole seconds until it may be tried again, at least 1."""
        at = self.refusal.retry_at if self.refusal else self.run.next_refresh_at
        return max(1, ceil((at - now).total_seconds())) if at else 1


def open_run(run_id: UUID) -> OpenedRun:
    """The run as a page shows it: fetched when it was never seen, else as stored.

    Opening is looking. A run that could not be fetched comes back unseen, with
    its trouble; a page of a run that was seen never waits for ComfyDeploy.
    """
    run = Run.objects.filter(uuid=run_id).first()
    opened = OpenedRun(run) if run and run.seen else _first_look(run_id, run)
    return OpenedRun(look(opened.run)) if opened.run.seen else opened


def _first_look(run_id: UUID, run: Run | None) -> OpenedRun:
    now = clock.checked()
    if run and run.trouble and not _may_ask_again(run, now):
        return OpenedRun(run)
    stopped = gate.refusal(now)
    if not _first.acquire(timeout=0 if stopped else FIRST_LOOK_QUEUE_WAIT):
        # Due for the watcher; the page says that it is being asked for.
        return OpenedRun(track_run(run_id), stopped)
    try:
        found = _fetch(run_id, if_unanswered=True)
        unasked = not found.seen and not found.trouble
        return OpenedRun(found, gate.refusal(now) if unasked else None)
    except gate.GateClosed as error:
        return OpenedRun(Run.objects.get(uuid=run_id), error.refusal)
    except UpstreamError:
        return OpenedRun(Run.objects.get(uuid=run_id))
    finally:
        _first.release()


def _may_ask_again(run: Run, now: datetime) -> bool:
    """Not within 2 s of the last try, nor before the time a limit has named."""
    if run.asked_at is not None and now - run.asked_at < MIN_GAP:
        return False
    until = run.next_refresh_at if run.trouble == Trouble.RATE_LIMITED else None
    return until is None or until <= now


def look(run: Run) -> Run:
    """Notes that somebody looks, which brings the next refresh forward; never fails a page."""
    now = clock.checked()
    wanted = _wanted_refresh(run, now)
    changes: dict[str, datetime] = {}
    if run.looked_at is None or now - run.looked_at >= LOOK_EVERY:
        changes["looked_at"] = now
    if wanted is not None and (run.next_refresh_at is None or wanted < run.next_refresh_at):
        changes["next_refresh_at"] = wanted
    if changes:
        try:
            Run.objects.filter(pk=run.pk).update(**changes)
            database_health.worked()
        except DatabaseError as error:
            database_health.failed(error)
            return run
        for name, value in changes.items():
            setattr(run, name, value)
    return run


def _wanted_refresh(run: Run, now: datetime) -> datetime | None:
    """When a looker wants the run refreshed; None where the pace stands as it is."""
    if run.finished:
        return now if _links_need_renewal(run, now) else None
    interval = None if run.failures else looked_interval(run, now)
    if interval is None:
        return None
    wanted = max(now, (run.observed_at or now) + timedelta(seconds=interval))
    # Within the jitter it stands as it is: not every poll has to write.
    near = timedelta(seconds=interval * 0.2 + 0.5)
    return wanted if run.next_refresh_at is None or run.next_refresh_at - wanted > near else None


def _links_need_renewal(run: Run, now: datetime) -> bool:
    """Whether signed links have ended or soon will, and were not asked for just now."""
    if run.links_end_at is None or run.links_end_at - now > LINKS_END_SOON:
        return False
    return run.asked_at is None or now - run.asked_at > LINKS_RETRY


def poll(run: Run, shared: dict[str, SharedState]) -> Run:
    """What happens on every poll: look, and refresh here when due and no watcher lives."""
    now = clock.checked()
    run = look(run)
    due = run.next_refresh_at is not None and run.next_refresh_at <= now
    if not due or shared_state.watcher_alive(shared, now) or not gate.may_ask(now):
        return run
    if not _inline.acquire(blocking=False):
        return run
    try:
        return refresh_now(run)
    except DatabaseError as error:
        database_health.failed(error)
        return run
    finally:
        _inline.release()


def refresh_now(run: Run, *, even_if_not_due: bool = False) -> Run:
    """Refreshes under a claim, or leaves it to whoever holds it; trouble is stored, not raised."""
    token = claim(run, clock.checked(), even_if_not_due=even_if_not_due)
    if token is None:
        return run
    with unless_failed(run, token):
        run.reread()
        if not gate.admit():
            release(token)
            return run
    try:
        refresh(run, token)
    except UpstreamError:
        run.reread()
    return run


def refresh_on_request(run: Run) -> Run:
    """The Refresh button: at most one question in 2 s a run, none while a limit runs."""
    if not _may_ask_again(run, clock.checked()):
        return run
    return refresh_now(run, even_if_not_due=True)
