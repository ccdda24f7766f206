"""What was answered about a run: the newest answer whole, its history, its outputs."""

from __future__ import annotations

import json
from typing import Any

from django.db import models

from dashboard.models.fields import ExactJSONField
from dashboard.models.run import Run


class Payload(models.Model):
    """The newest answer, masked, whole: a better reader can be run over it."""

    run = models.OneToOneField(Run, models.CASCADE, primary_key=True, related_name="payload")
    body = models.TextField()
    reader_version = models.PositiveSmallIntegerField()
    observed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Answer for {self.run_id}"

    @classmethod
    def state_of(cls, run: Run) -> dict[str, Any]:
        """The newest answer as it was stored, or nothing."""
        body = cls.objects.filter(pk=run.pk).values_list("body", flat=True).first()
        return json.loads(body) if body else {}


class Snapshot(models.Model):
    """What had changed when an answer differed from the one before it."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="snapshots", db_index=False)
    observed_at = models.DateTimeField()
    status = models.CharField(max_length=100)
    progress = models.FloatField(null=True)
    live_status = models.TextField(null=True)
    changes: Any = ExactJSONField()  # upstream's field: its new value
    dropped: Any = ExactJSONField(default=list)  # upstream's fields that were no longer sent

    class Meta:
        # A run's history is read in the order in which it was written.
        indexes = [models.Index(fields=["run", "id"], name="snapshot_history")]

    def __str__(self) -> str:
        return f"{self.status} at {self.observed_at}"


class Output(models.Model):
    """One media object or string of a run, with the newest link to it."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="outputs", db_index=False)
    position = models.PositiveIntegerField()
    identity = models.CharField(max_length=64)
    kind = models.CharField(max_length=10)
    key = models.TextField()
    filename = models.TextField(null=True)
    url = models.TextField(null=True)
    text = models.TextField(null=True)
    node_id = models.TextField(null=True)
    node_class = models.TextField(null=True)
    output_id = models.TextField(null=True)
    unsafe = models.BooleanField(default=False)
    created_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["position"]
        constraints = [
            # The same file or text of the same node is one output, however often it is sent.
            models.UniqueConstraint(fields=["run", "identity"], name="output_once"),
        ]
        indexes = [
            # A run's outputs in order, and the first picture of each row of the list.
            models.Index(fields=["run", "position"], name="output_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.filename or self.key}"
