"""Invitations: used once, for 7 days, until they are revoked."""

from datetime import datetime, timedelta

import pytest

from dashboard.services.accounts import invitations, people
from dashboard.services.accounts.admins import NotAllowed
from tests.builders import person

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


def test_an_invitation_makes_one_account_of_its_role(now: datetime) -> None:
    token = invitations.make("viewer", person("eva", "admin"), now)
    ana = invitations.accept(token, "ana", PASSWORD, now)
    assert ana and people.role_of(ana) == "viewer"
    assert invitations.accept(token, "ben", PASSWORD, now) is None


def test_it_is_over_after_seven_days_or_when_revoked(now: datetime) -> None:
    eva = person("eva", "admin")
    token = invitations.make("member", eva, now)
    found = invitations.find(token, now + timedelta(days=6))
    assert found and invitations.find(token, now + timedelta(days=7)) is None
    invitations.revoke(found.pk, eva, now)
    assert invitations.find(token, now) is None


def test_an_unknown_role_is_refused(now: datetime) -> None:
    with pytest.raises(NotAllowed):
        invitations.make("owner", None, now)
