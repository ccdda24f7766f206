"""The history of a run, as one row for each observed change."""

from __future__ import annotations

from django.db import models

from dashboard.domain.json_types import JsonObject
from dashboard.models.fields import json_column
from dashboard.models.run import Run


class Snapshot(models.Model):
    """The fields that differ between an answer and the one before it."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="snapshots", db_index=False)
    observed_at = models.DateTimeField()
    status = models.CharField(max_length=100)
    progress = models.FloatField(null=True)
    live_status = models.TextField(null=True)
    changes: JsonObject = json_column()  # upstream's field: its new value
    dropped: list[str] = json_column(default=list)  # fields no longer sent

    class Meta:
        # A run's history is read in the order in which it was written.
        indexes = [models.Index(fields=["run", "id"], name="snapshot_history")]

    def __str__(self) -> str:
        return f"{self.status} at {self.observed_at}"
