"""What stops everybody, and until when."""

from datetime import datetime, timedelta

import pytest

from dashboard.domain.polling.circuit_breaker import (
    BreakerState,
    Permit,
    after_failure,
    after_success,
    permit,
    permit_on_demand,
    probing,
)
from tests.builders import NOON

KEY = "digest-of-key"


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def after(*troubles: str, start: BreakerState | None = None) -> BreakerState:
    state = start or BreakerState()
    for trouble in troubles:
        state = (
            after_success(state, NOON, KEY)
            if trouble == "good"
            else after_failure(state, trouble, NOON, KEY)
        )
    return state


OUTAGE = ("unreachable", "timed-out", "server-error", "unreachable", "server-error")


def test_five_outages_in_a_row_stop_everybody() -> None:
    assert permit(after(*OUTAGE[:4]), NOON, KEY) == Permit.ALLOWED
    state = after(*OUTAGE)
    assert (state.reason, state.since) == ("server-error", NOON)
    assert permit(state, at(9.9), KEY) == Permit.BLOCKED
    assert permit(state, at(10), KEY) == Permit.PROBE


def test_a_good_answer_between_starts_the_count_again() -> None:
    assert permit(after(*OUTAGE[:4], "good", *OUTAGE[:4]), NOON, KEY) == Permit.ALLOWED


@pytest.mark.parametrize("trouble", ["not-found", "forbidden", "bad-answer"])
def test_what_is_about_one_run_counts_for_nothing(trouble: str) -> None:
    assert after(*[trouble] * 9) == BreakerState()
    assert permit(after(*OUTAGE[:4], trouble, OUTAGE[4]), NOON, KEY) == Permit.BLOCKED


@pytest.mark.parametrize(
    ("stop", "answer", "found"),
    [
        (OUTAGE, "not-found", Permit.ALLOWED),
        (OUTAGE, "forbidden", Permit.ALLOWED),
        (OUTAGE, "bad-answer", Permit.BLOCKED),
        (("key-rejected",), "not-found", Permit.ALLOWED),
        (("rate-limited",), "not-found", Permit.BLOCKED),
    ],
)
def test_a_probe_for_a_run_that_is_gone_ends_a_stop_but_no_limit(
    stop: tuple[str, ...], answer: str, found: Permit
) -> None:
    assert permit(after(*stop, answer), NOON, KEY) == found


def test_one_probe_each_ten_seconds_until_one_succeeds() -> None:
    state = probing(after(*OUTAGE), at(10))
    assert permit(state, at(19.9), KEY) == Permit.BLOCKED
    state = after_failure(state, "timed-out", at(12), KEY)
    assert permit(state, at(19.9), KEY) == Permit.BLOCKED
    assert permit(state, at(20), KEY) == Permit.PROBE
    assert permit(after_success(state, at(21), KEY), at(21), KEY) == Permit.ALLOWED


def test_an_outage_is_told_from_its_beginning() -> None:
    state = after_failure(after(*OUTAGE), "timed-out", at(11), KEY)
    assert state.since == NOON


def test_a_limit_holds_for_the_whole_key_until_its_time() -> None:
    state = after_failure(BreakerState(), "rate-limited", NOON, KEY, retry_after=17)
    assert permit(state, at(16.9), KEY) == Permit.BLOCKED
    assert permit(state, at(17), KEY) == Permit.ALLOWED
    assert permit(state, at(1), "another") == Permit.ALLOWED


def test_a_shorter_limit_does_not_lift_a_longer_one() -> None:
    state = after_failure(BreakerState(), "rate-limited", NOON, KEY, retry_after=60)
    state = after_failure(state, "rate-limited", at(1), KEY, retry_after=5)
    assert state.until == at(60)


def test_answers_that_were_under_way_do_not_lift_a_limit() -> None:
    state = after_failure(BreakerState(), "rate-limited", NOON, KEY, retry_after=60)
    assert permit(after_success(state, at(1), KEY), at(1), KEY) == Permit.BLOCKED
    assert after_success(state, at(61), KEY) == BreakerState()


def test_a_rejected_key_stops_for_five_minutes_or_until_it_changes() -> None:
    state = after("key-rejected")
    assert permit(state, at(299), KEY) == Permit.BLOCKED
    assert permit(state, at(300), KEY) == Permit.PROBE
    assert permit(state, at(1), "another") == Permit.ALLOWED
    assert permit(probing(state, at(300)), at(599), KEY) == Permit.BLOCKED


def test_an_accepted_key_does_not_clear_another_ones_rejection() -> None:
    state = after_success(after("key-rejected"), at(1), "another")
    assert permit(state, at(2), KEY) == Permit.BLOCKED
    assert permit(state, at(2), "another") == Permit.ALLOWED


def test_a_limits_end_stays_when_the_key_is_rejected_meanwhile() -> None:
    limited = after_failure(BreakerState(), "rate-limited", NOON, KEY, 600.0)
    state = after_failure(limited, "key-rejected", at(1), KEY)
    assert permit(state, at(599), KEY) == Permit.BLOCKED
    assert permit(state, at(600), KEY) == Permit.PROBE
    other = after_failure(limited, "key-rejected", at(1), "another-key")
    assert permit(other, at(301), "another-key") == Permit.PROBE


@pytest.mark.parametrize(
    ("reason", "until", "key", "found"),
    [
        ("", None, KEY, Permit.ALLOWED),
        ("key-rejected", 200, KEY, Permit.PROBE),
        ("key-rejected", 299, KEY, Permit.BLOCKED),  # a probe went out a second ago
        ("key-rejected", 200, "another", Permit.ALLOWED),
        ("unreachable", 8, KEY, Permit.PROBE),
        ("unreachable", 9, KEY, Permit.BLOCKED),
        ("unreachable", -1, KEY, Permit.PROBE),
        ("rate-limited", 5, KEY, Permit.BLOCKED),
        ("rate-limited", -1, KEY, Permit.ALLOWED),
    ],
)
def test_what_a_person_asks_for_need_not_wait_for_the_next_probe(
    reason: str, until: float | None, key: str, found: Permit
) -> None:
    ends = None if until is None else at(until)
    state = BreakerState(reason, NOON, ends, key=key)
    assert permit_on_demand(state, NOON, KEY) == found
