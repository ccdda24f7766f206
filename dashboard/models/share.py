"""Share links: what each shows, and until when."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from dashboard.models.run import Run


class ShareQuerySet(models.QuerySet["Share"]):
    def newest(self) -> ShareQuerySet:
        return self.select_related("run", "made_by", "revoked_by").order_by("-pk")


class Share(models.Model):
    """A link to one run for readers without an account; only its token's digest is stored."""

    digest = models.CharField(max_length=64, unique=True)
    run = models.ForeignKey(Run, models.CASCADE, related_name="shares")
    title = models.CharField(max_length=120)
    gives = models.CharField(max_length=60)  # words of domain/sharing.py, with spaces between
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="shares"
    )
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # null: never
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)
    views = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)  # when it was last opened

    objects = ShareQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Share {self.pk} of run {self.run_id}"

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(self.gives.split())

    @property
    def life(self) -> str:
        """Its lifetime, as `domain/sharing.LIFETIME_DAYS` names it."""
        return "never" if self.ends_at is None else str((self.ends_at - self.made_at).days)

    def is_open(self, now: datetime) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and (self.ends_at is None or now < self.ends_at)
