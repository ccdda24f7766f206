"""What was reported of the nodes of runs, and which workflows' lists are asked for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from dashboard.domain.json_types import JsonObject
from dashboard.models.due import DueQuerySet
from dashboard.models.fields import json_column
from dashboard.models.run import Run


class RunNodes(models.Model):
    """The node times of one run, as its machine reported them at the end."""

    run = models.OneToOneField(Run, models.CASCADE, primary_key=True, related_name="nodes")
    reported: list[JsonObject] = json_column()
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Nodes of {self.run_id}"


class WorkflowDetails(models.Model):
    """A workflow whose older list of runs is asked for; the row is the job. Null: not due."""

    workflow_id = models.CharField(max_length=200, primary_key=True)
    next_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)

    objects = DueQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(next_at__isnull=False), name="details_due"
            ),
        ]

    def __str__(self) -> str:
        return f"Details of {self.workflow_id[:8]}"
