"""What is followed, what things are called, and the logs of runs that failed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from dashboard.models.run import Run


class Due(models.QuerySet[Any]):
    def due(self, now: Any) -> Due:
        """Rows whose turn it is, the longest overdue first."""
        return self.filter(next_at__lte=now).order_by("next_at")


class Follow(models.Model):
    """A workflow or deployment whose new runs are tracked; its row is the job."""

    KINDS = {"workflow": "Workflow", "deployment": "Deployment"}

    kind = models.CharField(max_length=12, choices=KINDS.items())
    target = models.UUIDField()
    since = models.DateTimeField()
    next_at = models.DateTimeField(db_index=True)  # moved on by whoever asks: that is the claim
    answered_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(null=True)  # when a new run was last found
    found = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=20, null=True)

    # A backlog too long for one time: since when its runs came, and the page to go on with.
    behind_since = models.DateTimeField(null=True)
    behind_page = models.PositiveIntegerField(default=0, db_default=0)

    objects = Due.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "target"], name="follow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.short_id}"

    @property
    def short_id(self) -> str:
        return str(self.target)[:8]


class Name(models.Model):
    """What ComfyDeploy calls a workflow, version, deployment or machine; empty = not known."""

    kind = models.CharField(max_length=12)
    upstream_id = models.CharField(max_length=200)
    text = models.CharField(max_length=200, default="")
    asked_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)  # null: never again

    objects = Due.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "upstream_id"], name="name_once"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="name_due"),
        ]

    def __str__(self) -> str:
        return self.text or f"{self.kind} {self.upstream_id[:8]}"


class RunLog(models.Model):
    """The end of a run's log, masked, as one text; empty where ComfyDeploy holds none."""

    run = models.OneToOneField(Run, models.CASCADE, primary_key=True, related_name="log")
    body = models.TextField(default="")
    lines = models.PositiveIntegerField(default=0)
    cut = models.BooleanField(default=False)  # the beginning was left out
    fetched_at = models.DateTimeField()
    trouble = models.CharField(max_length=20, null=True)

    def __str__(self) -> str:
        return f"Log of {self.run_id}"
