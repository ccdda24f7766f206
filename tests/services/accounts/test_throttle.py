"""How long guesses wait."""

from datetime import timedelta

import pytest

from dashboard.domain.sign_in_delay import FREE, FREE_OF_ACCOUNT
from dashboard.services.accounts import throttle

pytestmark = pytest.mark.django_db


def test_guesses_at_one_account_from_everywhere_wait_together(now) -> None:
    def guess(n: int, name: str = "ana") -> float:
        return throttle.begin(name, f"203.0.{n // 250}.{n % 250}", now).total_seconds()

    assert [guess(n) for n in range(FREE_OF_ACCOUNT)] == [0] * FREE_OF_ACCOUNT
    assert guess(1000) == 30
    assert guess(1000, "ben") == 0, "others sign in"
    now += timedelta(seconds=31)
    assert guess(1001) == 0
    throttle.succeeded("ana", "203.0.4.1")  # the owner's own try was right
    assert guess(1002) == 0


def test_waits_grow_and_the_count_is_forgotten_after_an_hour(now) -> None:
    waits = []
    for _ in range(FREE + 12):
        while wait := throttle.begin("ana", "a", now):
            waits.append(wait.total_seconds())
            now += wait
    assert waits[:4] == [30, 60, 120, 240] and waits[-1] == 900
    now += timedelta(hours=1, seconds=901)
    assert [throttle.begin("ana", "a", now).seconds for _ in range(FREE)] == [0] * FREE
    assert throttle.delete_old(now + timedelta(hours=2)) == 3
