"""What backups of earlier versions call things: every new name is one that there is."""

from dashboard.services.ops import backup
from dashboard.services.ops.renamed import RENAMED_COLUMNS, RENAMED_TABLES

TABLES = {table._meta.label_lower: table for table in backup.tables()}


def test_renamed_tables_are_there_under_their_new_names_alone() -> None:
    assert set(RENAMED_TABLES.values()) <= set(TABLES)
    assert not set(RENAMED_TABLES) & set(TABLES)


def test_renamed_columns_are_there_under_their_new_names_alone() -> None:
    for label, renamed in RENAMED_COLUMNS.items():
        names = {field.attname for field in backup.columns(TABLES[label])}
        assert set(renamed.values()) <= names
        assert not set(renamed) & names
