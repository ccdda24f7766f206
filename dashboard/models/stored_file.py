"""Copies of outputs' files that Runboard keeps itself, and the room that they take."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Sum

from dashboard.models.run import Run


class StoredFile(models.Model):
    """The copy of one output's file, or why there is none; its row is the job."""

    # A removed run leaves its rows, so that its files are found and removed too.
    run = models.ForeignKey(
        Run, models.SET_NULL, null=True, related_name="stored_files", db_index=False
    )
    identity = models.CharField(max_length=64)  # the output's
    place = models.CharField(max_length=32, unique=True)  # the file's name in the storage
    why = models.CharField(max_length=12, default="waiting")  # empty: the copy is whole
    # All that lies here of it; while it is being copied, what is set aside for it.
    size = models.BigIntegerField(default=0)
    thumb_size = models.PositiveIntegerField(default=0)  # its small picture's part of `size`
    type = models.CharField(max_length=60, default="")
    inline = models.BooleanField(default=False)  # may open in a page
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(null=True)  # of a film or sound
    sha256 = models.CharField(max_length=64, default="")
    kept_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)  # moved on by whoever copies it: that is the claim
    token = models.UUIDField(null=True)

    class Meta:
        db_table = "dashboard_kept"
        verbose_name_plural = "kept files"
        constraints = [models.UniqueConstraint(fields=["run", "identity"], name="kept_once")]
        indexes = [
            # Which files are to be copied.
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="kept_due"),
            # Whose run is gone.
            models.Index(fields=["id"], condition=Q(run__isnull=True), name="kept_orphan"),
        ]

    def __str__(self) -> str:
        return f"{self.type or 'file'} {self.why or 'kept'}"

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


class StorageUsage(models.Model):
    """The bytes of all kept files, with what is set aside for those under way: one row."""

    bytes = models.BigIntegerField(default=0)

    class Meta:
        db_table = "dashboard_shelf"

    def __str__(self) -> str:
        return f"{self.bytes} bytes"

    @classmethod
    def recount(cls) -> None:
        """To be called in a transaction: every change of a size changes this row too."""
        cls.objects.get_or_create(pk=1)
        cls.objects.select_for_update().get(pk=1)
        total = StoredFile.objects.aggregate(total=Sum("size"))["total"] or 0
        cls.objects.filter(pk=1).update(bytes=total)
