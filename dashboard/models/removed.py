"""Removed runs, which automatic tracking leaves alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import models


class RemovedRun(models.Model):
    """A run that was deleted or pruned; opening it by its ID brings it back."""

    uuid = models.UUIDField(primary_key=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "dashboard_removed"

    def __str__(self) -> str:
        return f"{self.uuid} removed at {self.at}"

    @classmethod
    def note(cls, ids: Iterable[UUID], at: datetime) -> None:
        """Records runs as removed."""
        rows = [RemovedRun(uuid=run_id, at=at) for run_id in ids]
        RemovedRun.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["uuid"], update_fields=["at"]
        )

    @classmethod
    def among(cls, ids: Iterable[UUID]) -> set[UUID]:
        """Those of these runs that were removed."""
        return set(cls.objects.filter(uuid__in=list(ids)).values_list("uuid", flat=True))
