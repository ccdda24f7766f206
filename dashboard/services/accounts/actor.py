"""Who acts: what services are given to say in whose name something is changed."""

from django.contrib.auth.models import AnonymousUser, User

Actor = User | AnonymousUser | str | None
"""An account, the local user of open access among them; a command, by its name; None: unknown."""


def account_of(actor: Actor) -> User | None:
    """The stored account behind an actor; None for a command, and for a user without a row."""
    return actor if isinstance(actor, User) and actor.pk else None


def name_of(actor: Actor) -> str:
    """The name that the audit stores: the account's or the command's; "" for nobody known."""
    account = account_of(actor)
    return account.get_username() if account else str(actor or "")
