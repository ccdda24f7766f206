"""Removes old runs by age, number or storage."""

from argparse import ArgumentTypeError
from collections.abc import Callable
from typing import TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.domain.retention import RetentionLimits
from dashboard.domain.text.byte_sizes import read_size
from dashboard.presentation.format import count, plural
from dashboard.services import clock
from dashboard.services.files import file_queue
from dashboard.services.ops import retention


def days(text: str) -> float:
    return _positive(text, float, "a number of days")


def runs(text: str) -> int:
    return _positive(text, int, "a number of runs")


def storage(text: str) -> int:
    return _positive(text, read_size, "an amount such as 500000, 500M or 20G")


Number = TypeVar("Number", int, float)


def _positive(text: str, read: Callable[[str], Number], expected: str) -> Number:
    refusal = ArgumentTypeError(f"expected {expected}, not {text!r}")
    try:
        value = read(text)
    except ValueError:
        raise refusal from None
    if not 0 <= value < 1e15:
        raise refusal
    return value


class Command(BaseCommand):
    help = (
        "Removes finished runs past a limit, and IDs that were asked for and never found. "
        "Live and starred runs stay. Without an option the limits of the settings hold."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--older-than", type=days, metavar="DAYS", help="remove runs created longer ago"
        )
        parser.add_argument("--keep", type=runs, metavar="COUNT", help="keep the newest COUNT")
        parser.add_argument(
            "--max-bytes",
            type=storage,
            metavar="BYTES",
            help="remove the oldest until the rest fits",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")

    def handle(
        self,
        *,
        older_than: float | None,
        keep: int | None,
        max_bytes: int | None,
        dry_run: bool,
        **_: object,
    ) -> None:
        given = RetentionLimits(older_than, keep, max_bytes)
        limits = given if given.any else retention.limits()
        if not limits.any:
            raise CommandError(
                "Name a limit: --older-than DAYS, --keep COUNT or --max-bytes BYTES "
                "(or set KEEP_DAYS, KEEP_RUNS or KEEP_BYTES)."
            )
        plan = retention.plan(limits, clock.now())
        if dry_run:
            self.stdout.write(f"Would remove {_counts(len(plan.runs), len(plan.unfound))}.")
            return
        removed = retention.carry_out(plan)
        file_queue.remove_orphans_within(float("inf"))
        self.stdout.write(f"Removed {_counts(removed, len(plan.unfound))}.")


def _counts(removed: int, unfound: int) -> str:
    text = plural(removed, "run")
    return f"{text} and {count(unfound)} never found" if unfound else text
