"""What lists have told, and when they are asked for."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from dashboard.models import Deployment, DirectoryList, Machine, Workflow
from dashboard.services.runs import directory

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def made(name: str) -> DirectoryList:
    return DirectoryList.objects.get(name=name)


def test_names_of_the_last_day_are_told_by_kind() -> None:
    now, ids = timezone.now(), [uuid4() for _ in range(4)]
    Workflow.objects.create(uuid=ids[0], name="lighthouse", seen_at=now)
    Deployment.objects.create(uuid=ids[1], name="lighthouse, production", seen_at=now)
    Machine.objects.create(uuid=ids[2], name="old", seen_at=now - timedelta(days=2))
    Machine.objects.create(uuid=ids[3], name="", seen_at=now)
    loud = str(ids[0]).upper()
    keys = [("workflow", loud), ("deployment", str(ids[1])), ("version", str(ids[0]))]
    keys += [("machine", str(each)) for each in ids] + [("workflow", "no-uuid")]
    assert directory.texts(keys, now) == {
        ("workflow", loud): "lighthouse",
        ("deployment", str(ids[1])): "lighthouse, production",
    }


def test_a_request_brings_the_lists_of_a_kind_forward_once_a_minute() -> None:
    now = timezone.now()
    directory.start(now)
    later = now + timedelta(minutes=9)
    DirectoryList.objects.update(next_at=later, started_at=now - timedelta(seconds=20))
    directory.request({"deployment", "version"}, now)
    assert {row.name for row in DirectoryList.objects.exclude(next_at=later)} == {
        "deployments", "fluid",
    }  # fmt: skip
    assert made("fluid").next_at == now + timedelta(seconds=40)
    DirectoryList.objects.update(started_at=now - MINUTE)
    directory.request({"deployment"}, now)
    assert made("fluid").next_at == now


@pytest.mark.parametrize("trouble", ["forbidden", "not-found", "rate-limited"])
def test_a_list_that_failed_keeps_its_wait(trouble: str) -> None:
    now = timezone.now()
    directory.start(now)
    DirectoryList.objects.update(next_at=now + timedelta(hours=1), trouble=trouble)
    directory.request({"machine"}, now)
    assert made("machines").next_at == now + timedelta(hours=1)


def test_a_watcher_that_starts_has_all_lists_asked_for() -> None:
    now = timezone.now()
    directory.start(now)
    assert {row.next_at for row in DirectoryList.objects.all()} == {now}
    DirectoryList.objects.update(next_at=now + timedelta(hours=1), trouble="forbidden")
    DirectoryList.objects.filter(name="machines").update(started_at=now - timedelta(seconds=30))
    directory.start(now)
    due = set(DirectoryList.objects.due(now).values_list("name", flat=True))
    assert due == {"workflows", "deployments", "fluid"}


def test_the_lists_that_the_key_may_not_read() -> None:
    now = timezone.now()
    directory.start(now)
    for name, trouble in (("machines", "forbidden"), ("fluid", "not-found"), ("workflows", "x")):
        DirectoryList.objects.filter(name=name).update(trouble=trouble)
    assert set(directory.not_listed()) == {"machines", "fluid"}
