"""ComfyDeploy's prices by GPU, each from the day on which it was first told."""

from __future__ import annotations

from django.db import models


class Price(models.Model):
    """US dollars a second. A price holds until a later row of the GPU."""

    gpu = models.CharField(max_length=40)
    per_second = models.DecimalField(max_digits=16, decimal_places=10)
    told_at = models.DateTimeField()  # first told
    checked_at = models.DateTimeField()  # last told

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gpu", "told_at"], name="price_once")]

    def __str__(self) -> str:
        return f"{self.gpu}: ${self.per_second} a second"
