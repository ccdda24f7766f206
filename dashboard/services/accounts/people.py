"""The accounts of a board: listed, made, given a role, deactivated and reactivated."""

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Max, QuerySet

from dashboard.domain.roles import ADMIN, ROLES, VIEWER
from dashboard.models import Person, Session, SignInLink
from dashboard.services.accounts import audit
from dashboard.services.accounts.account_name import LOCAL, check_name
from dashboard.services.accounts.actor import Actor
from dashboard.services.accounts.admins import NotAllowed, end_links_made_by, require_another_admin


def everybody() -> QuerySet[User]:
    """All accounts by name, each with its role and when it was last seen."""
    return (
        User.objects.exclude(username=LOCAL)
        .select_related("person")
        .annotate(last_seen=Max("sessions__seen_at"))
        .order_by("-is_active", "username")
    )


def no_account_yet() -> bool:
    """Whether the board has no account at all; the local user of open access is none."""
    return not User.objects.exclude(username=LOCAL).exists()


def role_of(user: User) -> str:
    """The stored role of an account; a viewer where none is stored."""
    person = getattr(user, "person", None)
    return ADMIN if user.is_superuser else str(person.role if person else VIEWER)


@transaction.atomic
def set_role(user: User, role: str, by: Actor) -> None:
    """Gives a role. Raises NotAllowed for an unknown one, LastAdmin for the last admin."""
    if role not in ROLES:
        raise NotAllowed("Unknown role.")
    before = role_of(user)
    if before == role:
        return
    if role != ADMIN:
        require_another_admin(user)
    if before == ADMIN:
        end_links_made_by(user)
    put_role(user, role)
    audit.note(by, "role.changed", user.username, was=before, now=role)


def put_role(user: User, role: str) -> None:
    """Stores a role and sets Django's own flags by it; checks and notes nothing."""
    user.is_superuser = user.is_staff = role == ADMIN
    user.save(update_fields=["is_superuser", "is_staff"])
    Person.objects.update_or_create(user=user, defaults={"role": role})


@transaction.atomic
def deactivate(user: User, by: Actor) -> None:
    """Ends an account's sessions and links and its right to sign in. Raises LastAdmin."""
    require_another_admin(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    Session.objects.filter(user=user).delete()
    SignInLink.objects.filter(user=user).delete()
    end_links_made_by(user)
    audit.note(by, "account.deactivated", user.username)


def reactivate(user: User, by: Actor) -> None:
    """Lets an account sign in again, with the same password and role."""
    User.objects.filter(pk=user.pk).update(is_active=True)
    audit.note(by, "account.reactivated", user.username)


def new_account(name: str, password: str, role: str) -> User:
    """Makes an account. Raises ValidationError for its name or password."""
    name = User.normalize_username(name)
    check_name(name)
    user = User(username=name)
    validate_password(password, user)
    user.set_password(password)
    user.save()
    put_role(user, role)
    return user
