"""The admins: at least one always stays, and a former one leaves no way in."""

from django.contrib.auth.models import User
from django.db.models import QuerySet

from dashboard.models import Invitation, SignInLink
from dashboard.services.accounts.account_name import LOCAL


class NotAllowed(Exception):
    """A change to an account that is refused; its text is shown on the page."""


class LastAdmin(NotAllowed):
    """The change would leave no admin who can sign in."""

    def __init__(self, user: User) -> None:
        super().__init__("This is the only admin. Make someone else an admin first.")
        self.user = user


def admins() -> QuerySet[User]:
    """The admins who can sign in."""
    return User.objects.filter(is_superuser=True, is_active=True).exclude(username=LOCAL)


def is_admin(name: str) -> bool:
    """Whether the account of this name is an admin who can sign in."""
    return admins().filter(username=name).exists()


def require_another_admin(user: User) -> None:
    """Raises LastAdmin where `user` is the only admin; called before it stops being one.

    Needs a transaction, and before any other lock on an account in it: it locks
    all admins in one order until the end, so that no two of them step down at once.
    """
    locked = admins().select_for_update().order_by("pk")
    keys = set(locked.values_list("pk", flat=True))
    if keys == {user.pk} or (user.is_superuser and not keys):
        raise LastAdmin(user)


def end_links_made_by(user: User) -> None:
    """Deletes the unused invitations and sign-in links that a former admin has made."""
    Invitation.objects.filter(made_by=user, used_at__isnull=True).delete()
    SignInLink.objects.filter(made_by=user, used_at__isnull=True).delete()
