"""The audit: who did what."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class AuditEntry(models.Model):
    """One action. The actor's name is stored as text too: it outlives the account."""

    at = models.DateTimeField(db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    name = models.CharField(max_length=150, default="")
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["action", "-id"], name="audit_by_action"),
            models.Index(fields=["name", "-id"], name="audit_by_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.action} {self.subject} at {self.at}"
