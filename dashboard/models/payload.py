"""The newest answer about each run."""

from __future__ import annotations

import json

from django.db import models

from dashboard.domain.json_types import JsonObject
from dashboard.models.run import Run


class Payload(models.Model):
    """The newest answer about a run, whole and redacted.

    `reader_version` is stored so that answers of an older reader could be read again.
    """

    run = models.OneToOneField(Run, models.CASCADE, primary_key=True, related_name="payload")
    body = models.TextField()
    reader_version = models.PositiveSmallIntegerField()
    observed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Answer for {self.run_id}"

    @classmethod
    def state_of(cls, run: Run) -> JsonObject:
        """The newest answer as it is stored; empty where there is none."""
        body = cls.objects.filter(pk=run.pk).values_list("body", flat=True).first()
        return json.loads(body) if body else {}
