"""What backups of earlier versions call tables and columns that have other names now."""

RENAMED_TABLES = {
    "dashboard.kept": "dashboard.storedfile",
    "dashboard.removed": "dashboard.removedrun",
}
RENAMED_COLUMNS = {
    "dashboard.run": {"hinted_at": "nudged_at", "beside_version": "extras_version"},
    "dashboard.storedfile": {"why": "reason", "kept_at": "stored_at"},
}
"""Tables and columns under their names in backups of earlier versions, with today's names."""
