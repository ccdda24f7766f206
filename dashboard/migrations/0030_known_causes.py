"""Fingerprints and causes of the failures that are stored already."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from dashboard.domain.changed.error_columns import error_columns
from dashboard.domain.run.facts import fuller_error

BATCH = 500


def tell_causes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    runs = apps.get_model("dashboard", "Run").objects
    failed = runs.filter(status__in=("failed", "timeout"), error_cause="").order_by("pk")
    columns = ("pk", "status", "error", "list_error", "log_error")
    for run in failed.only(*columns).iterator(chunk_size=BATCH):
        shown = run.error or fuller_error(run.list_error, run.log_error)
        found = error_columns(run.status, shown)
        if any(found.values()):
            runs.filter(pk=run.pk).update(**found)


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0029_causes"),
    ]

    operations = [
        migrations.RunPython(tell_causes, migrations.RunPython.noop),
    ]
