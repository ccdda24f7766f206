"""Workflows and deployments whose new runs are tracked."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from dashboard.models.due import DueQuerySet


class FollowQuerySet(DueQuerySet["Follow"]):
    def followed(self) -> FollowQuerySet:
        """Those that are followed, paused ones too; the rest was left out."""
        return self.filter(left_out_at=None)

    def active(self) -> FollowQuerySet:
        """Those whose runs are listed."""
        return self.followed().filter(paused_at=None)


class Follow(models.Model):
    """A workflow or deployment whose new runs are tracked; its row is the job."""

    KINDS = {"workflow": "Workflow", "deployment": "Deployment"}

    kind = models.CharField(max_length=12, choices=KINDS.items())
    target = models.UUIDField()
    since = models.DateTimeField()
    next_at = models.DateTimeField(db_index=True)  # leasing the row moves it on
    answered_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(null=True)  # when a new run was last found
    found = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=20, null=True)

    newest_at = models.DateTimeField(null=True)  # when the newest listed run was created
    every = models.FloatField(default=30.0, db_default=30.0)  # seconds between two listings
    paused_at = models.DateTimeField(null=True)  # null: not paused
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    left_out_at = models.DateTimeField(null=True)  # not followed, and does not join by itself

    # Past runs: how far back they are listed, and how far that has come.
    history_from = models.DateTimeField(null=True)  # null: none are wanted
    history_at = models.DateTimeField(null=True, db_index=True)  # the next page is due; leased
    history_offset = models.PositiveIntegerField(default=0, db_default=0)  # rows that are passed
    history_done_at = models.DateTimeField(null=True)

    # A backlog too long for one time: since when its runs came, and the page to go on with.
    behind_since = models.DateTimeField(null=True)
    behind_page = models.PositiveIntegerField(default=0, db_default=0)

    objects = FollowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "target"], name="follow_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.short_id}"

    @property
    def short_id(self) -> str:
        return str(self.target)[:8]
