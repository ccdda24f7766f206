"""People: who they are, what they may do, how they come in and go."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Max, QuerySet

from dashboard.domain.roles import ADMIN, ROLES
from dashboard.models import Invitation, Person, Session, SignInLink
from dashboard.services.accounts import audit
from dashboard.services.accounts.sign_in_links import (
    LOCAL,
    admins,
    check_name,
    digest,
    end_links_made_by,
)

INVITED_FOR = timedelta(days=7)


class NotAllowed(Exception):
    """A change that would lock everybody out, or that cannot be; its text is for the page."""


def everybody() -> QuerySet[User]:
    """All accounts by name, each with its role and when it was last seen."""
    return (
        User.objects.exclude(username=LOCAL)
        .select_related("person")
        .annotate(last_seen=Max("sessions__seen_at"))
        .order_by("-is_active", "username")
    )


def role_of(user: User) -> str:
    """The stored role of an account."""
    person = getattr(user, "person", None)
    return ADMIN if user.is_superuser else str(person.role if person else "viewer")


@transaction.atomic
def set_role(user: User, role: str, by: Any) -> None:
    """Gives a role. Raises NotAllowed for the last admin."""
    if role not in ROLES:
        raise NotAllowed("There is no such role.")
    before = role_of(user)
    if before == role:
        return
    if before == ADMIN:
        _keep_an_admin(user)
        end_links_made_by(user)
    put_role(user, role)
    audit.note(by, "role.changed", user.username, was=before, now=role)


def put_role(user: User, role: str) -> None:
    """Stores a role; Django's own flags follow it."""
    user.is_superuser = user.is_staff = role == ADMIN
    user.save(update_fields=["is_superuser", "is_staff"])
    Person.objects.update_or_create(user=user, defaults={"role": role})


def _keep_an_admin(user: User) -> None:
    # Locked, so that two admins cannot step down at the same moment.
    others = admins().select_for_update().order_by("pk")
    if all(other.pk == user.pk for other in others):
        raise NotAllowed("This is the last admin. Make somebody else an admin first.")


@transaction.atomic
def deactivate(user: User, by: Any) -> None:
    """Out at once: no sign-in, no session, no link. Raises NotAllowed for the last admin."""
    if user.is_superuser:
        _keep_an_admin(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    Session.objects.filter(user=user).delete()
    SignInLink.objects.filter(user=user).delete()
    end_links_made_by(user)
    audit.note(by, "account.deactivated", user.username)


def reactivate(user: User, by: Any) -> None:
    """May sign in again, with the same password and role."""
    User.objects.filter(pk=user.pk).update(is_active=True)
    audit.note(by, "account.reactivated", user.username)


def invite(role: str, by: Any, now: datetime) -> str:
    """Makes an invitation for 7 days; the token of its link, which is told only here."""
    if role not in ROLES:
        raise NotAllowed("There is no such role.")
    token = secrets.token_urlsafe(24)
    Invitation.objects.create(
        digest=digest(token),
        role=role,
        made_by=by if getattr(by, "pk", None) else None,
        made_at=now,
        expires_at=now + INVITED_FOR,
    )
    audit.note(by, "invitation.made", role)
    return token


def invitation(token: str, now: datetime) -> Invitation | None:
    """The invitation that a token opens, while it can be used."""
    usable = Invitation.objects.open(now).entitled(LOCAL)
    return usable.filter(digest=digest(token)).first()


def revoke_invitation(pk: int, by: Any, now: datetime) -> None:
    """Ends an invitation that was not used."""
    found = Invitation.objects.open(now).filter(pk=pk).first()
    if found:
        found.delete()
        audit.note(by, "invitation.revoked", found.role)


@transaction.atomic
def accept(token: str, name: str, password: str, now: datetime) -> User | None:
    """Uses an invitation: the new account, or None where it is over.

    Raises ValidationError for a name or password that cannot be; the invitation stays.
    """
    found = invitation(token, now)
    if found is None:
        return None
    user = new_account(name, password, found.role)
    if not Invitation.objects.open(now).filter(pk=found.pk).update(used_at=now):
        transaction.set_rollback(True)
        return None  # somebody was quicker
    audit.note(user, "invitation.used", found.role)
    return user


def new_account(name: str, password: str, role: str) -> User:
    """Makes an account. Raises ValidationError for its name or password."""
    name = User.normalize_username(name)
    check_name(name)
    user = User(username=name)
    validate_password(password, user)
    user.set_password(password)
    user.save()
    put_role(user, role)
    return user
