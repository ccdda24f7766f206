"""Making, finding and revoking share links."""

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import F

from dashboard.domain import sharing
from dashboard.domain.media.kinds import IMAGE
from dashboard.models import Run, Share, StoredFile
from dashboard.models.share import ShareQuerySet
from dashboard.presentation.sharing.share_text import clean_title, scopes_text
from dashboard.services import database_health
from dashboard.services.accounts import audit
from dashboard.services.accounts.sign_in_links import digest
from dashboard.services.files import file_store

MAX_BYTES, MAX_PIXELS = 30_000_000, 40_000_000
"""A larger picture is not read for a preview."""


def make(
    run: Run, by: Any, *, scopes: Collection[str], title: str, life: str, now: datetime
) -> tuple[Share, str]:
    """Makes a link: its row, and its token, which is told only here (192 bits).

    `life` is a key of `sharing.LIVES`; raises KeyError for another.
    """
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        made = Share.objects.create(
            digest=digest(token),
            run=run,
            title=clean_title(title),
            gives=" ".join(sorted(sharing.known_scopes(scopes))),
            made_by=by if getattr(by, "pk", None) else None,
            made_at=now,
            ends_at=sharing.end_of_lifetime(life, now),
        )
        audit.note(
            by, "share.made", run.uuid, link=made.pk, gives=scopes_text(made.scopes), life=life
        )
    return made, token


def find(token: str) -> Share | None:
    """The link of a token, whether it still opens or not; None for what was never one."""
    return Share.objects.select_related("run").filter(digest=digest(token)).first()


def picture_of(share: Share) -> bytes | None:
    """Our own copy of the run's first picture, where outputs are shared and it is not too large."""
    if sharing.OUTPUTS not in share.scopes:
        return None
    pictures = share.run.outputs.filter(kind=IMAGE).values_list("identity", flat=True)[:20]
    kept = {each.identity: each for each in share.run.stored_files.all()}
    found = next((kept[each] for each in pictures if each in kept and _drawable(kept[each])), None)
    if found is None:
        return None
    place = found.thumb_name if found.thumb_size else found.name
    length = found.thumb_size or found.length
    if not file_store.is_there(place, length):
        return None
    return b"".join(file_store.blocks(place, 0, length - 1))


def _drawable(kept: StoredFile) -> bool:
    if kept.thumb_size:
        return True
    pixels = (kept.width or 0) * (kept.height or 0)
    small = kept.length <= MAX_BYTES and 0 < pixels <= MAX_PIXELS
    return not kept.why and kept.inline and small


def opened(share: Share, now: datetime) -> None:
    """Counts a view; never fails a page."""
    try:
        Share.objects.filter(pk=share.pk).update(views=F("views") + 1, seen_at=now)
    except DatabaseError as error:
        database_health.record_failure(error)


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
