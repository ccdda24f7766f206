"""Rows that are jobs: each has the time at which its turn comes."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

from django.db import models
from django.db.models.expressions import Combinable

Row = TypeVar("Row", bound=models.Model)


class DueQuerySet(models.QuerySet[Row]):
    """Rows with a `next_at`; leasing a row moves it on."""

    def due(self, now: datetime | Combinable) -> DueQuerySet[Row]:
        """Rows whose time has come, the longest overdue first."""
        return self.filter(next_at__lte=now).order_by("next_at")
