"""The index of the full-text search. Watchers fill it, newest runs first."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = (
    "CREATE VIRTUAL TABLE dashboard_searchindex"
    " USING fts5(words, content='', columnsize=0, tokenize='ascii')",
)
POSTGRES = (
    "ALTER TABLE dashboard_searchdocument ADD COLUMN words tsvector NOT NULL DEFAULT ''",
    "CREATE INDEX search_words ON dashboard_searchdocument USING gin (words)",
)


def create_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for sql in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES:
        schema_editor.execute(sql)


def drop_index(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # On PostgreSQL it goes with its table.
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE dashboard_searchindex")


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0030_known_causes"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchDocument",
            fields=[
                (
                    "run",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_document",
                        serialize=False,
                        to="dashboard.run",
                    ),
                ),
                ("rules", models.PositiveSmallIntegerField()),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.RunPython(create_index, drop_index),
    ]
