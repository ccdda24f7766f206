"""Links that sign an account in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models


class SignInLinkQuerySet(models.QuerySet["SignInLink"]):
    def usable(self, digest: str, now: datetime) -> SignInLinkQuerySet:
        """The link with this digest, unless it was used or has ended."""
        return self.filter(digest=digest, used_at__isnull=True, expires_at__gt=now)


class SignInLink(models.Model):
    """A link that signs one account in, once; only the digest of its token is stored."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = SignInLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Sign-in link for {self.user_id}"

    @classmethod
    def spend(cls, digest: str, now: datetime) -> User | None:
        """Marks an unused, unexpired link as used and returns its account; None without one."""
        if not cls.objects.usable(digest, now).update(used_at=now):
            return None
        return cls.objects.select_related("user").get(digest=digest).user
