"""ComfyDeploy's users: who started runs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from dashboard.models.due import DueQuerySet


class UpstreamUser(models.Model):
    """Name and picture of the `user_id` of runs, as ComfyDeploy tells them; the row is the job."""

    id = models.CharField(max_length=200, primary_key=True)
    name = models.CharField(max_length=200, default="")  # empty: not known
    picture = models.TextField(default="")  # a small WebP in base64; empty: there is none
    picture_digest = models.CharField(max_length=16, default="")  # changes with the picture
    asked_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)  # leasing the row moves it on; null: never again
    failures = models.PositiveIntegerField(default=0)

    objects = DueQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="user_due"),
        ]

    def __str__(self) -> str:
        return self.name or self.id
