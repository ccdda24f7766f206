"""Has every run indexed anew for the search."""

import time

from django.core.management.base import BaseCommand, CommandParser

from dashboard.presentation.format import count, plural
from dashboard.services.runs import reindexing

PAUSE = 1.0  # seconds


class Command(BaseCommand):
    help = (
        "Has every run indexed anew for the search. Watchers do it, newest runs first; "
        "meanwhile runs are found by what they were found by before."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--wait", action="store_true", help="index here as well, and end when all is done"
        )

    def handle(self, *, wait: bool, **_: object) -> None:
        runs = reindexing.request_all()
        if not wait:
            self.stdout.write(f"{plural(runs, 'run')} to index. Watchers do it, newest first.")
            return
        while (at := reindexing.progress()).indexed < at.runs:
            self._show(at)
            if not reindexing.index_older(seconds=1.0):
                time.sleep(PAUSE)  # another process is at it
        self._show(at)
        self.stdout.write("")

    def _show(self, at: reindexing.Progress) -> None:
        self.stdout.write(f"\rIndexed {count(at.indexed)} of {count(at.runs)} runs.", ending="")
        self.stdout.flush()
