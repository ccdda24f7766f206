"""Making, finding and revoking share links."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.contrib.auth.models import AnonymousUser, User
from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import F

from dashboard.domain import sharing
from dashboard.domain.media.kinds import IMAGE
from dashboard.models import Run, Share, SharedRun, StoredFile
from dashboard.models.share import ShareQuerySet
from dashboard.presentation.format import plural
from dashboard.presentation.sharing.share_text import SHEET_TITLE, clean_title, scopes_text
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
    """Makes a link to a run; returns its row and its token, which is not stored.

    `life` is a key of `sharing.LIFETIME_DAYS`; raises KeyError for another.
    """
    return _make([], by, run=run, scopes=scopes, title=clean_title(title), life=life, now=now)


def make_sheet(
    runs: Sequence[Run],
    by: Actor,
    *,
    scopes: Collection[str],
    title: str,
    life: str,
    now: datetime,
) -> tuple[Share, str]:
    """The same to several runs, which it shows in this order."""
    title = clean_title(title, SHEET_TITLE)
    return _make(runs, by, run=None, scopes=scopes, title=title, life=life, now=now)


def _make(
    sheet: Sequence[Run],
    by: Actor,
    *,
    run: Run | None,
    scopes: Collection[str],
    title: str,
    life: str,
    now: datetime,
) -> tuple[Share, str]:
    token = new_token()
    with transaction.atomic():
        made = Share.objects.create(
            digest=digest(token),
            run=run,
            title=title,
            gives=" ".join(sorted(sharing.known_scopes(scopes))),
            made_by=account_of(by),
            made_at=now,
            ends_at=sharing.end_of_lifetime(life, now),
        )
        rows = [SharedRun(share=made, run=each, position=at) for at, each in enumerate(sheet)]
        SharedRun.objects.bulk_create(rows)
        subject = run.uuid if run else plural(len(sheet), "run")
        audit.note(
            by, "share.made", subject, link=made.pk, gives=scopes_text(made.scopes), life=life
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
    run = share.one_run
    images = run.outputs.filter(kind=IMAGE).values_list("identity", flat=True)[:20]
    stored = {file.identity: file for file in run.stored_files.all() if is_drawable(file)}
    file = next((stored[identity] for identity in images if identity in stored), None)
    return drawable_bytes(file) if file else None


def drawable_bytes(file: StoredFile) -> bytes | None:
    """The thumbnail, else the file; None where it is not whole in the file store.

    Raises OSError where the file store cannot be read.
    """
    name = file.thumb_name if file.thumb_size else file.name
    length = file.thumb_size or file.length
    if not file_store.is_whole(name, length):
        return None
    return b"".join(file_store.read_range(name, 0, length - 1))


def is_drawable(file: StoredFile) -> bool:
    """Whether a preview may be drawn from it."""
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
        subject = plural(share.shared_runs.count(), "run") if share.run is None else share.run.uuid
        audit.note(by, "share.revoked", subject, link=share.pk)


def visible_to(user: User | AnonymousUser, *, everybody: bool) -> ShareQuerySet:
    """The links that an account may see: its own, or with `everybody` (an admin) all."""
    links = Share.objects.newest()
    return links if everybody else links.filter(made_by_id=user.pk)
