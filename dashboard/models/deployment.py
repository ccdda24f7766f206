"""The deployments of the key's workspace."""

from __future__ import annotations

from django.db import models

from dashboard.models.directory_entry import DirectoryEntry


class Deployment(DirectoryEntry):
    """A workflow's version on a machine; a fluid one has its own image, in a list of its own."""

    environment = models.CharField(max_length=40, default="")
    gpu = models.CharField(max_length=40, default="")
    workflow_id = models.UUIDField(null=True)  # either may not be in our tables
    machine_id = models.UUIDField(null=True)
    fluid = models.BooleanField(default=False)
