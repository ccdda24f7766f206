"""Makes or resets an account and prints its sign-in link."""

from argparse import BooleanOptionalAction

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.services.accounts import public_address, sign_in_links
from dashboard.services.accounts.admins import LastAdmin, is_admin
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

    def handle(self, *, name: str, admin: bool | None, **_: object) -> None:
        name = name.strip()
        if not name:
            raise CommandError("Name the account: make user NAME=ana")
        migrate()
        try:
            link, made = sign_in_links.issue(name, admin=admin)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from None
        except LastAdmin as error:
            name = error.user.username
            raise CommandError(f"{name!r} is the last admin. Make another one first.") from None
        done = "made" if made else "reset; its password and older links no longer work"
        if made and is_admin(name):
            done += ", an admin"
        self.stdout.write(f"Account {name} {done}. This link signs in once, within 24 hours:")
        self.stdout.write(link)
        if public_address.is_local():
            self.stderr.write("It opens on this computer only. Set PUBLIC_URL for teammates.")
