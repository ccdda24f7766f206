"""What is noted of people's acts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashboard.models import AuditEntry
from dashboard.services.accounts import audit
from tests.builders import person

pytestmark = pytest.mark.django_db


def test_an_act_is_kept_with_its_actor_and_outlives_the_account() -> None:
    ana = person("ana")
    audit.note(ana, "share.made", "a-run", days=7)
    ana.delete()
    entry = AuditEntry.objects.get()
    assert (entry.name, entry.actor, entry.subject) == ("ana", None, "a-run")
    assert entry.detail == {"days": 7}


def test_who_is_no_account_is_kept_by_name() -> None:
    assert audit.note("nobody", "sign-in.refused").name == "nobody"
    assert audit.note(None, "account.made").name == ""


def test_only_known_actions_are_noted() -> None:
    with pytest.raises(ValueError, match="no action"):
        audit.note(None, "shared")


def test_details_hold_no_secret() -> None:
    entry = audit.note(None, "share.made", token="abcdefghijklmnop", at="https://a:b@c.example/")
    assert entry.detail == {"token": "•••", "at": "https://•••@c.example/"}


def test_entries_are_kept_for_a_year() -> None:
    now = timezone.now()
    old, young = audit.note(None, "signed-in"), audit.note(None, "signed-in")
    AuditEntry.objects.filter(pk=old.pk).update(at=now - timedelta(days=366))
    AuditEntry.objects.filter(pk=young.pk).update(at=now - timedelta(days=364))
    assert audit.delete_old(now) == 1
    assert AuditEntry.objects.get() == young
