"""Rows that are jobs: each has the time at which its turn comes."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class DueQuerySet(models.QuerySet[Row]):
    """Rows with a `next_at`; leasing a row moves it on."""

    def due(self, now: Any) -> DueQuerySet[Row]:
        """Rows whose time has come, the longest overdue first."""
        return self.filter(next_at__lte=now).order_by("next_at")
