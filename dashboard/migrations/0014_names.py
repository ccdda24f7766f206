"""Models and fields get the names of the field; every table and column keeps its own."""

import django.db.models.deletion
from django.db import migrations, models

RENAMED = (
    ("Kept", "StoredFile", "dashboard_kept"),
    ("Shelf", "StorageUsage", "dashboard_shelf"),
    ("Mark", "SharedState", "dashboard_mark"),
    ("Removed", "RemovedRun", "dashboard_removed"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0013_seconds"),
    ]

    operations = [
        *(migrations.AlterModelTable(name=old, table=table) for old, _, table in RENAMED),
        *(migrations.RenameModel(old_name=old, new_name=new) for old, new, _ in RENAMED),
        migrations.AlterField(
            model_name="storedfile",
            name="run",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="stored_files",
                to="dashboard.run",
            ),
        ),
        migrations.AlterField(
            model_name="run",
            name="hinted_at",
            field=models.DateTimeField(db_column="hinted_at", null=True),
        ),
        migrations.AlterField(
            model_name="run",
            name="beside_version",
            field=models.PositiveIntegerField(db_column="beside_version", default=0),
        ),
        migrations.RenameField(model_name="run", old_name="hinted_at", new_name="nudged_at"),
        migrations.RenameField(
            model_name="run", old_name="beside_version", new_name="extras_version"
        ),
    ]
