"""Fingerprints of the errors that are stored already, so that alike ones are found among them."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from dashboard.domain.changed.alike_errors import error_fingerprint
from dashboard.domain.run.facts import StoredError, fuller_error

BATCH = 500


def digest_errors(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    runs = apps.get_model("dashboard", "Run").objects
    failed = runs.filter(status__in=("failed", "timeout"), error_digest="").order_by("pk")
    rows = failed.only("pk", "error", "list_error", "log_error").iterator(chunk_size=BATCH)
    for run in rows:
        shown = run.error or fuller_error(run.list_error, run.log_error) or StoredError()
        digest = error_fingerprint(shown.get("exception_type"), shown.get("message"))
        if digest:
            runs.filter(pk=run.pk).update(error_digest=digest)


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0025_changed"),
    ]

    operations = [
        migrations.RunPython(digest_errors, migrations.RunPython.noop),
    ]
