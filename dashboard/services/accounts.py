"""Accounts and the links that sign them in."""

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.urls import reverse
from django.utils import timezone

from dashboard import config
from dashboard.models import Mark, SignInLink

LIFE = timedelta(hours=24)
LOCAL = "local"
ADDRESS = "address"


def invite(name: str, *, admin: bool | None = None) -> tuple[str, bool]:
    """Makes or resets an account: its sign-in link, good once within 24 h, and whether it is new.

    Resetting clears the password, so that a lost one is of no use, and ends
    links given out before. `admin` says whether it may remove runs from now on
    (None: as before, and a new one may not). Raises ValidationError for a name that cannot be one.
    """
    UnicodeUsernameValidator()(name)
    if name == LOCAL or len(name) > 150:
        raise ValueError(f"{name!r} cannot be the name of an account.")
    user, made = get_user_model().objects.get_or_create(username=name)
    user.set_unusable_password()
    user.is_active = True
    if admin is not None:
        user.is_superuser = admin
    user.save()
    SignInLink.objects.filter(user=user).delete()
    token = secrets.token_urlsafe(24)
    SignInLink.objects.create(user=user, digest=digest(token), expires_at=timezone.now() + LIFE)
    return address() + reverse("sign_in_link", args=[token]), made


def address() -> str:
    """PUBLIC_URL; where none is set, the one under which this board was served last."""
    if config.text("PUBLIC_URL"):
        return str(settings.PUBLIC_URL)
    return Mark.objects.filter(name=ADDRESS).values_list("word", flat=True).first() or str(
        settings.PUBLIC_URL
    )


def remember_address() -> None:
    """Lets `make user` print links that open where the board is served."""
    Mark.put(ADDRESS, timezone.now(), settings.PUBLIC_URL[:200])


def only_here() -> bool:
    """Whether links to this board open on this computer alone."""
    return config.is_loopback(urlsplit(address()).hostname or "")


def spend_link(token: str) -> User | None:
    """The account that a sign-in link belongs to, once; None when it is over."""
    user = SignInLink.spend(digest(token), timezone.now())
    return user if user and user.is_active else None


def none_yet() -> bool:
    """Whether nobody can sign in yet."""
    return not User.objects.exclude(username=LOCAL).exists()


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
