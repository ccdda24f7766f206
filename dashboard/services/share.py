"""Making, finding and revoking share links."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import F

from dashboard.domain import sharing
from dashboard.domain.kinds import IMAGE
from dashboard.models import Kept, Run, Share
from dashboard.models.share import ShareQuerySet
from dashboard.services import audit, shelf, storage
from dashboard.services.accounts import digest

MOST_BYTES, MOST_PIXELS = 30_000_000, 40_000_000
"""A larger picture is not read for a preview."""


def make(
    run: Run, by: Any, *, ticks: Collection[str], title: str, life: str, now: datetime
) -> tuple[Share, str]:
    """Makes a link: its row, and its token, which is told only here (192 bits).

    `life` is a key of `sharing.LIVES`; raises KeyError for another.
    """
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        made = Share.objects.create(
            digest=digest(token),
            run=run,
            title=sharing.clean_title(title),
            gives=" ".join(sorted(sharing.known_ticks(ticks))),
            made_by=by if getattr(by, "pk", None) else None,
            made_at=now,
            ends_at=sharing.end_of(life, now),
        )
        audit.note(by, "share.made", run.uuid, link=made.pk, gives=made.told, life=life)
    return made, token


def find(token: str) -> Share | None:
    """The link of a token, whether it still opens or not; None for what was never one."""
    return Share.objects.select_related("run").filter(digest=digest(token)).first()


def picture_of(share: Share) -> bytes | None:
    """Our own copy of the run's first picture, where outputs are shared and it is not too large."""
    if sharing.OUTPUTS not in share.ticks:
        return None
    pictures = share.run.outputs.filter(kind=IMAGE).values_list("identity", flat=True)[:20]
    kept = {each.identity: each for each in share.run.kept_files.all()}
    found = next((kept[each] for each in pictures if each in kept and _drawable(kept[each])), None)
    if found is None:
        return None
    place = found.thumb_name if found.thumb_size else found.name
    length = found.thumb_size or found.length
    if not shelf.is_there(place, length):
        return None
    return b"".join(shelf.blocks(place, 0, length - 1))


def _drawable(kept: Kept) -> bool:
    if kept.thumb_size:
        return True
    pixels = (kept.width or 0) * (kept.height or 0)
    small = kept.length <= MOST_BYTES and 0 < pixels <= MOST_PIXELS
    return not kept.why and kept.inline and small


def opened(share: Share, now: datetime) -> None:
    """Counts a view; never fails a page."""
    try:
        Share.objects.filter(pk=share.pk).update(views=F("views") + 1, seen_at=now)
    except DatabaseError as error:
        storage.failed(error)


def revoke(share: Share, by: Any, now: datetime) -> None:
    """Ends a link at once, for good."""
    account = by if getattr(by, "pk", None) else None
    revoked = Share.objects.filter(pk=share.pk, revoked_at__isnull=True)
    if revoked.update(revoked_at=now, revoked_by=account):
        audit.note(by, "share.revoked", share.run.uuid, link=share.pk)


def of_run(run: Run) -> ShareQuerySet:
    """All links to a run, the newest first."""
    return Share.objects.newest().filter(run=run)


def of(user: Any, *, everybody: bool) -> ShareQuerySet:
    """The links that somebody may see: their own, an admin all."""
    found = Share.objects.newest()
    return found if everybody else found.filter(made_by_id=user.pk)
