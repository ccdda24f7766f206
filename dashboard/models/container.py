"""Containers: the GPU machines that ComfyDeploy started for runs, kept when it forgets them."""

from __future__ import annotations

from django.db import models


class Container(models.Model):
    """One event of a machine; a run names it as its `gpu_event_id`. Null: not known."""

    id = models.UUIDField(primary_key=True)
    machine_id = models.CharField(max_length=200)
    machine_version_id = models.CharField(max_length=200, null=True)
    gpu = models.CharField(max_length=200, null=True)
    environment = models.CharField(max_length=200, null=True)  # of a fluid deployment
    session_id = models.CharField(max_length=200, null=True)  # of a person's workspace
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    open = models.BooleanField()  # its end was not told when it was last listed
    listed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["machine_id", "started_at"], name="container_machine")]

    def __str__(self) -> str:
        return f"Container {str(self.id)[:8]}"
