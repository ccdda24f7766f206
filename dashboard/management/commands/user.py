"""Makes or resets an account and prints its sign-in link."""

from argparse import BooleanOptionalAction
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.services.accounts import sign_in_links
from dashboard.serving.schema import migrate


class Command(BaseCommand):
    help = "Makes or resets an account and prints a sign-in link that works once within 24 h."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default="")
        parser.add_argument(
            "--admin",
            action=BooleanOptionalAction,
            default=None,
            help="whether the account is an admin (the first one is)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"].strip()
        if not name:
            raise CommandError("Name the account: make user NAME=ana")
        migrate()
        try:
            link, made = sign_in_links.invite(name, admin=options["admin"])
        except (ValidationError, ValueError) as error:
            text = error.messages[0] if isinstance(error, ValidationError) else str(error)
            raise CommandError(text) from None
        done = "made" if made else "reset; its password and older links no longer work"
        if made and sign_in_links.is_admin(name):
            done += ", an admin"
        self.stdout.write(f"Account {name} {done}. This link signs in once, within 24 hours:")
        self.stdout.write(link)
        if sign_in_links.only_here():
            self.stderr.write("It opens on this computer only. Set PUBLIC_URL for teammates.")
