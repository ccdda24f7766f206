"""Lists of runs: asks for the newest runs of what is followed, each list at its own pace."""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q

from dashboard.domain.listing import ListedRun, RunPage
from dashboard.domain.polling.listing_pace import AGES, MOST, interval, stretch, turn
from dashboard.domain.polling.trouble import Trouble
from dashboard.models import Follow, RemovedRun, Run
from dashboard.services.comfydeploy.api_requests import get_body, wait_for_token
from dashboard.services.jitter import jittered
from dashboard.services.runs import listed
from dashboard.services.runs.directory import TABLES
from dashboard.upstream.directory import read_list, runs_path
from dashboard.upstream.errors import UpstreamError

log = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT, DELETED_WAIT = 30.0, 600.0, 3600.0  # seconds
PAGE_SIZE, MAX_PAGES = 50, 5
LISTING_TIME = 20.0  # seconds in which a listing may request further pages; its lease is 60 s
OVERLAP = timedelta(minutes=5)  # clocks differ, and a list may lag by a moment
COUNT_EVERY = 10.0  # seconds between two counts of the lists in a process

_lock = threading.Lock()
_last_load: tuple[float, "_Load"] | None = None


def track_new_runs(follow: Follow, now: datetime) -> int:
    """Lists the newest runs of what is followed and stores the new ones; returns how many.

    Asks and writes. An upstream error is stored with the follow and not raised;
    the next try comes later each time, after 10 minutes at most.
    """
    if _is_deleted(follow):
        _update(follow, next_at=now + timedelta(seconds=jittered(DELETED_WAIT)))
        return 0
    try:
        listing = _list_runs(follow, now)
    except UpstreamError as error:
        _store_trouble(follow, error, now)
        return 0
    found = listed.take(listing.rows, now, target=follow.target, not_before=earliest(follow))
    newest = newest_of(listing.rows, now) or follow.newest_at
    every = pace(newest, now)
    _update(
        follow,
        # Lists that begin together drift apart, and none waits longer than its interval.
        next_at=now + timedelta(seconds=jittered(every / 1.1)),
        every=every,
        newest_at=newest,
        answered_at=now,
        failures=0,
        trouble=None,
        found=follow.found + found,
        behind_since=listing.behind_since,
        behind_page=listing.behind_page,
        **({"found_at": now} if found else {}),
        **_past_runs(follow, listing, now),
    )
    return found


@dataclass(frozen=True, slots=True)
class Listing:
    """The listed runs, and where to go on if they do not reach back to the last listing."""

    rows: list[ListedRun]
    last: RunPage
    behind_since: datetime | None = None
    behind_page: int = 0


def _is_deleted(follow: Follow) -> bool:
    return (
        TABLES[follow.kind]
        ._default_manager.filter(pk=follow.target, deleted_at__isnull=False)
        .exists()
    )


def earliest(follow: Follow) -> datetime | None:
    """From when on runs count that are new to us; None: all do."""
    if follow.history_from is None and not settings.BACKFILL_DAYS:
        return follow.since - OVERLAP
    return follow.history_from


def newest_of(rows: Sequence[ListedRun], now: datetime) -> datetime | None:
    """When the newest of the runs was created; dates in the future do not count."""
    created = [row.created_at for row in rows if row.created_at]
    return max((at for at in created if at <= now + OVERLAP), default=None)


def _past_runs(follow: Follow, listing: Listing, now: datetime) -> dict[str, object]:
    """After the first listing of a list whose past runs are wanted: where to go on with them."""
    if follow.history_from is None or follow.history_done_at or follow.answered_at:
        return {}
    if is_end_of_history(listing.last, PAGE_SIZE, follow.history_from):
        return {"history_done_at": now}
    return {"history_at": now, "history_offset": listing.last.sent}


def is_end_of_history(page: RunPage, wanted: int, since: datetime) -> bool:
    """Whether a page of `wanted` rows is the last one that has runs from `since` on."""
    return page.sent < wanted or (page.reaches is not None and page.reaches < since)


# The pace


def pace(newest: datetime | None, now: datetime) -> float:
    """Seconds between two listings of a list whose newest run was created then."""
    age = None if newest is None else max(0.0, (now - newest).total_seconds())
    return interval(age) * _current_load(now).stretch


def forget() -> None:
    """Drops the last count of the lists, which was for another database."""
    global _last_load
    _last_load = None


class _Load(NamedTuple):
    """What the number of lists does to their pace."""

    stretch: float
    turn: float  # seconds


def _current_load(now: datetime) -> _Load:
    global _last_load
    with _lock:
        last = _last_load
        if last is None or time.monotonic() - last[0] >= COUNT_EVERY:
            counts, rate = _counts(now), min(MOST, settings.UPSTREAM_RATE / 2)
            last = _last_load = time.monotonic(), _Load(stretch(counts, rate), turn(counts, rate))
        return last[1]


def _counts(now: datetime) -> list[int]:
    """How many lists are asked for in each age band of their newest run."""
    edges = [now - timedelta(seconds=age) for age in AGES]
    younger = {
        f"band{n}": Count("pk", filter=Q(newest_at__gt=edge)) for n, edge in enumerate(edges)
    }
    found = Follow.objects.active().aggregate(every=Count("pk"), **younger)
    passed = [0, *(found[f"band{n}"] for n in range(len(AGES))), found["every"]]
    return [later - earlier for earlier, later in zip(passed, passed[1:], strict=False)]


# Paging


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
        try:
            got = ask_for_page(follow, page * PAGE_SIZE, PAGE_SIZE, token_taken=number > 0)
        except UpstreamError as error:
            if not number:
                raise
            log.warning("Following %s: an older page could not be read: %s", follow, error)
            break  # the newer pages are used all the same
        rows += got.runs
        page += 1
        if since is None or got.sent < PAGE_SIZE:
            return Listing(rows, got)
        if not _reaches_back(got, since, now):
            continue
        if behind is None or behind == since:
            return Listing(rows, got)
        since, page = behind, max(page, follow.behind_page)
    log.warning("Following %s: not all new runs could be listed; going on next time.", follow)
    return Listing(rows, got, behind or follow.answered_at, page)


def ask_for_page(
    follow: Follow, offset: int, limit: int, *, token_taken: bool, since: datetime | None = None
) -> RunPage:
    """One page of a list of runs; raises UpstreamError. Asks, never writes."""
    path = runs_path(follow.kind, str(follow.target), limit=limit, offset=offset, since=since)
    body = get_body(path, token_taken=token_taken)
    return read_list(body, cold_after=settings.COLD_START_SECONDS)


def _reaches_back(page: RunPage, since: datetime, now: datetime) -> bool:
    """Whether the page reaches back to the listing at `since`, so that no new run is behind it."""
    oldest = page.reaches
    if oldest and oldest < since - OVERLAP:
        return True
    # A page of younger runs: only if all are known, and the last listing is recent.
    return (oldest is None or now - since < OVERLAP) and _all_known([run.id for run in page.runs])


def _all_known(ids: Sequence[UUID]) -> bool:
    known = set(Run.objects.filter(uuid__in=ids).values_list("uuid", flat=True))
    return set(ids) <= known | RemovedRun.among(ids)


def _store_trouble(follow: Follow, error: UpstreamError, now: datetime) -> None:
    failures = follow.failures + 1
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures - 1, 10))
    if error.trouble == Trouble.KEY_REJECTED:
        wait = LONGEST_WAIT / 2
    # All may fail alike, such as those of a key that may not list runs.
    wait = max(wait, error.retry_after or 0.0, _current_load(now).turn)
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
