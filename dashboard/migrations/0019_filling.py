"""What is followed by itself, past runs, batches, and who started a run."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0018_discovery"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Board",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("first_started_at", models.DateTimeField()),
                ("follow", models.CharField(default="", max_length=6)),
                ("history_stopped_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="UpstreamUser",
            fields=[
                ("id", models.CharField(max_length=200, primary_key=True, serialize=False)),
                ("name", models.CharField(default="", max_length=200)),
                ("picture", models.TextField(default="")),
                ("picture_digest", models.CharField(default="", max_length=16)),
                ("asked_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name="follow",
            name="every",
            field=models.FloatField(db_default=30.0, default=30.0),
        ),
        migrations.AddField(
            model_name="follow",
            name="history_at",
            field=models.DateTimeField(db_index=True, null=True),
        ),
        migrations.AddField(
            model_name="follow",
            name="history_done_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="follow",
            name="history_from",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="follow",
            name="history_offset",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="follow",
            name="left_out_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="follow",
            name="newest_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="follow",
            name="paused_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="follow",
            name="paused_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="run",
            name="batch_id",
            field=models.CharField(max_length=200, null=True),
        ),
        migrations.AddField(
            model_name="run",
            name="foreign",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="run",
            name="user_id",
            field=models.CharField(max_length=200, null=True),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                models.F("workflow_version_id"),
                models.OrderBy(models.F("sorted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("workflow_version_id__isnull", False)),
                name="run_version",
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                models.F("deployment_id"),
                models.OrderBy(models.F("sorted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("deployment_id__isnull", False)),
                name="run_deployment",
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                models.F("machine_id"),
                models.OrderBy(models.F("sorted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("machine_id__isnull", False)),
                name="run_machine",
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                models.F("batch_id"),
                models.OrderBy(models.F("sorted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("batch_id__isnull", False)),
                name="run_batch",
            ),
        ),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                models.OrderBy(models.F("sorted_at"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("failures", 0),
                    ("finished", True),
                    ("next_refresh_at__isnull", True),
                    ("observed_at", None),
                ),
                name="run_unfetched",
            ),
        ),
        migrations.AddField(
            model_name="board",
            name="history_stopped_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="upstreamuser",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)), fields=["next_at"], name="user_due"
            ),
        ),
    ]
