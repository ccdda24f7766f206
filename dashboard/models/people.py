"""People: roles, invitations, sessions, and failed tries to sign in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from dashboard.domain.roles import ROLES, VIEWER


class Person(models.Model):
    """The role of an account."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    role = models.CharField(max_length=10, choices=[(role, role) for role in ROLES], default=VIEWER)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> InvitationQuerySet:
        """Unused ones that have not expired."""
        return self.filter(used_at__isnull=True, expires_at__gt=now)

    def entitled(self, local: str) -> InvitationQuerySet:
        """Those whose maker may still invite: an active admin, the user of open access
        (named `local`), or an account that was deleted since."""
        admin = Q(made_by__is_active=True, made_by__is_superuser=True)
        return self.filter(Q(made_by=None) | Q(made_by__username=local) | admin)


class Invitation(models.Model):
    """A link that makes one account, once; only the digest of its token is stored."""

    digest = models.CharField(max_length=64, unique=True)
    role = models.CharField(max_length=10, choices=[(role, role) for role in ROLES])
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Invitation of a {self.role}, ends {self.expires_at}"


class Session(models.Model):
    """A browser that is signed in; only the digest of its cookie is stored."""

    digest = models.CharField(max_length=64, unique=True)
    data = models.TextField()
    expires_at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions"
    )
    agent = models.CharField(max_length=300, default="")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Session {self.pk} of {self.user_id}"


class SignInTry(models.Model):
    """Recent failed tries: of an account from one address, or of either alone."""

    key = models.CharField(max_length=64, primary_key=True)  # a digest: no name, no address
    tries = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    wait_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.tries} tries, the last at {self.last_at}"
