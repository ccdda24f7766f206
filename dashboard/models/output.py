"""The outputs of runs."""

from __future__ import annotations

from django.db import models

from dashboard.models.run import Run


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
            # A run's outputs in order, and the first image of each row of the list.
            models.Index(fields=["run", "position"], name="output_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.filename or self.key}"
