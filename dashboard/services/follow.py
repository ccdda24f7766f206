"""Following a workflow or deployment: its newest runs are listed and the new ones tracked."""

import logging
import random
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from dashboard.domain.directory import DEPLOYMENT, WORKFLOW, Listed
from dashboard.models import Follow, Removed, Run
from dashboard.services import intake, names
from dashboard.services.hints import hint
from dashboard.services.questions import ask
from dashboard.upstream.directory import read_list, runs_path
from dashboard.upstream.errors import UpstreamError

log = logging.getLogger(__name__)
EVERY, LONGEST = 30.0, 600.0
PAGE, MOST_PAGES = 50, 5

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
        listed = _list(follow)
    except UpstreamError as error:
        _note_trouble(follow, error, now)
        return 0
    found = _track(listed, now)
    _note(
        follow,
        next_at=now + timedelta(seconds=EVERY * (1 + random.random() / 10)),  # noqa: S311
        answered_at=now,
        failures=0,
        trouble=None,
        found=follow.found + found,
        **({"found_at": now} if found else {}),
    )
    return found


def _list(follow: Follow) -> list[Listed]:
    """The newest page; and older ones, as long as a page holds only runs that are new here."""
    listed: list[Listed] = []
    for page in range(MOST_PAGES):
        path = runs_path(follow.kind, str(follow.target), limit=PAGE, offset=page * PAGE)
        rows = read_list(ask(path))
        listed += rows
        first_time = follow.answered_at is None
        if first_time or len(rows) < PAGE or _any_known(rows):
            break
    return listed


def _any_known(rows: Sequence[Listed]) -> bool:
    ids = [row.id for row in rows]
    return Run.objects.filter(uuid__in=ids).exists() or bool(Removed.among(ids))


def _track(listed: Sequence[Listed], now: datetime) -> int:
    """Tracks the new runs, oldest first; a live one that is told to have moved is looked at."""
    known = {
        run.uuid: run
        for run in Run.objects.filter(uuid__in=[row.id for row in listed]).only(
            "uuid", "status", "finished", "deployment_id"
        )
    }
    found = intake.track_all(
        (row.id for row in reversed(listed) if row.id not in known), again=False
    )
    hint([row.id for row in listed if row.id in known and _has_moved(known[row.id], row)], now)
    _note_deployments(
        [row for row in listed if row.id not in known or not known[row.id].deployment_id], now
    )
    return found


def _has_moved(run: Run, row: Listed) -> bool:
    return run.live and run.status != row.status


def _note_deployments(listed: Sequence[Listed], now: datetime) -> None:
    """A run's deployment is told by lists alone."""
    by_deployment: dict[str, list[UUID]] = {}
    for row in listed:
        if row.deployment_id:
            by_deployment.setdefault(row.deployment_id, []).append(row.id)
    for deployment_id, ids in by_deployment.items():
        Run.objects.filter(uuid__in=ids).update(
            deployment_id=deployment_id, beside_version=F("beside_version") + 1
        )
    names.want(((DEPLOYMENT, deployment_id) for deployment_id in by_deployment), now)


def _note_trouble(follow: Follow, error: UpstreamError, now: datetime) -> None:
    failures = follow.failures + 1
    wait = min(LONGEST, EVERY * 2 ** min(failures - 1, 10))
    if error.trouble == "key-rejected":
        wait = LONGEST / 2
    _note(
        follow,
        next_at=now + timedelta(seconds=max(wait, error.retry_after or 0.0)),
        failures=failures,
        trouble=error.trouble,
    )
    if follow.trouble != error.trouble:
        log.warning("Following %s: %s", follow, error)


def _note(follow: Follow, **changes: object) -> None:
    Follow.objects.filter(pk=follow.pk).update(**changes)
