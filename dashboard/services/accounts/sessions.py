"""The sessions of an account: where it is signed in."""

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet

from dashboard.models import Session
from dashboard.services import clock
from dashboard.services.accounts import audit


def sessions_of(user: User) -> QuerySet[Session]:
    """The sessions that still live, the last seen first."""
    return Session.objects.filter(user=user, expires_at__gt=clock.now()).order_by("-seen_at", "-pk")


def end(session: Session, by: Any) -> None:
    """Ends one session at once."""
    owner = session.user.username if session.user else ""
    Session.objects.filter(pk=session.pk).delete()
    audit.note(by, "session.ended", owner)


def end_all(user: User, by: Any, besides: str = "") -> int:
    """Ends all sessions of an account, but the one with this digest; how many there were."""
    gone, _ = sessions_of(user).exclude(digest=besides).delete()
    if gone:
        audit.note(by, "session.ended", user.username, sessions=gone)
    return gone
