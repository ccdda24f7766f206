"""Machines that runs were on: when each is asked for its containers and settings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from dashboard.domain.json_types import JsonObject
from dashboard.models.due import DueQuerySet
from dashboard.models.fields import json_column


class UsedMachine(models.Model):
    """One machine; the row is both jobs. Null: not known, or (of the times) not due."""

    id = models.CharField(max_length=200, primary_key=True)

    # Its containers: leasing the row moves `next_at` on.
    next_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    unchanged = models.PositiveIntegerField(default=0)  # answers in a row that told nothing new
    failures = models.PositiveIntegerField(default=0)

    # Its settings, in seconds and containers.
    settings_at = models.DateTimeField(null=True)  # when they are asked for
    settings_of = models.DateTimeField(null=True)  # when they were answered last
    idle_timeout = models.PositiveIntegerField(null=True)
    keep_warm = models.PositiveIntegerField(null=True)
    run_timeout = models.PositiveIntegerField(null=True)
    concurrency_limit = models.PositiveIntegerField(null=True)
    optimised = models.BooleanField(default=False)
    version_id = models.CharField(max_length=200, null=True)
    version = models.PositiveIntegerField(null=True)
    build: JsonObject | None = json_column(null=True)  # how it was built, secrets masked

    objects = DueQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="used_due"),
            models.Index(
                fields=["settings_at"],
                condition=Q(settings_at__isnull=False),
                name="used_settings_due",
            ),
        ]

    def __str__(self) -> str:
        return f"Machine {self.id[:8]}"
