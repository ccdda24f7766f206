"""Sign-in links: what issuing one does to an account, and how often it works."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from dashboard.models import AuditEntry
from dashboard.services.accounts import people, sign_in_links
from tests.builders import person

pytestmark = pytest.mark.django_db


def token_of(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


def role(name: str) -> str:
    return people.role_of(User.objects.select_related("person").get(username=name))


def test_a_link_is_spent_once() -> None:
    link, made = sign_in_links.issue("ana")
    ana = User.objects.get()
    assert made and sign_in_links.find_owner(token_of(link)) == ana
    assert sign_in_links.spend(token_of(link)) == ana
    assert sign_in_links.spend(token_of(link)) is None
    entry = AuditEntry.objects.get(action="account.made")
    assert (entry.name, entry.actor) == ("make user", None)


def test_the_first_account_is_an_admin_and_later_ones_are_members() -> None:
    sign_in_links.issue("eva")
    sign_in_links.issue("ana")
    assert (role("eva"), role("ana")) == ("admin", "member")


@pytest.mark.parametrize(
    ("before", "admin", "after"),
    [
        ("viewer", None, "viewer"),
        ("viewer", False, "viewer"),
        ("viewer", True, "admin"),
        ("admin", None, "admin"),
        ("admin", False, "member"),
    ],
)
def test_a_reset_changes_a_role_only_when_told_to(
    before: str, admin: bool | None, after: str
) -> None:
    person("eva", "admin")
    person("ana", before)
    sign_in_links.issue("ana", admin=admin)
    assert role("ana") == after
    assert AuditEntry.objects.filter(action="role.changed").exists() == (before != after)


def test_what_can_be_no_name_makes_no_account() -> None:
    with pytest.raises(ValidationError):
        sign_in_links.issue("local")
    assert not User.objects.exists()
