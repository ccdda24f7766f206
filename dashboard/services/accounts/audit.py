"""Notes who shared, revoked, signed in, changed roles and removed."""

from datetime import datetime, timedelta
from typing import Any

from dashboard.domain.text.redaction import redact
from dashboard.models import AuditEntry
from dashboard.services import clock

ACTIONS = {
    "signed-in": "signed in",
    "sign-in.refused": "was refused at sign-in",
    "signed-out": "signed out",
    "session.ended": "ended a session",
    "password.set": "set a password",
    "account.made": "made an account",
    "account.reset": "reset an account",
    "account.deactivated": "deactivated an account",
    "account.reactivated": "reactivated an account",
    "role.changed": "changed a role",
    "invitation.made": "made an invitation",
    "invitation.used": "used an invitation",
    "invitation.revoked": "revoked an invitation",
    "share.made": "made a share link",
    "share.revoked": "revoked a share link",
    "run.deleted": "removed a run",
    "admin.changed": "changed a row in Django’s admin",
}
"""Every action word, as the page tells it after the actor's name."""

KEPT = timedelta(days=365)


def note(actor: Any, action: str, subject: object = "", **detail: Any) -> AuditEntry:
    """Notes an act of `actor`: an account, a name alone (who is no account), or None.

    `subject` is what it was done to, as text (a run's UUID, an account's name).
    `detail` is small and JSON; never a token, password, code or key in it.
    """
    if action not in ACTIONS:
        raise ValueError(f"{action!r} is no action of the audit.")
    account = actor if getattr(actor, "pk", None) else None
    name = account.get_username() if account else str(actor or "")
    return AuditEntry.objects.create(
        at=clock.now(),
        actor=account,
        name=name[:150],
        action=action,
        subject=str(subject)[:200],
        detail=redact(detail),
    )


def forget(now: datetime) -> int:
    """Removes what is older than a year; how many entries went."""
    return AuditEntry.objects.filter(at__lt=now - KEPT).delete()[0]
