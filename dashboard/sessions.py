"""Sessions in the database, each under the digest of its cookie and beside its account."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import Error as DatabaseError
from django.db import IntegrityError, transaction

from dashboard.models import Session
from dashboard.services import clock

AGENT = "agent"
SEEN_EVERY = timedelta(minutes=1)


def digest(key: str | None) -> str:
    return hashlib.sha256((key or "").encode()).hexdigest()


class SessionStore(SessionBase):
    """What Django needs of a session engine; a copy of the database signs nobody in."""

    def load(self) -> dict[str, Any]:
        now = clock.now()
        try:
            row = Session.objects.get(digest=digest(self.session_key), expires_at__gt=now)
        except Session.DoesNotExist:
            self._session_key = None
            return {}
        if now - row.seen_at > SEEN_EVERY:
            _see(row, now)
        return self.decode(row.data)

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(digest=digest(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Raises UpdateError where the session was ended meanwhile: it does not come back."""
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        now = clock.now()
        columns = {
            "data": self.encode(data),
            "expires_at": self.get_expiry_date(modification=now),
            "user_id": int(data[SESSION_KEY]) if SESSION_KEY in data else None,
            "agent": data.get(AGENT, ""),
            "seen_at": now,
        }
        key = digest(self.session_key)
        if not must_create:
            if not Session.objects.filter(digest=key).update(**columns):
                raise UpdateError
            return None
        try:
            with transaction.atomic():
                Session.objects.create(digest=key, began_at=now, **columns)
        except IntegrityError:
            raise CreateError from None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(digest=digest(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expires_at__lt=clock.now()).delete()


def _see(row: Session, now: datetime) -> None:
    """Best effort: a database that takes no writes still shows pages."""
    try:
        Session.objects.filter(pk=row.pk).update(seen_at=now)
    except DatabaseError:
        return
