"""What the tables of workflows, deployments and machines have in common."""

from __future__ import annotations

from django.db import models


class DirectoryEntry(models.Model):
    """A thing of the key's workspace, as ComfyDeploy's list last had it."""

    uuid = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=200, default="")
    org_id = models.CharField(max_length=200, default="")  # empty: the key is a personal one
    changed_at = models.DateTimeField(null=True)  # by ComfyDeploy's account
    seen_at = models.DateTimeField()  # last time in its list
    deleted_at = models.DateTimeField(null=True)  # when its deletion was noticed

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name or str(self.uuid)[:8]
