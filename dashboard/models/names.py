"""Names of workflows, versions, deployments and machines."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from dashboard.models.due import DueQuerySet


class Name(models.Model):
    """What ComfyDeploy calls a workflow, version, deployment or machine; empty = not known."""

    kind = models.CharField(max_length=12)
    upstream_id = models.CharField(max_length=200)
    text = models.CharField(max_length=200, default="")
    asked_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)  # null: never again

    objects = DueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "upstream_id"], name="name_once"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="name_due"),
        ]

    def __str__(self) -> str:
        return self.text or f"{self.kind} {self.upstream_id[:8]}"
