"""The workflows of the key's workspace."""

from __future__ import annotations

from django.db import models

from dashboard.models.directory_entry import DirectoryEntry


class Workflow(DirectoryEntry):
    cover_url = models.CharField(max_length=2000, default="")
