"""ComfyDeploy's lists of workflows, deployments and machines: when each is asked for again."""

from __future__ import annotations

from django.db import models

from dashboard.models.due import DueQuerySet


class DirectoryList(models.Model):
    """One list and how its last request ended; the row is the job, one page at a time."""

    name = models.CharField(max_length=12, primary_key=True)
    next_at = models.DateTimeField()  # leasing the row moves it on
    started_at = models.DateTimeField(null=True)  # the listing under way, else the last one
    offset = models.PositiveIntegerField(default=0)  # rows that the listing under way has passed
    listed_at = models.DateTimeField(null=True)  # when the last whole listing started
    asked_at = models.DateTimeField(null=True)
    wanted_at = models.DateTimeField(null=True)  # when something unknown was last heard of
    trouble = models.CharField(max_length=20, null=True)  # null: the last answer was good
    failures = models.PositiveIntegerField(default=0)

    objects = DueQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
