"""Making, finding and revoking share links."""

from collections.abc import Collection
from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User
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
from dashboard.services.accounts.actor import Actor, account_of
from dashboard.services.accounts.tokens import digest, new_token
from dashboard.services.files import file_store

MAX_BYTES, MAX_PIXELS = 30_000_000, 40_000_000
"""The largest stored image that is read for a preview without a thumbnail."""


def make(
    run: Run, by: Actor, *, scopes: Collection[str], title: str, life: str, now: datetime
) -> tuple[Share, str]:
    """Makes a link; returns its row and its token, which is not stored.

    `life` is a key of `sharing.LIFETIME_DAYS`; raises KeyError for another.
    """
    token = new_token()
    with transaction.atomic():
        made = Share.objects.create(
            digest=digest(token),
            run=run,
            title=clean_title(title),
            gives=" ".join(sorted(sharing.known_scopes(scopes))),
            made_by=account_of(by),
            made_at=now,
            ends_at=sharing.end_of_lifetime(life, now),
        )
        audit.note(
            by, "share.made", run.uuid, link=made.pk, gives=scopes_text(made.scopes), life=life
        )
    return made, token


def find(token: str) -> Share | None:
    """The link of a token, whether it still opens or not; None where there never was one."""
    return Share.objects.select_related("run").filter(digest=digest(token)).first()


def picture_of(share: Share) -> bytes | None:
    """The stored thumbnail or file of the run's first image that a preview may show.

    None where the link does not show outputs, or no stored image is small enough.
    Raises OSError where the file store cannot be read.
    """
    if sharing.OUTPUTS not in share.scopes:
        return None
    images = share.run.outputs.filter(kind=IMAGE).values_list("identity", flat=True)[:20]
    stored = {file.identity: file for file in share.run.stored_files.all() if _is_drawable(file)}
    file = next((stored[identity] for identity in images if identity in stored), None)
    if file is None:
        return None
    name = file.thumb_name if file.thumb_size else file.name
    length = file.thumb_size or file.length
    if not file_store.is_whole(name, length):
        return None
    return b"".join(file_store.read_range(name, 0, length - 1))


def _is_drawable(file: StoredFile) -> bool:
    if file.thumb_size:
        return True
    pixels = (file.width or 0) * (file.height or 0)
    small = file.length <= MAX_BYTES and 0 < pixels <= MAX_PIXELS
    return not file.reason and file.inline and small


def count_view(share: Share, now: datetime) -> None:
    """Counts a view; an error of the database is noted and not raised."""
    try:
        Share.objects.filter(pk=share.pk).update(views=F("views") + 1, seen_at=now)
    except DatabaseError as error:
        database_health.record_failure(error)


def revoke(share: Share, by: Actor, now: datetime) -> None:
    """Ends a link at once, for good."""
    revoked = Share.objects.filter(pk=share.pk, revoked_at__isnull=True)
    if revoked.update(revoked_at=now, revoked_by=account_of(by)):
        audit.note(by, "share.revoked", share.run.uuid, link=share.pk)


def visible_to(user: User | AnonymousUser, *, everybody: bool) -> ShareQuerySet:
    """The links that an account may see: its own, or with `everybody` (an admin) all."""
    links = Share.objects.newest()
    return links if everybody else links.filter(made_by_id=user.pk)
