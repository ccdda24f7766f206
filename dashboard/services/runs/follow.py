"""Following a workflow or deployment: its newest runs are listed and the new ones tracked."""

import logging
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from dashboard.domain.listing import DEPLOYMENT, WORKFLOW, ListedRun
from dashboard.domain.polling.trouble import Trouble
from dashboard.models import Follow, RemovedRun, Run
from dashboard.services.comfydeploy.api_requests import get_body, wait_for_token
from dashboard.services.jitter import jittered
from dashboard.services.runs import names, pasted
from dashboard.services.runs.nudge import nudge
from dashboard.upstream.directory import read_list, runs_path
from dashboard.upstream.errors import UpstreamError

log = logging.getLogger(__name__)
EVERY, LONGEST = 30.0, 600.0
PAGE, MAX_PAGES = 50, 5
LISTING = 20.0  # seconds in which one listing may begin further pages; its lease is a minute
OVERLAP = timedelta(minutes=5)  # clocks differ, and a list may be late by a moment

_UUID = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
_IN_LINK = re.compile(rf"/(workflow|deployment)s?/({_UUID.pattern})", re.IGNORECASE)


def read_target(text: str, kind: str) -> tuple[str, UUID] | None:
    """What to follow, out of an ID or a link; a link says itself of what kind it is."""
    link = _IN_LINK.search(text)
    if link:
        return link[1].lower(), UUID(link[2])
    found = _UUID.search(text)
    return (kind if kind == DEPLOYMENT else WORKFLOW, UUID(found[0])) if found else None


def add(kind: str, target: UUID, now: datetime) -> tuple[Follow, bool]:
    """Follows from now on; False where it was followed already."""
    follow, made = Follow.objects.get_or_create(
        kind=kind, target=target, defaults={"since": now, "next_at": now}
    )
    names.want([(kind, str(target))], now)
    return follow, made


def stop(pk: int) -> None:
    """Follows no longer; the runs that were found stay."""
    Follow.objects.filter(pk=pk).delete()


def look(follow: Follow, now: datetime) -> int:
    """Lists the newest runs and tracks those that are new; how many were.

    What goes wrong is stored with the follow, which is asked again later.
    """
    try:
        listing = _list(follow, now)
    except UpstreamError as error:
        _note_trouble(follow, error, now)
        return 0
    found = _track(listing.rows, now)
    _note(
        follow,
        next_at=now + timedelta(seconds=jittered(EVERY)),
        answered_at=now,
        failures=0,
        trouble=None,
        found=follow.found + found,
        behind_since=listing.behind_since,
        behind_page=listing.behind_page,
        **({"found_at": now} if found else {}),
    )
    return found


@dataclass(frozen=True, slots=True)
class Listing:
    """What was listed; and where to go on when that does not reach back to the last time."""

    rows: list[ListedRun]
    behind_since: datetime | None = None
    behind_page: int = 0


def _list(follow: Follow, now: datetime) -> Listing:
    """The newest page, and older ones back to what the last listing reached.

    A single run may be known by a webhook or a reader, so one such run in a page
    says nothing of those behind it. Past some pages the rest is read next time.
    """
    rows: list[ListedRun] = []
    page, since, behind = 0, follow.answered_at, follow.behind_since
    until = time.monotonic() + LISTING
    for number in range(MAX_PAGES):
        if number and not wait_for_token(until):
            break
        path = runs_path(follow.kind, str(follow.target), limit=PAGE, offset=page * PAGE)
        try:
            sent = read_list(get_body(path, paid=number > 0))
        except UpstreamError as error:
            if not number:
                raise
            log.warning("Following %s: an older page could not be read: %s", follow, error)
            break  # what the newest ones told is not lost
        rows += sent
        page += 1
        if since is None or len(sent) < PAGE:
            return Listing(rows)
        if not _reaches(sent, since, now):
            continue
        if behind is None or behind == since:
            return Listing(rows)
        since, page = behind, max(page, follow.behind_page)
    log.warning("Following %s: not all new runs could be listed; going on next time.", follow)
    return Listing(rows, behind or follow.answered_at, page)


def _reaches(rows: Sequence[ListedRun], since: datetime, now: datetime) -> bool:
    """Whether these reach back to the listing at `since`, so that nothing new is behind them."""
    told = [row.created_at for row in rows if row.created_at]
    if told and min(told) < since - OVERLAP:
        return True
    # With many runs a minute: no sooner than all are known, and not after a pause.
    return (not told or now - since < OVERLAP) and _all_known([row.id for row in rows])


def _all_known(ids: Sequence[UUID]) -> bool:
    known = set(Run.objects.filter(uuid__in=ids).values_list("uuid", flat=True))
    return set(ids) <= known | RemovedRun.among(ids)


def _track(listed: Sequence[ListedRun], now: datetime) -> int:
    """Tracks the new runs, oldest first; a live one that is told to have moved is looked at."""
    known = {
        run.uuid: run
        for run in Run.objects.filter(uuid__in=[row.id for row in listed]).only(
            "uuid", "status", "finished", "deployment_id"
        )
    }
    found = pasted.track_all(
        (row.id for row in reversed(listed) if row.id not in known), again=False
    )
    nudge([row.id for row in listed if row.id in known and _has_moved(known[row.id], row)], now)
    _note_deployments(
        [row for row in listed if row.id not in known or not known[row.id].deployment_id], now
    )
    return found


def _has_moved(run: Run, row: ListedRun) -> bool:
    return run.live and run.status != row.status


def _note_deployments(listed: Sequence[ListedRun], now: datetime) -> None:
    """A run's deployment is told by lists alone."""
    by_deployment: dict[str, list[UUID]] = {}
    for row in listed:
        if row.deployment_id:
            by_deployment.setdefault(row.deployment_id, []).append(row.id)
    for deployment_id, ids in by_deployment.items():
        Run.objects.filter(uuid__in=ids).update(
            deployment_id=deployment_id, extras_version=F("extras_version") + 1
        )
    names.want(((DEPLOYMENT, deployment_id) for deployment_id in by_deployment), now)


def _note_trouble(follow: Follow, error: UpstreamError, now: datetime) -> None:
    failures = follow.failures + 1
    wait = min(LONGEST, EVERY * 2 ** min(failures - 1, 10))
    if error.trouble == Trouble.KEY_REJECTED:
        wait = LONGEST / 2
    wait = max(wait, error.retry_after or 0.0)
    _note(
        follow,
        next_at=now + timedelta(seconds=jittered(wait)),
        failures=failures,
        trouble=error.trouble,
    )
    if follow.trouble != error.trouble:
        log.warning("Following %s: %s", follow, error)


def _note(follow: Follow, **changes: object) -> None:
    Follow.objects.filter(pk=follow.pk).update(**changes)
