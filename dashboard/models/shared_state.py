"""The shared state: small facts that all processes share."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class SharedState(models.Model):
    """A named moment with a word: a heartbeat, ComfyDeploy's last answer, the state of the key."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    word = models.CharField(max_length=200, default="")

    class Meta:
        db_table = "dashboard_mark"

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"

    @classmethod
    def put(cls, name: str, at: datetime, word: str = "") -> None:
        cls.objects.update_or_create(name=name, defaults={"at": at, "word": word})

    @classmethod
    def read(cls) -> dict[str, SharedState]:
        return {row.name: row for row in cls.objects.all()}
