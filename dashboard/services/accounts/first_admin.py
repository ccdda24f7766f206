"""The first admin: made with a code that the server prints while there is no account."""

import secrets

from django.contrib.auth.models import User
from django.db import transaction

from dashboard.domain.roles import ADMIN
from dashboard.models import SharedState
from dashboard.services import clock
from dashboard.services.accounts import audit, people
from dashboard.services.accounts.people import no_account_yet
from dashboard.services.accounts.tokens import digest

STATE = "welcome"
"""The name of the shared state that holds the code's digest."""

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


def new_code() -> str:
    """A code for the first admin; "" once there is an account. Earlier codes stop working."""
    if not no_account_yet():
        return ""
    code = "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))
    SharedState.put(STATE, clock.now(), digest(_normalized(code)))
    return code


def is_open() -> bool:
    """Whether the first admin can still be made."""
    return no_account_yet()


@transaction.atomic
def make_first(code: str, name: str, password: str) -> User | None:
    """Makes the first admin; None for a wrong code, or where there is an account by now.

    Raises ValidationError for an invalid name or password; the code stays usable.
    """
    if not no_account_yet():
        return None
    stored = SharedState.objects.select_for_update().filter(
        name=STATE, word=digest(_normalized(code))
    )
    state = stored.first()
    if state is None:
        return None
    user = people.new_account(name, password, ADMIN)
    state.delete()
    audit.note(user, "account.made", user.username, role=ADMIN)
    return user


def _normalized(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())
