"""Accounts and the links that sign them in."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse

from dashboard import config
from dashboard.domain.roles import ADMIN, MEMBER
from dashboard.models import Invitation, Person, Session, SharedState, SignInLink
from dashboard.services import clock
from dashboard.services.accounts import audit

LINK_LIFETIME = timedelta(hours=24)
LOCAL = "local"
ADDRESS = "address"


def invite(name: str, *, admin: bool | None = None, by: Any = "make user") -> tuple[str, bool]:
    """Makes or resets an account: its sign-in link, good once within 24 h, and whether it is new.

    Resetting clears the password, ends its sessions and the links given out
    before. `admin` says whether it is an admin from now on (None: as before; a
    new one is a member, or an admin where there is none yet). Raises
    ValidationError for a name that cannot be one, ValueError for the last admin.
    """
    name = User.normalize_username(name)
    check_name(name, new=False)
    with transaction.atomic():
        user, made = User.objects.select_for_update().get_or_create(username=name)
        was = _role(user)
        if admin is False and _is_last_admin(user):
            raise ValueError(f"{name!r} is the last admin. Make another one first.")
        user.set_unusable_password()
        user.is_active = True
        if admin is None and made:
            admin = not admins().exists()
        if admin is not None:
            user.is_superuser = user.is_staff = admin
        user.save()
        _follow_role(user)
        Session.objects.filter(user=user).delete()
        SignInLink.objects.filter(user=user).delete()
        token = secrets.token_urlsafe(24)
        SignInLink.objects.create(
            user=user,
            digest=digest(token),
            made_by=by if getattr(by, "pk", None) else None,
            expires_at=clock.now() + LINK_LIFETIME,
        )
        audit.note(by, "account.made" if made else "account.reset", name)
        if was and was != (now := _role(user)):
            if was == ADMIN:
                end_links_made_by(user)
            audit.note(by, "role.changed", name, was=was, now=now)
    return address() + reverse("sign_in_link", args=[token]), made


def end_links_made_by(user: User) -> None:
    """Whoever is no admin any more lets nobody in: invitations and sign-in links end."""
    Invitation.objects.filter(made_by=user, used_at__isnull=True).delete()
    SignInLink.objects.filter(made_by=user, used_at__isnull=True).delete()


def admins() -> QuerySet[User]:
    """The admins who can sign in."""
    return User.objects.filter(is_superuser=True, is_active=True).exclude(username=LOCAL)


def is_admin(name: str) -> bool:
    return admins().filter(username=name).exists()


def _role(user: User) -> str | None:
    return Person.objects.filter(user=user).values_list("role", flat=True).first()


def _is_last_admin(user: User) -> bool:
    return user.is_superuser and not admins().exclude(pk=user.pk).exists()


def _follow_role(user: User) -> None:
    """A new account is a member; a viewer stays one unless made an admin."""
    person, _ = Person.objects.get_or_create(user=user, defaults={"role": MEMBER})
    if user.is_superuser or person.role == ADMIN:
        person.role = ADMIN if user.is_superuser else MEMBER
        person.save(update_fields=["role"])


def check_name(name: str, *, new: bool = True) -> None:
    """Raises ValidationError for what cannot be the name of an account (a new one: or is one)."""
    UnicodeUsernameValidator()(name)
    if name == LOCAL or len(name) > 150:
        raise ValidationError(f"{name[:150]!r} cannot be the name of an account.")
    if new and User.objects.filter(username__iexact=name).exists():
        raise ValidationError("This name is taken.")


def address() -> str:
    """PUBLIC_URL; where none is set, the one under which this board was served last."""
    if config.text("PUBLIC_URL"):
        return str(settings.PUBLIC_URL)
    return SharedState.objects.filter(name=ADDRESS).values_list("word", flat=True).first() or str(
        settings.PUBLIC_URL
    )


def remember_address() -> None:
    """Lets `make user` print links that open where the board is served."""
    SharedState.put(ADDRESS, clock.now(), settings.PUBLIC_URL[:200])


def only_here() -> bool:
    """Whether links to this board open on this computer alone."""
    return config.is_loopback(urlsplit(address()).hostname or "")


def link_owner(token: str) -> User | None:
    """Whose sign-in link this is, while it can be used; it is not used up."""
    found = SignInLink.objects.usable(digest(token), clock.now()).select_related("user").first()
    return found.user if found and found.user.is_active else None


def spend_link(token: str) -> User | None:
    """The account that a sign-in link belongs to, once; None when it is over."""
    user = SignInLink.spend(digest(token), clock.now())
    return user if user and user.is_active else None


def none_yet() -> bool:
    """Whether nobody can sign in yet."""
    return not User.objects.exclude(username=LOCAL).exists()


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
