"""Accounts: made, given a role, deactivated and reactivated."""

import pytest
from django.core.exceptions import ValidationError

from dashboard.models import AuditEntry, Session
from dashboard.services.accounts import people, sign_in_links
from dashboard.services.accounts.admins import NotAllowed
from tests.builders import person

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


def test_a_new_account_has_its_role_and_password() -> None:
    assert people.no_account_yet()
    ana = people.new_account("ana", PASSWORD, "admin")
    assert not people.no_account_yet()
    assert ana.check_password(PASSWORD) and ana.is_staff
    assert people.role_of(ana) == "admin"
    with pytest.raises(ValidationError):
        people.new_account("ben", "short", "member")


def test_a_role_is_set_once_and_noted() -> None:
    eva, ana = person("eva", "admin"), person("ana")
    for _ in range(2):
        people.set_role(people.everybody().get(pk=ana.pk), "viewer", eva)
    assert people.role_of(people.everybody().get(pk=ana.pk)) == "viewer"
    entry = AuditEntry.objects.get(action="role.changed")
    assert (entry.actor, entry.detail) == (eva, {"was": "member", "now": "viewer"})
    with pytest.raises(NotAllowed):
        people.set_role(ana, "owner", eva)


def test_a_deactivated_account_has_no_way_in_until_it_is_reactivated() -> None:
    eva, ana = person("eva", "admin"), person("ana")
    link, made = sign_in_links.issue("ana")
    people.deactivate(ana, eva)
    assert not made and sign_in_links.spend(link.rstrip("/").rpartition("/")[2]) is None
    assert not Session.objects.filter(user=ana).exists()
    people.reactivate(ana, eva)
    ana.refresh_from_db()
    assert ana.is_active and people.role_of(ana) == "member"
