"""Share links: what each shows, and until when."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from dashboard.models.run import Run


class ShareQuerySet(models.QuerySet["Share"]):
    def newest(self) -> ShareQuerySet:
        """With how many runs each sheet has: `sheet_size`."""
        size = models.Count("shared_runs")
        links = self.annotate(sheet_size=size)
        return links.select_related("run", "made_by", "revoked_by").order_by("-pk")


class Share(models.Model):
    """A link for readers without an account; only its token's digest is stored.

    It shows one run, or else a sheet: the runs of its `SharedRun` rows.
    """

    digest = models.CharField(max_length=64, unique=True)
    run = models.ForeignKey(Run, models.CASCADE, null=True, related_name="shares")
    title = models.CharField(max_length=120)
    gives = models.CharField(max_length=60)  # words of domain/sharing.py, with spaces between
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="shares"
    )
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)  # null: never
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)
    views = models.PositiveIntegerField(default=0)
    seen_at = models.DateTimeField(null=True)  # when it was last opened

    objects = ShareQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Share {self.pk} of {'a sheet' if self.is_sheet else f'run {self.run_id}'}"

    @property
    def is_sheet(self) -> bool:
        """Whether it shows several runs; a link to one run goes with its run."""
        return self.run is None

    @property
    def one_run(self) -> Run:
        """The run of a link that is no sheet."""
        if self.run is None:
            raise TypeError("A sheet has several runs.")
        return self.run

    @property
    def scopes(self) -> frozenset[str]:
        return frozenset(self.gives.split())

    @property
    def life(self) -> str:
        """Its lifetime, as `domain/sharing.LIFETIME_DAYS` names it."""
        return "never" if self.ends_at is None else str((self.ends_at - self.made_at).days)

    def is_open(self, now: datetime) -> bool:
        """Whether it is neither revoked nor expired."""
        return self.revoked_at is None and (self.ends_at is None or now < self.ends_at)


class SharedRun(models.Model):
    """A run of a sheet, chosen when its link was made; it goes with the run."""

    share = models.ForeignKey(
        Share, models.CASCADE, related_name="shared_runs", db_index=False
    )  # the constraint's index begins with it
    run = models.ForeignKey(Run, models.CASCADE, related_name="in_sheets")
    position = models.PositiveSmallIntegerField()  # from 0, as the runs were chosen

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["share", "position"], name="shared_run_place"),
            models.UniqueConstraint(fields=["share", "run"], name="shared_run_once"),
        ]

    def __str__(self) -> str:
        return f"Run {self.run_id} of share {self.share_id}"
