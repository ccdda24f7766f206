"""Marks of outputs: picked or rejected, and rated, with who did it last and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from dashboard.domain.run.marks import CHOICES, NO_CHOICE, NO_RATING, PICKED, RATINGS
from dashboard.models.output import Output
from dashboard.models.run import Run


class OutputMarkQuerySet(models.QuerySet["OutputMark"]):
    def picked(self, run: int) -> OutputMarkQuerySet:
        """The picks among the outputs that the run has now."""
        there = Output.objects.filter(run=OuterRef("run"), identity=OuterRef("identity"))
        return self.filter(Exists(there), run=run, choice=PICKED)


class OutputMarkManager(models.Manager.from_queryset(OutputMarkQuerySet)):  # type: ignore[misc]
    """Marks always come with who made them, also where they are prefetched."""

    def get_queryset(self) -> OutputMarkQuerySet:
        found: OutputMarkQuerySet = super().get_queryset().select_related("by")
        return found


class OutputMark(models.Model):
    """The one mark of an output.

    It is tied to the output's identity, not to its row: rows come and go with
    answers, and an output that an answer leaves out and a later one sends again
    is marked as before. It goes with its run.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="output_marks", db_index=False)
    identity = models.CharField(max_length=64)  # the output's
    choice = models.CharField(max_length=8, default=NO_CHOICE)
    rating = models.PositiveSmallIntegerField(default=NO_RATING)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    objects = OutputMarkManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "identity"], name="mark_one"),
            models.CheckConstraint(
                condition=Q(choice__in=(NO_CHOICE, *CHOICES)), name="mark_choice_is_known"
            ),
            models.CheckConstraint(
                condition=Q(rating__in=(NO_RATING, *RATINGS)), name="mark_rating_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.choice or self.rating} of run {self.run_id}"

    @property
    def author(self) -> str:
        return self.by.get_username() if self.by else ""
