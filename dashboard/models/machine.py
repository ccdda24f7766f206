"""The machines of the key's workspace."""

from __future__ import annotations

from django.db import models

from dashboard.models.directory_entry import DirectoryEntry


class Machine(DirectoryEntry):
    gpu = models.CharField(max_length=40, default="")
