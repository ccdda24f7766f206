"""Saved views: filters of the list under a name, and the view that a person's list opens with."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class SavedView(models.Model):
    """A filter of the list under a name: one person's own, or everybody's."""

    name = models.CharField(max_length=60)
    folded = models.TextField()  # the name in any case: what is compared and ordered by
    query = models.TextField()  # the query string in its one form, relative times as they are
    owner = models.ForeignKey(  # null: everybody's
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", db_index=False
    )
    by = models.ForeignKey(  # who saved it, and last changed its filter
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "folded"], name="view_of_owner_once"),
            models.UniqueConstraint(
                fields=["folded"], condition=Q(owner=None), name="view_of_everybody_once"
            ),
        ]

    def __str__(self) -> str:
        return f"view {self.pk}"

    @property
    def shared(self) -> bool:
        """Whether it is everybody's."""
        return self.owner_id is None


class DefaultView(models.Model):
    """The view that a person's list opens with."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+"
    )
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"default of {self.user_id}"
