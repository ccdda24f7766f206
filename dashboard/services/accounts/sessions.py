"""The sessions of an account: the browsers in which it is signed in."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

from dashboard.models import Session
from dashboard.services import clock
from dashboard.services.accounts import audit
from dashboard.services.accounts.actor import Actor


def sessions_of(user: User) -> QuerySet[Session]:
    """The sessions of an account that have not expired, the last seen first."""
    return Session.objects.filter(user=user, expires_at__gt=clock.now()).order_by("-seen_at", "-pk")


def end(session: Session, by: Actor) -> None:
    """Ends one session at once."""
    owner = session.user.username if session.user else ""
    Session.objects.filter(pk=session.pk).delete()
    audit.note(by, "session.ended", owner)


def end_all(user: User, by: Actor, besides: str = "") -> int:
    """Ends an account's sessions except the one of the digest `besides`; returns how many."""
    ended, _ = sessions_of(user).exclude(digest=besides).delete()
    if ended:
        audit.note(by, "session.ended", user.username, sessions=ended)
    return ended
