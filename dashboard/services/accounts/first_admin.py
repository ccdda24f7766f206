"""The first admin: made with a code that the server prints while there is no account."""

import secrets
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from dashboard.domain.roles import ADMIN
from dashboard.models import SharedState
from dashboard.services import clock
from dashboard.services.accounts import audit, people
from dashboard.services.accounts.sign_in_links import digest, none_yet

MARK = "welcome"
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


def new_code() -> str:
    """A code for the first admin; "" once there is an account. Earlier codes end."""
    if not none_yet():
        return ""
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
    SharedState.put(MARK, clock.now(), digest(_plain(code)))
    return code


def is_open() -> bool:
    """Whether the first admin can still be made."""
    return none_yet()


@transaction.atomic
def make_first(code: str, name: str, password: str) -> User | None:
    """The first admin; None where the code is not the printed one, or somebody was quicker.

    Raises ValidationError for a name or password that cannot be; the code stays.
    """
    if not none_yet():
        return None
    mark = (
        SharedState.objects.select_for_update().filter(name=MARK, word=digest(_plain(code))).first()
    )
    if mark is None:
        return None
    user = people.new_account(name, password, ADMIN)
    mark.delete()
    audit.note(user, "account.made", user.username, role=ADMIN)
    return user


def _plain(code: Any) -> str:
    return "".join(letter for letter in str(code).upper() if letter.isalnum())
