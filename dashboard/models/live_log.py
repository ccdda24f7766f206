"""Logs of live runs that somebody looks at."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from dashboard.models.run import Run


class LiveState(StrEnum):
    """How far a live log has come."""

    WAITING = "waiting"  # nobody reads it; it is read as soon as it is wanted
    OPEN = "open"
    ENDED = "ended"  # ComfyDeploy said so, or the run has ended
    BROKEN = "broken"  # tried again soon
    ABSENT = "absent"  # ComfyDeploy gives no such log; tried again in minutes


class LiveLog(models.Model):
    """The last lines of a live run's log, masked, as one text; short-lived.

    While it is read, `holder` is the watcher that does and `next_at` the end of its hold;
    else `next_at` is when it may be read (again).
    """

    run = models.OneToOneField(Run, models.CASCADE, primary_key=True, related_name="live_log")
    state = models.CharField(max_length=12, default=LiveState.WAITING.value)
    wanted_until = models.DateTimeField(db_index=True)  # somebody looks
    next_at = models.DateTimeField()
    holder = models.CharField(max_length=12, default="", db_index=True)
    failures = models.PositiveSmallIntegerField(default=0)  # connections in a row
    body = models.TextField(default="")
    lines = models.PositiveIntegerField(default=0)  # of the body
    left_out = models.PositiveIntegerField(default=0)  # lines before it
    updated_at = models.DateTimeField(null=True)  # the body

    def __str__(self) -> str:
        return f"Live log of {self.run_id}"
