"""Fills a database from a backup."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.presentation.format import count
from dashboard.services.ops import restore
from dashboard.services.ops.backup import BackupError


class Command(BaseCommand):
    help = "Fills an empty database from a backup, whichever kind of database made it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--replace", action="store_true", help="remove what the database holds first"
        )

    def handle(self, *, file: Path, replace: bool, **_: object) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        try:
            counts = restore.restore(file, replace=replace)
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"Restored {count(counts['dashboard.run'])} runs and "
            f"{count(counts['auth.user'])} accounts. Start Runboard again."
        )
