"""Links that sign an account in once, without a password."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.urls import reverse

from dashboard.domain.roles import ADMIN, MEMBER
from dashboard.models import Person, Session, SignInLink
from dashboard.services import clock
from dashboard.services.accounts import audit
from dashboard.services.accounts.account_name import check_name
from dashboard.services.accounts.actor import Actor, account_of
from dashboard.services.accounts.admins import admins, end_links_made_by, require_another_admin
from dashboard.services.accounts.people import put_role
from dashboard.services.accounts.public_address import public_address
from dashboard.services.accounts.tokens import digest, new_token

LIFETIME = timedelta(hours=24)


def issue(name: str, *, admin: bool | None = None, by: Actor = "make user") -> tuple[str, bool]:
    """Makes or resets an account; returns its sign-in link, and whether the account is new.

    The link works once within 24 h. A reset clears the password, ends the sessions
    and deletes earlier links. `admin` says whether it is an admin from now on (None:
    unchanged; a new account is a member, or an admin where there is none yet).
    Raises ValidationError for an invalid name, LastAdmin for the last admin.
    """
    name = User.normalize_username(name)
    check_name(name, new=False)
    token = new_token()
    with transaction.atomic():
        user, made = User.objects.get_or_create(username=name)
        if admin is False:
            require_another_admin(user)
        user = User.objects.select_for_update().get(pk=user.pk)
        before = Person.objects.filter(user=user).values_list("role", flat=True).first()
        user.set_unusable_password()
        user.is_active = True
        user.save(update_fields=["password", "is_active"])
        role = _role_after(user, before, admin, made=made)
        put_role(user, role)
        Session.objects.filter(user=user).delete()
        SignInLink.objects.filter(user=user).delete()
        expires_at = clock.now() + LIFETIME
        SignInLink.objects.create(
            user=user, digest=digest(token), made_by=account_of(by), expires_at=expires_at
        )
        audit.note(by, "account.made" if made else "account.reset", name)
        if before and before != role:
            if before == ADMIN:
                end_links_made_by(user)
            audit.note(by, "role.changed", name, was=before, now=role)
    return public_address() + reverse("sign_in_link", args=[token]), made


def _role_after(user: User, before: str | None, admin: bool | None, *, made: bool) -> str:
    """A new account is a member; a viewer stays one unless made an admin."""
    if admin is None:
        admin = not admins().exists() if made else user.is_superuser
    if admin:
        return ADMIN
    return MEMBER if before in (None, ADMIN) else before


def find_owner(token: str) -> User | None:
    """The account that a usable sign-in link belongs to; the link stays usable."""
    link = SignInLink.objects.usable(digest(token), clock.now()).select_related("user").first()
    return link.user if link and link.user.is_active else None


def spend(token: str) -> User | None:
    """Uses a sign-in link up; returns its account, or None where the link is over."""
    user = SignInLink.spend(digest(token), clock.now())
    return user if user and user.is_active else None
