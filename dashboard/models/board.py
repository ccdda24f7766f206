"""What holds for the whole board: one row."""

from __future__ import annotations

from django.conf import settings
from django.db import models

SINGLE = 1
ALL, CHOSEN = "all", "chosen"


class Board(models.Model):
    """When the board was first started, what it follows, and whether it reads past runs."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=SINGLE)
    first_started_at = models.DateTimeField()
    follow = models.CharField(max_length=6, default="")  # empty: nobody has chosen
    history_stopped_at = models.DateTimeField(null=True)  # null: past runs are read
    history_stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )

    def __str__(self) -> str:
        return f"Board since {self.first_started_at}"
