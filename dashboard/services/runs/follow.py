"""Following a workflow or deployment: lists its newest runs and tracks the new ones."""

import logging
import re
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import F

from dashboard.domain.listing import DEPLOYMENT, WORKFLOW, ListedRun
from dashboard.domain.polling.trouble import Trouble
from dashboard.models import Follow, RemovedRun, Run
from dashboard.services.comfydeploy.api_requests import get_body, wait_for_token
from dashboard.services.jitter import jittered
from dashboard.services.runs import board, names, pasted
from dashboard.services.runs.nudge import nudge
from dashboard.upstream.directory import read_list, runs_path
from dashboard.upstream.errors import UpstreamError

log = logging.getLogger(__name__)
LIST_INTERVAL, LONGEST_WAIT = 30.0, 600.0  # seconds
PAGE_SIZE, MAX_PAGES = 50, 5
LISTING_TIME = 20.0  # seconds in which a listing may request further pages; its lease is 60 s
OVERLAP = timedelta(minutes=5)  # clocks differ, and a list may lag by a moment

_UUID = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
_IN_LINK = re.compile(rf"/(workflow|deployment)s?/({_UUID.pattern})", re.IGNORECASE)


def read_target(text: str, kind: str) -> tuple[str, UUID] | None:
    """The kind and ID to follow, from an ID or a link (which names its kind); None if neither."""
    link = _IN_LINK.search(text)
    if link:
        return link[1].lower(), UUID(link[2])
    target = _UUID.search(text)
    return (kind if kind == DEPLOYMENT else WORKFLOW, UUID(target[0])) if target else None


def add(kind: str, target: UUID, now: datetime) -> tuple[Follow, bool]:
    """Starts to follow; returns the row, and False where it was followed already. Writes only.

    What was left out is followed again. Its past runs are listed as far back as
    BACKFILL_DAYS says.
    """
    wanted = {"history_from": board.history_from(now)}
    follow, made = Follow.objects.get_or_create(
        kind=kind, target=target, defaults={"since": now, "next_at": now, **wanted}
    )
    if follow.left_out_at:
        made = True
        _update(follow, left_out_at=None, paused_at=None, paused_by=None, next_at=now)
    names.schedule([(kind, str(target))], now)
    return follow, made


def leave_out(pk: int, now: datetime) -> None:
    """Stops following, also where new workflows join by themselves; the runs stay. Writes only."""
    Follow.objects.filter(pk=pk).update(left_out_at=now)


def pause(pks: Collection[int], user: User | None, now: datetime) -> None:
    """Stops listing these until somebody resumes. Writes only."""
    rows = Follow.objects.active().filter(pk__in=pks)
    rows.update(paused_at=now, paused_by=user)


def resume(pks: Collection[int], now: datetime) -> None:
    """Lists paused ones again, at once and back to where they were. Writes only."""
    rows = Follow.objects.followed().filter(pk__in=pks, paused_at__isnull=False)
    rows.update(paused_at=None, paused_by=None, next_at=now)


def track_new_runs(follow: Follow, now: datetime) -> int:
    """Lists the newest runs of what is followed and tracks the new ones; returns how many.

    Asks and writes. An upstream error is stored with the follow and not raised;
    the next try comes later each time, after 10 minutes at most.
    """
    try:
        listing = _list_runs(follow, now)
    except UpstreamError as error:
        _store_trouble(follow, error, now)
        return 0
    found = _track(listing.rows, now)
    _update(
        follow,
        next_at=now + timedelta(seconds=jittered(LIST_INTERVAL)),
        answered_at=now,
        newest_at=_newest(follow, listing.rows),
        failures=0,
        trouble=None,
        found=follow.found + found,
        behind_since=listing.behind_since,
        behind_page=listing.behind_page,
        **({"found_at": now} if found else {}),
    )
    return found


def _newest(follow: Follow, rows: Sequence[ListedRun]) -> datetime | None:
    """When the newest run that any list of this follow told of was created."""
    created = [row.created_at for row in rows if row.created_at]
    return max([*created, *([follow.newest_at] if follow.newest_at else [])], default=None)


@dataclass(frozen=True, slots=True)
class Listing:
    """The listed runs, and where to go on if they do not reach back to the last listing."""

    rows: list[ListedRun]
    behind_since: datetime | None = None
    behind_page: int = 0


def _list_runs(follow: Follow, now: datetime) -> Listing:
    """The newest page, and older ones back to what the last listing reached.

    One known run on a page does not mean that those behind it are known: it may
    come from a webhook or a paste. After five pages the rest is left to the next
    listing.
    """
    rows: list[ListedRun] = []
    page, since, behind = 0, follow.answered_at, follow.behind_since
    until = time.monotonic() + LISTING_TIME
    for number in range(MAX_PAGES):
        if number and not wait_for_token(until):
            break
        path = runs_path(follow.kind, str(follow.target), limit=PAGE_SIZE, offset=page * PAGE_SIZE)
        try:
            listed = read_list(get_body(path, token_taken=number > 0))
        except UpstreamError as error:
            if not number:
                raise
            log.warning("Following %s: an older page could not be read: %s", follow, error)
            break  # the newer pages are used all the same
        rows += listed
        page += 1
        if since is None or len(listed) < PAGE_SIZE:
            return Listing(rows)
        if not _reaches_back(listed, since, now):
            continue
        if behind is None or behind == since:
            return Listing(rows)
        since, page = behind, max(page, follow.behind_page)
    log.warning("Following %s: not all new runs could be listed; going on next time.", follow)
    return Listing(rows, behind or follow.answered_at, page)


def _reaches_back(rows: Sequence[ListedRun], since: datetime, now: datetime) -> bool:
    """Whether the rows reach back to the listing at `since`, so that no new run is behind them."""
    created = [row.created_at for row in rows if row.created_at]
    if created and min(created) < since - OVERLAP:
        return True
    # A page of younger runs: only if all are known, and the last listing is recent.
    return (not created or now - since < OVERLAP) and _all_known([row.id for row in rows])


def _all_known(ids: Sequence[UUID]) -> bool:
    known = set(Run.objects.filter(uuid__in=ids).values_list("uuid", flat=True))
    return set(ids) <= known | RemovedRun.among(ids)


def _track(listed: Sequence[ListedRun], now: datetime) -> int:
    """Tracks the new runs, oldest first, and nudges those that the list knows otherwise."""
    known = {
        run.uuid: run
        for run in Run.objects.filter(uuid__in=[row.id for row in listed]).only(
            "uuid", "status", "finished", "deployment_id"
        )
    }
    tracked = pasted.track_all(
        (row.id for row in reversed(listed) if row.id not in known), even_if_removed=False
    )
    nudge([row.id for row in listed if row.id in known and _has_moved(known[row.id], row)], now)
    _store_deployments(
        [row for row in listed if row.id not in known or not known[row.id].deployment_id], now
    )
    return tracked


def _has_moved(run: Run, row: ListedRun) -> bool:
    """Whether the list has another status than ours: an assumed timeout may have come back."""
    return run.seen and row.status is not None and run.status != row.status


def _store_deployments(listed: Sequence[ListedRun], now: datetime) -> None:
    """Stores each run's deployment, which only lists contain."""
    by_deployment: dict[str, list[UUID]] = {}
    for row in listed:
        if row.deployment_id:
            by_deployment.setdefault(row.deployment_id, []).append(row.id)
    for deployment_id, ids in by_deployment.items():
        Run.objects.filter(uuid__in=ids).update(
            deployment_id=deployment_id, extras_version=F("extras_version") + 1
        )
    names.schedule(((DEPLOYMENT, deployment_id) for deployment_id in by_deployment), now)


def _store_trouble(follow: Follow, error: UpstreamError, now: datetime) -> None:
    failures = follow.failures + 1
    wait = min(LONGEST_WAIT, LIST_INTERVAL * 2 ** min(failures - 1, 10))
    if error.trouble == Trouble.KEY_REJECTED:
        wait = LONGEST_WAIT / 2
    wait = max(wait, error.retry_after or 0.0)
    _update(
        follow,
        next_at=now + timedelta(seconds=jittered(wait)),
        failures=failures,
        trouble=error.trouble,
    )
    if follow.trouble != error.trouble:
        log.warning("Following %s: %s.", follow, error.trouble)


def _update(follow: Follow, **changes: object) -> None:
    Follow.objects.filter(pk=follow.pk).update(**changes)
