"""A board that has runs or follows already keeps following what was chosen."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Min


def keep_chosen(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    run, follow = apps.get_model("dashboard", "Run"), apps.get_model("dashboard", "Follow")
    seen = run.objects.aggregate(at=Min("first_seen_at"))["at"]
    followed = follow.objects.aggregate(at=Min("since"))["at"]
    known = [at for at in (seen, followed) if at]
    if known:
        apps.get_model("dashboard", "Board").objects.create(
            id=1, first_started_at=min(known), follow="chosen"
        )


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0019_filling"),
    ]

    operations = [
        migrations.RunPython(keep_chosen, migrations.RunPython.noop),
    ]
