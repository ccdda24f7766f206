"""The sessions of an account."""

import pytest
from django.test import Client

from dashboard.models import AuditEntry
from dashboard.services.accounts import sessions
from tests.builders import person

pytestmark = pytest.mark.django_db


def test_sessions_end_one_by_one_or_all_but_one() -> None:
    ana = person("ana")
    clients = [Client() for _ in range(4)]
    for client in clients:
        client.force_login(ana)
    last, *others = sessions.sessions_of(ana)
    sessions.end(others[0], ana)
    assert sessions.sessions_of(ana).count() == 3
    assert sessions.end_all(ana, ana, besides=last.digest) == 2
    assert list(sessions.sessions_of(ana)) == [last]
    assert sessions.end_all(ana, ana, besides=last.digest) == 0
    subjects = AuditEntry.objects.filter(action="session.ended").values_list("subject", flat=True)
    assert list(subjects) == ["ana", "ana"]
