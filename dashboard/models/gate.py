"""The gate: one shared row that says whether ComfyDeploy may be asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connection, models, transaction

from dashboard.domain.polling.circuit_breaker import BreakerState

SINGLE = 1
COLUMNS = ("reason", "since", "until", "strikes", "key")

Decide = Callable[[BreakerState], BreakerState]


class Gate(models.Model):
    """The state of the circuit breaker; without the row the gate is open."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=SINGLE)
    reason = models.CharField(max_length=20, default="")  # a trouble while closed
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    strikes = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=16, default="")  # digest of the key concerned

    def __str__(self) -> str:
        return f"Closed: {self.reason}" if self.reason else "Open"

    @classmethod
    def read(cls) -> BreakerState:
        """The state as it is stored now."""
        row = cls.objects.filter(pk=SINGLE).values_list(*COLUMNS).first()
        return BreakerState(*row) if row else BreakerState()

    @classmethod
    def change(
        cls, decide: Callable[[BreakerState], BreakerState]
    ) -> tuple[BreakerState, BreakerState]:
        """Stores `decide(state)` with the row locked; returns the states before and after."""
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
    def claim_probe(cls, state: BreakerState, until: datetime) -> bool:
        """Claims the probe by moving `until` on; False if another process has it."""
        rows = cls.objects.filter(pk=SINGLE, reason=state.reason, until=state.until)
        return bool(rows.update(until=until))
