"""Writes everything that Runboard holds into one file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.domain.text.byte_sizes import size
from dashboard.presentation.format import count
from dashboard.services.ops import backup


class Command(BaseCommand):
    help = "Writes a backup into FILE, as of one moment; Runboard may go on meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *, file: Path, **_: object) -> None:
        try:
            counts = backup.backup(file)
        except backup.BackupError as error:
            raise CommandError(str(error)) from None
        runs = counts["dashboard.run"]
        self.stdout.write(f"{file}: {count(runs)} runs, {size(file.stat().st_size)}.")
