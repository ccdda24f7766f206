"""Small facts that every process shares, and sign-in links."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models


class SharedState(models.Model):
    """A named moment with a word: the watcher's beat, upstream's last answer, the key's state."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    word = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "dashboard_mark"

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"

    @classmethod
    def put(cls, name: str, at: datetime, word: str = "") -> None:
        cls.objects.update_or_create(name=name, defaults={"at": at, "word": word})

    @classmethod
    def read(cls) -> dict[str, SharedState]:
        return {mark.name: mark for mark in cls.objects.all()}


class SignInLinkQuerySet(models.QuerySet["SignInLink"]):
    def usable(self, digest: str, now: datetime) -> SignInLinkQuerySet:
        """The link with this digest, unless it was used or has ended."""
        return self.filter(digest=digest, used_at__isnull=True, expires_at__gt=now)


class SignInLink(models.Model):
    """A link that signs one account in, once; only the digest of its token is kept."""

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
    def spend(cls, digest: str, now: datetime) -> Any:
        """The account of an unused, unexpired link, which is used from now on; else None."""
        if not cls.objects.usable(digest, now).update(used_at=now):
            return None
        return cls.objects.select_related("user").get(digest=digest).user
