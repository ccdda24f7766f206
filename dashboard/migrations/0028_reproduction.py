from django.db import migrations
from django.utils import timezone

import dashboard.models.fields


def ask_again(apps, schema_editor):
    """Versions and machines are asked for once more: the answers tell what is kept from now on."""
    now = timezone.now()
    names = apps.get_model("dashboard", "Name").objects
    names.filter(kind="version", next_at=None).update(next_at=now)
    machines = apps.get_model("dashboard", "UsedMachine").objects
    machines.filter(settings_at__gt=now).update(settings_at=now)


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0027_live_log"),
    ]

    operations = [
        migrations.AddField(
            model_name="workflowversion",
            name="workflow",
            field=dashboard.models.fields.ExactJSONField(null=True),
        ),
        migrations.AddField(
            model_name="workflowversion",
            name="made_with",
            field=dashboard.models.fields.ExactJSONField(null=True),
        ),
        migrations.AddField(
            model_name="usedmachine",
            name="build",
            field=dashboard.models.fields.ExactJSONField(null=True),
        ),
        migrations.RunPython(ask_again, migrations.RunPython.noop),
    ]
