"""Which version of the log's reader found a run's error."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0016_codecs"),
    ]

    operations = [
        migrations.AddField(
            model_name="runlog",
            name="reader_version",
            field=models.PositiveSmallIntegerField(db_index=True, default=1),
        ),
    ]
