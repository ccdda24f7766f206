"""The token bucket of a process."""

import threading
import time

import pytest

from dashboard.services.comfydeploy.token_bucket import TokenBucket


class Hand:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_then_the_rate() -> None:
    clock = Hand()
    bucket = TokenBucket(10, 20, clock)
    assert bucket.take(50) == 20
    assert bucket.take() == 0
    clock.now = 0.5
    assert bucket.take(50) == 5


def test_it_never_holds_more_than_a_burst() -> None:
    clock = Hand()
    bucket = TokenBucket(10, 20, clock)
    clock.now = 3600
    assert bucket.take(50) == 20


def test_what_was_not_used_comes_back() -> None:
    bucket = TokenBucket(10, 20, Hand())
    bucket.take(20)
    bucket.give_back(3)
    assert bucket.take(50) == 3


def test_a_charged_request_makes_the_next_wait() -> None:
    clock = Hand()
    bucket = TokenBucket(10, 1, clock)
    bucket.take()
    bucket.charge()
    clock.now = 0.1
    assert bucket.take() == 0
    clock.now = 0.2001
    assert bucket.take() == 1


def test_a_first_look_gives_up_after_its_time() -> None:
    bucket = TokenBucket(0.001, 1)
    bucket.take()
    assert not bucket.take_first(0.05)
    assert bucket.ready_in() == pytest.approx(1000, rel=0.01)


def test_a_waiting_first_look_is_served_before_all_else() -> None:
    bucket = TokenBucket(2, 1)
    bucket.take()
    got: list[bool] = []
    waiter = threading.Thread(target=lambda: got.append(bucket.take_first(30)))
    waiter.start()
    while not bucket._first_waiting:
        time.sleep(0.001)
    others = 0
    while waiter.is_alive():
        others += bucket.take()
    assert got == [True]
    assert others == 0
