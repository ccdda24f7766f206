"""Stored files: Runboard's own copies of outputs' files."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from dashboard.models.run import Run


class StoredFile(models.Model):
    """The copy of one output's file, or why there is none; the row is the copying job too."""

    # A removed run leaves these rows, so that its files are found and removed too.
    run = models.ForeignKey(
        Run, models.SET_NULL, null=True, related_name="stored_files", db_index=False
    )
    identity = models.CharField(max_length=64)  # the output's
    place = models.CharField(max_length=32, unique=True)  # the file's name in the file store
    # Why there is no copy, as a `FileReason`; empty: the copy is whole.
    reason = models.CharField(max_length=12, default="waiting", db_column="why")
    # Bytes of the file and its thumbnail; during the copy, the bytes reserved for it.
    size = models.BigIntegerField(default=0)
    thumb_size = models.PositiveIntegerField(default=0)  # the thumbnail's part of `size`
    type = models.CharField(max_length=60, default="")
    inline = models.BooleanField(default=False)  # may open in a page
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(null=True)  # of a video or sound
    codec = models.CharField(max_length=20, default="")  # of its pictures, else of its sound
    frame_rate = models.FloatField(null=True)  # frames a second
    sha256 = models.CharField(max_length=64, default="")
    stored_at = models.DateTimeField(null=True, db_column="kept_at")
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # leasing the row moves it on
    token = models.UUIDField(null=True)

    class Meta:
        db_table = "dashboard_kept"
        verbose_name_plural = "kept files"
        constraints = [models.UniqueConstraint(fields=["run", "identity"], name="kept_once")]
        indexes = [
            # The file queue.
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="kept_due"),
            # Files of removed runs.
            models.Index(fields=["id"], condition=Q(run__isnull=True), name="kept_orphan"),
        ]

    def __str__(self) -> str:
        return f"{self.type or 'file'} {self.reason or 'kept'}"

    @property
    def name(self) -> str:
        return f"{self.place[:2]}/{self.place}"

    @property
    def thumb_name(self) -> str:
        return f"{self.name}.webp"

    @property
    def length(self) -> int:
        """The bytes of the file itself."""
        return self.size - self.thumb_size
