"""Logs of runs that failed or timed out."""

from __future__ import annotations

from django.db import models

from dashboard.models.run import Run


class RunLog(models.Model):
    """The end of a run's log, masked, as one text; empty where ComfyDeploy has none."""

    run = models.OneToOneField(Run, models.CASCADE, primary_key=True, related_name="log")
    body = models.TextField(default="")
    lines = models.PositiveIntegerField(default=0)
    cut = models.BooleanField(default=False)  # the beginning was left out
    fetched_at = models.DateTimeField()
    trouble = models.CharField(max_length=20, null=True)
    # Of what read the body for the run's error; indexed, so that no body is loaded to find it.
    reader_version = models.PositiveSmallIntegerField(default=1, db_index=True)

    def __str__(self) -> str:
        return f"Log of {self.run_id}"
