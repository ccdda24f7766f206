"""Django's sessions in a table of our own, which names the account and stores digests of keys."""

from datetime import datetime, timedelta
from typing import TypedDict

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db as django_sessions
from django.contrib.sessions.backends.base import UpdateError
from django.db import Error as DatabaseError

from dashboard.models import Session
from dashboard.services import clock
from dashboard.services.accounts import tokens

AGENT = "agent"
"""The session's key for the browser's User-Agent."""

SEEN_EVERY = timedelta(minutes=1)


class Columns(TypedDict):
    """What is stored of a session besides its key."""

    data: str
    expires_at: datetime
    user_id: int | None
    agent: str
    seen_at: datetime


def digest(key: str | None) -> str:
    """The digest under which a session key is stored; a copy of the database signs nobody in."""
    return tokens.digest(key or "")


class SessionStore(django_sessions.SessionStore):
    """Django's session engine for the database, over `dashboard.models.Session`."""

    @classmethod
    def get_model_class(cls) -> type[Session]:  # type: ignore[override]
        return Session

    def load(self) -> dict[str, object]:
        now = clock.now()
        try:
            row = Session.objects.get(digest=digest(self.session_key), expires_at__gt=now)
        except Session.DoesNotExist:
            self._session_key = None
            return {}
        if now - row.seen_at > SEEN_EVERY:
            _set_seen_at(row, now)
        return self.decode(row.data)

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(digest=digest(session_key)).exists()

    def create_model_instance(self, data: dict[str, object]) -> Session:  # type: ignore[override]
        now = clock.now()
        return Session(digest=digest(self.session_key), began_at=now, **self._columns(data, now))

    def save(self, must_create: bool = False) -> None:
        """Raises UpdateError where the session was ended meanwhile: it does not come back."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        data = self._get_session()  # type: ignore[attr-defined]
        columns = self._columns(data, clock.now())
        # Not Django's own: it would raise UpdateError for a database that takes no writes, too.
        if not Session.objects.filter(digest=digest(self.session_key)).update(**columns):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(digest=digest(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        Session.objects.filter(expires_at__lt=clock.now()).delete()

    def _columns(self, data: dict[str, object], now: datetime) -> Columns:
        return {
            "data": self.encode(data),
            "expires_at": self.get_expiry_date(modification=now),
            "user_id": int(str(data[SESSION_KEY])) if SESSION_KEY in data else None,
            "agent": str(data.get(AGENT, "")),
            "seen_at": now,
        }


def _set_seen_at(row: Session, now: datetime) -> None:
    """Best effort: a database that takes no writes still shows pages."""
    try:
        Session.objects.filter(pk=row.pk).update(seen_at=now)
    except DatabaseError:
        return
