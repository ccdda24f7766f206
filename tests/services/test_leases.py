"""Leases: each due row goes to one process, for a minute."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from dashboard.models import Name
from dashboard.services.leases import LEASE_TIME, give_back, lease

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def names(now: datetime, *ages: int) -> list[Name]:
    """Rows that have been due for so many seconds."""
    return [
        Name.objects.create(
            kind="workflow", upstream_id=str(n), next_at=now - timedelta(seconds=age)
        )
        for n, age in enumerate(ages)
    ]


def leased(now: datetime, limit: int = 10) -> list[str]:
    return [row.upstream_id for row in lease(Name.objects.all(), "next_at", limit, now)]


def test_the_longest_overdue_come_first_and_each_is_leased_once(now: datetime) -> None:
    names(now, 5, 20, 10, -60)
    assert leased(now, 2) == ["1", "2"]
    assert leased(now) == ["0"]
    assert leased(now) == []


def test_nothing_is_leased_without_room(now: datetime) -> None:
    names(now, 5)
    assert leased(now, 0) == leased(now, -1) == []


def test_a_lease_ends_after_a_minute(now: datetime) -> None:
    names(now, 5)
    lease(Name.objects.all(), "next_at", 1, now)
    end = Name.objects.get().next_at
    assert abs(end - now - LEASE_TIME) < timedelta(seconds=5)


def test_a_row_that_is_given_back_is_due_as_before(now: datetime) -> None:
    names(now, 5)
    [row] = lease(Name.objects.all(), "next_at", 1, now)
    give_back(row, "next_at")
    assert Name.objects.get().next_at == now - timedelta(seconds=5)
    assert leased(now) == ["0"]
