"""The workflows, deployments and machines of the key's workspace, and the state of their lists."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("dashboard", "0017_log_reader"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deployment",
            fields=[
                ("uuid", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(default="", max_length=200)),
                ("org_id", models.CharField(default="", max_length=200)),
                ("changed_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(null=True)),
                ("environment", models.CharField(default="", max_length=40)),
                ("gpu", models.CharField(default="", max_length=40)),
                ("workflow_id", models.UUIDField(null=True)),
                ("machine_id", models.UUIDField(null=True)),
                ("fluid", models.BooleanField(default=False)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DirectoryList",
            fields=[
                ("name", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("next_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(null=True)),
                ("offset", models.PositiveIntegerField(default=0)),
                ("listed_at", models.DateTimeField(null=True)),
                ("asked_at", models.DateTimeField(null=True)),
                ("wanted_at", models.DateTimeField(null=True)),
                ("trouble", models.CharField(max_length=20, null=True)),
                ("failures", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Machine",
            fields=[
                ("uuid", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(default="", max_length=200)),
                ("org_id", models.CharField(default="", max_length=200)),
                ("changed_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(null=True)),
                ("gpu", models.CharField(default="", max_length=40)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Workflow",
            fields=[
                ("uuid", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(default="", max_length=200)),
                ("org_id", models.CharField(default="", max_length=200)),
                ("changed_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(null=True)),
                ("cover_url", models.CharField(default="", max_length=2000)),
            ],
            options={
                "abstract": False,
            },
        ),
    ]
