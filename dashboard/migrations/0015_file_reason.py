"""Two fields of stored files get plain names; their columns stay."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0014_names"),
    ]

    operations = [
        migrations.AlterField(
            model_name="storedfile",
            name="why",
            field=models.CharField(db_column="why", default="waiting", max_length=12),
        ),
        migrations.AlterField(
            model_name="storedfile",
            name="kept_at",
            field=models.DateTimeField(db_column="kept_at", null=True),
        ),
        migrations.RenameField(model_name="storedfile", old_name="why", new_name="reason"),
        migrations.RenameField(model_name="storedfile", old_name="kept_at", new_name="stored_at"),
    ]
