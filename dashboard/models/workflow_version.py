"""The graphs of workflow versions, which never change."""

from __future__ import annotations

from django.db import models

from dashboard.domain.json_types import JsonObject
from dashboard.models.fields import json_column


class WorkflowVersion(models.Model):
    """A version as ComfyUI takes it, secrets masked; null where it cannot be read."""

    id = models.CharField(max_length=200, primary_key=True)
    graph: JsonObject | None = json_column(null=True)
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Version {self.id[:8]}"
