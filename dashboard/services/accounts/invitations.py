"""Invitations: links with which somebody makes one account, of a role that an admin chose."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from dashboard.domain.roles import ROLES
from dashboard.models import Invitation
from dashboard.services.accounts import audit
from dashboard.services.accounts.account_name import LOCAL
from dashboard.services.accounts.actor import Actor, account_of
from dashboard.services.accounts.admins import NotAllowed
from dashboard.services.accounts.people import new_account
from dashboard.services.accounts.tokens import digest, new_token

LIFETIME = timedelta(days=7)


def make(role: str, by: Actor, now: datetime) -> str:
    """Makes an invitation for 7 days; returns the token of its link, which is not stored.

    Raises NotAllowed for an unknown role.
    """
    if role not in ROLES:
        raise NotAllowed("Unknown role.")
    token = new_token()
    Invitation.objects.create(
        digest=digest(token),
        role=role,
        made_by=account_of(by),
        made_at=now,
        expires_at=now + LIFETIME,
    )
    audit.note(by, "invitation.made", role)
    return token


def find(token: str, now: datetime) -> Invitation | None:
    """The invitation of a token; None where it is used, over, or its maker is no admin any more."""
    usable = Invitation.objects.open(now).entitled(LOCAL)
    return usable.filter(digest=digest(token)).first()


def revoke(pk: int, by: Actor, now: datetime) -> None:
    """Ends an invitation that was not used."""
    invitation = Invitation.objects.open(now).filter(pk=pk).first()
    if invitation:
        invitation.delete()
        audit.note(by, "invitation.revoked", invitation.role)


@transaction.atomic
def accept(token: str, name: str, password: str, now: datetime) -> User | None:
    """Uses an invitation; returns the new account, or None where it cannot be used any more.

    Raises ValidationError for an invalid name or password; the invitation stays usable.
    """
    invitation = find(token, now)
    if invitation is None:
        return None
    user = new_account(name, password, invitation.role)
    if not Invitation.objects.open(now).filter(pk=invitation.pk).update(used_at=now):
        transaction.set_rollback(True)
        return None  # another request has used it meanwhile
    audit.note(user, "invitation.used", invitation.role)
    return user
