"""Actions on several runs at once: what is asked for, how far it is, and what was before."""

from __future__ import annotations

from enum import StrEnum

from django.conf import settings
from django.db import models


class BulkState(StrEnum):
    """How far an action on several runs has come."""

    DOING = "doing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class BulkAction(models.Model):
    """A tag, title or star for many runs, or their removal; its runs stand fixed from the start.

    `next_at` is when the next part may be done, moved on by whoever leases it; null where
    nothing is left to do.
    """

    kind = models.CharField(max_length=8)
    text = models.TextField(default="")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(db_index=True)
    state = models.CharField(max_length=8, default=BulkState.DOING.value)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)  # of the total; while undoing, undone
    gone = models.PositiveIntegerField(default=0)  # removed before their turn
    full = models.PositiveIntegerField(default=0)  # have as many tags as a run may
    moved = models.PositiveIntegerField(default=0)  # changed since, so not undone
    bounded = models.BooleanField(default=False)  # more were asked for than one action takes
    next_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(next_at__isnull=False),
                name="bulk_action_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.total} runs"

    @property
    def running(self) -> bool:
        return self.state in (BulkState.DOING, BulkState.UNDOING)


class BulkItem(models.Model):
    """One run of an action; by its ID, for it may be removed meanwhile."""

    action = models.ForeignKey(BulkAction, models.CASCADE, related_name="items", db_index=False)
    run_uuid = models.UUIDField()
    applied = models.BooleanField(default=False)
    # [before, after], each null or what the label says; null where nothing was changed.
    change = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["action", "applied", "id"], name="bulk_item_next")]

    def __str__(self) -> str:
        return f"Run {self.run_uuid}"
