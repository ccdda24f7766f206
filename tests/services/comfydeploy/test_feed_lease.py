"""The feed's lease: one holder, taken over when its beats end, and what it tells to others."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from dashboard.models import SharedState
from dashboard.services.comfydeploy import feed_lease
from dashboard.services.comfydeploy.feed_lease import FEED, FeedState, feed_state

pytestmark = pytest.mark.django_db


def state() -> FeedState:
    return feed_state(SharedState.read(), timezone.now())


def age(seconds: float) -> None:
    SharedState.objects.filter(name=FEED).update(at=timezone.now() - timedelta(seconds=seconds))


def test_one_of_two_holds_it() -> None:
    now = timezone.now()
    assert [feed_lease.take("a", now), feed_lease.take("b", now)] == [True, False]
    assert feed_lease.renew("a", FeedState.ON, now)
    assert not feed_lease.renew("b", FeedState.ON, now)
    assert state() is FeedState.ON


def test_what_is_given_up_is_free_at_once() -> None:
    feed_lease.take("a", timezone.now())
    feed_lease.release("b", timezone.now())
    assert not feed_lease.take("b", timezone.now())
    feed_lease.release("a", timezone.now())
    assert state() is FeedState.OFF
    assert feed_lease.take("b", timezone.now())


@pytest.mark.parametrize(("seconds", "free"), [(0, False), (25, False), (31, True), (9999, True)])
def test_it_is_taken_over_when_the_beats_have_ended(seconds: float, free: bool) -> None:
    feed_lease.take("a", timezone.now())
    age(seconds)
    assert feed_lease.take("b", timezone.now()) is free
    assert feed_lease.renew("a", FeedState.ON, timezone.now()) is not free


@pytest.mark.parametrize("word", list(FeedState))
def test_the_holder_tells_the_state(word: FeedState) -> None:
    feed_lease.take("a", timezone.now())
    feed_lease.renew("a", word, timezone.now())
    assert state() is word
    age(31)
    assert state() is FeedState.OFF


@pytest.mark.parametrize("word", ["", "on", "loud a"])
def test_a_word_of_another_version_is_read(now: datetime, word: str) -> None:
    shared = {FEED: SharedState(name=FEED, at=now, word=word)}
    assert feed_state(shared, now) is (FeedState.ON if word == "on" else FeedState.OFF)


def test_without_a_row_it_is_off(now: datetime) -> None:
    assert feed_state({}, now) is FeedState.OFF


def test_a_waiting_watcher_writes_nothing(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    feed_lease.take("a", timezone.now())
    with django_assert_num_queries(1):
        feed_lease.take("b", timezone.now())
