"""Workflow versions, which never change."""

from __future__ import annotations

from django.db import models

from dashboard.domain.json_types import JsonObject
from dashboard.models.fields import json_column


class WorkflowVersion(models.Model):
    """A version, secrets masked; null where it cannot be read."""

    id = models.CharField(max_length=200, primary_key=True)
    graph: JsonObject | None = json_column(null=True)  # as it is executed
    workflow: JsonObject | None = json_column(null=True)  # as ComfyUI's editor takes it
    made_with: JsonObject | None = json_column(null=True)  # what ComfyDeploy says of its making
    read_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Version {self.id[:8]}"
