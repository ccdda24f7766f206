"""Workflows and deployments whose new runs are tracked."""

from __future__ import annotations

from django.db import models

from dashboard.models.due import DueQuerySet


class Follow(models.Model):
    """A workflow or deployment whose new runs are tracked; its row is the job."""

    KINDS = {"workflow": "Workflow", "deployment": "Deployment"}

    kind = models.CharField(max_length=12, choices=KINDS.items())
    target = models.UUIDField()
    since = models.DateTimeField()
    next_at = models.DateTimeField(db_index=True)  # leasing the row moves it on
    answered_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(null=True)  # when a new run was last found
    found = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=20, null=True)

    # A backlog too long for one time: since when its runs came, and the page to go on with.
    behind_since = models.DateTimeField(null=True)
    behind_page = models.PositiveIntegerField(default=0, db_default=0)

    objects = DueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "target"], name="follow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.short_id}"

    @property
    def short_id(self) -> str:
        return str(self.target)[:8]
