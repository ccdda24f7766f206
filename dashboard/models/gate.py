"""The one row that says whether ComfyDeploy may be asked at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from dashboard.domain.polling.circuit_breaker import BreakerState

SINGLE = 1
COLUMNS = ("reason", "since", "until", "strikes", "key")


class Gate(models.Model):
    """Shared by every process over this database; without the row all is open."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=SINGLE)
    reason = models.CharField(max_length=20, default="")  # a trouble word while closed
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    strikes = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=16, default="")  # digest of the key concerned

    def __str__(self) -> str:
        return f"Closed: {self.reason}" if self.reason else "Open"

    @classmethod
    def read(cls) -> BreakerState:
        row = cls.objects.filter(pk=SINGLE).values_list(*COLUMNS).first()
        return BreakerState(*row) if row else BreakerState()

    @classmethod
    def change(cls, decide: Any) -> tuple[BreakerState, BreakerState]:
        """Applies `decide(state) -> state` with the row locked; the states before and after."""
        with transaction.atomic():
            cls.objects.get_or_create(pk=SINGLE)
            rows = cls.objects.filter(pk=SINGLE)
            if connection.features.has_select_for_update:
                rows = rows.select_for_update()
            before = BreakerState(*rows.values_list(*COLUMNS).get())
            after = decide(before)
            if after != before:
                values = {name: getattr(after, name) for name in COLUMNS}
                cls.objects.filter(pk=SINGLE).update(**values)
        return before, after

    @classmethod
    def take_probe(cls, state: BreakerState, until: datetime) -> bool:
        """Whether this process is the one that may ask once; the others wait until then."""
        rows = cls.objects.filter(pk=SINGLE, reason=state.reason, until=state.until)
        return bool(rows.update(until=until))
