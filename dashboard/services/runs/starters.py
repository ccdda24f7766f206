"""Who started runs: name and picture of their `user_id`, asked for once and refreshed daily.

With PEOPLE=off nobody is asked for, and what was stored before is deleted.
"""

import base64
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import blake2b

from django.conf import settings

from dashboard.domain.media.stored_files import FileReason
from dashboard.domain.polling.trouble import Trouble
from dashboard.models import Run, UpstreamUser
from dashboard.presentation.run.starter import Starter
from dashboard.services.comfydeploy.api_requests import get_body
from dashboard.services.files import portraits
from dashboard.services.jitter import jittered
from dashboard.upstream.errors import UpstreamError
from dashboard.upstream.file_errors import FileError
from dashboard.upstream.users import ToldUser, may_ask, read_user, user_path

log = logging.getLogger(__name__)
DAY, SOON = timedelta(days=1), timedelta(minutes=5)
MOST_DOUBLINGS = 9  # of SOON: more than a day
# What another try soon would not change.
FOR_A_DAY = frozenset({Trouble.FORBIDDEN, Trouble.NOT_FOUND, Trouble.BAD_ANSWER})
PASSING = frozenset({FileReason.UNREACHABLE})


def schedule(user_ids: Iterable[str | None], now: datetime) -> None:
    """Makes a row, due now, for each user that has none. Writes only."""
    if not settings.PEOPLE:
        return
    wanted = {user_id for user_id in user_ids if user_id and may_ask(user_id)}
    if not wanted:
        return
    new = wanted - set(UpstreamUser.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    # Sorted, so that two processes never wait for each other's rows.
    UpstreamUser.objects.bulk_create(
        [UpstreamUser(id=user_id, next_at=now) for user_id in sorted(new)], ignore_conflicts=True
    )


def schedule_all(now: datetime) -> None:
    """The same for every stored run; with PEOPLE=off, deletes the rows there are. Writes only."""
    if not settings.PEOPLE:
        UpstreamUser.objects.all().delete()
        return
    known = UpstreamUser.objects.values("pk")
    runs = Run.objects.filter(user_id__isnull=False).exclude(user_id__in=known)
    schedule(runs.values_list("user_id", flat=True).distinct(), now)


def delete_unused() -> int:
    """Deletes the users who started no stored run; returns how many. Writes only."""
    rows = UpstreamUser.objects.all()
    if settings.PEOPLE:
        rows = rows.exclude(pk__in=Run.objects.filter(user_id__isnull=False).values("user_id"))
    return rows.delete()[0]


def refresh(user: UpstreamUser, now: datetime) -> None:
    """Asks who a user is and stores it; where it fails, what was known stays.

    Asks and writes; raises nothing of upstream.
    """
    if not settings.PEOPLE:
        return
    try:
        body = get_body(user_path(user.pk))
        told = read_user(body, local_origin=settings.LOCAL_FILES_ORIGIN)
    except UpstreamError as error:
        log.info("Not known who started some runs: %s.", error.trouble)
        _store(user, now, {}, failed=True, soon=error.trouble not in FOR_A_DAY,
               at_least=error.retry_after or 0.0)  # fmt: skip
        return
    _take(user, told, now)


def _take(user: UpstreamUser, told: ToldUser, now: datetime) -> None:
    """Stores what was told; of somebody who is gone, all that was known before stays."""
    found = {"name": told.name} if told.name else {}
    if not told.picture_url:
        without = {"picture": "", "picture_digest": ""} if told.name else {}
        _store(user, now, found | without)
        return
    try:
        found |= _picture_columns(portraits.fetch(told.picture_url))
    except FileError as error:
        log.info("No picture of who started some runs: %s", error.reason)
        _store(user, now, found, failed=True, soon=error.reason in PASSING)
    else:
        _store(user, now, found)


def _picture_columns(picture: bytes) -> dict[str, str]:
    digest = blake2b(picture, digest_size=8).hexdigest()
    return {"picture": base64.b64encode(picture).decode(), "picture_digest": digest}


def _store(
    user: UpstreamUser,
    now: datetime,
    found: dict[str, str],
    *,
    failed: bool = False,
    soon: bool = False,
    at_least: float = 0.0,
) -> None:
    """Stores what was found and plans the next request: in a day; `soon`, later each time."""
    wait = min(DAY, SOON * 2 ** min(user.failures, MOST_DOUBLINGS)) if soon else DAY
    seconds = jittered(max(wait.total_seconds(), at_least))
    columns = {
        **found,
        "failures": min(user.failures + 1, 1000) if failed else 0,
        "asked_at": now,
        "next_at": now + timedelta(seconds=seconds),
    }
    # The row may have been deleted meanwhile, with the last run that refers to it.
    UpstreamUser.objects.filter(pk=user.pk).update(**columns)


def starters_of(user_ids: Iterable[str | None]) -> dict[str, Starter]:
    """Who is behind these IDs, in one query; nobody with PEOPLE=off."""
    wanted = {user_id for user_id in user_ids if user_id}
    if not (wanted and settings.PEOPLE):
        return {}
    columns = ("pk", "name", "picture_digest")
    rows = UpstreamUser.objects.filter(pk__in=wanted).values_list(*columns)
    return {user_id: Starter(user_id) for user_id in wanted} | {
        row[0]: Starter(*row) for row in rows
    }


def picture_of(digest: str) -> bytes | None:
    """The WebP with this digest; None where there is none, and with PEOPLE=off."""
    if not (digest and settings.PEOPLE):
        return None
    rows = UpstreamUser.objects.filter(picture_digest=digest)
    found = rows.values_list("picture", flat=True).first()
    return base64.b64decode(found) if found else None
