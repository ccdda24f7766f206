"""Labels: titles, tags, notes and stars of runs, with author and time."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from dashboard.domain.text.labels import GONE, STAR, TAG, TITLE
from dashboard.models.run import Run


class LabelQuerySet(models.QuerySet["Label"]):
    def tags(self) -> LabelQuerySet:
        return self.filter(kind=TAG).order_by("folded")


class LabelManager(models.Manager.from_queryset(LabelQuerySet)):  # type: ignore[misc]
    """The labels that runs have."""

    def get_queryset(self) -> LabelQuerySet:
        found: LabelQuerySet = super().get_queryset().exclude(kind=GONE)
        return found


class Label(models.Model):
    """A title, tag, note or star of one run; title and star are on the run's row too.

    Where a title or star was taken away, a row of the kind GONE says by whom and when; `folded`
    is the kind of what is gone. So a label that came and went again is told from one that nobody
    has touched.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="labels", db_index=False)
    kind = models.CharField(max_length=5)
    text = models.TextField(default="")
    folded = models.TextField(default="")  # what is searched and compared
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    objects = LabelManager()
    with_gone = LabelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "kind"], condition=Q(kind__in=(TITLE, STAR)), name="label_one"
            ),
            models.UniqueConstraint(
                fields=["run", "folded"], condition=Q(kind=TAG), name="label_tag_once"
            ),
        ]
        indexes = [
            models.Index(fields=["run", "kind", "id"], name="label_of_run"),
            # The runs with one tag.
            models.Index(fields=["folded"], condition=Q(kind=TAG), name="label_tagged"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of run {self.run_id}"

    @property
    def author(self) -> str:
        return self.by.get_username() if self.by else ""
