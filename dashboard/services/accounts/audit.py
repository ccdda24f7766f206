"""The audit: who shared, revoked, signed in, changed roles and removed runs."""

from datetime import datetime, timedelta

from dashboard.domain.text.redaction import redact
from dashboard.models import AuditEntry
from dashboard.services import clock
from dashboard.services.accounts.actor import Actor, account_of, name_of

ACTIONS = {
    "signed-in": "signed in",
    "sign-in.refused": "failed to sign in",
    "signed-out": "signed out",
    "session.ended": "ended a session",
    "password.set": "set a password",
    "account.made": "created an account",
    "account.reset": "reset an account",
    "account.deactivated": "deactivated an account",
    "account.reactivated": "reactivated an account",
    "role.changed": "changed a role",
    "invitation.made": "created an invitation",
    "invitation.used": "accepted an invitation",
    "invitation.revoked": "revoked an invitation",
    "share.made": "created a share link",
    "share.revoked": "revoked a share link",
    "run.deleted": "removed a run",
    "admin.changed": "changed data in Django admin",
}
"""Every action, and how the page says it after the actor's name."""

RETENTION = timedelta(days=365)


def note(actor: Actor, action: str, subject: object = "", **detail: object) -> AuditEntry:
    """Stores an audit entry; raises ValueError for an action that is not in ACTIONS.

    `subject` is what was changed, as text (a run's UUID, an account's name).
    `detail` is small and JSON; never a token, password, code or key in it.
    """
    if action not in ACTIONS:
        raise ValueError(f"{action!r} is no action of the audit.")
    return AuditEntry.objects.create(
        at=clock.now(),
        actor=account_of(actor),
        name=name_of(actor)[:150],
        action=action,
        subject=str(subject)[:200],
        detail=redact(detail),
    )


def delete_old(now: datetime) -> int:
    """Deletes the entries that are older than a year; returns how many."""
    return AuditEntry.objects.filter(at__lt=now - RETENTION).delete()[0]
