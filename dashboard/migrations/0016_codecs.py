"""What videos and sounds are made with: their codec and frame rate."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0015_file_reason"),
    ]

    operations = [
        migrations.AddField(
            model_name="storedfile",
            name="codec",
            field=models.CharField(default="", max_length=20),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="frame_rate",
            field=models.FloatField(null=True),
        ),
    ]
