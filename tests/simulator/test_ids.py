"""Run IDs that say which run they mean."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.simulator.ids import decode, encode
from dashboard.simulator.run_answers import PUBLISHED_ID
from dashboard.simulator.scenarios import SCENARIOS
from tests.simulator.conftest import NOON


@given(
    name=st.sampled_from(sorted(SCENARIOS)),
    start=st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    seed=st.integers(0, 2**32 - 1),
)
def test_an_id_says_scenario_start_and_seed(name: str, start: datetime, seed: int) -> None:
    run_id = encode(name, start, seed)
    ticket = decode(run_id)
    assert ticket is not None
    assert (ticket.scenario.name, ticket.seed) == (name, seed)
    assert ticket.start == start - timedelta(microseconds=start.microsecond % 1000)
    assert (run_id.version, run_id.variant) == (4, "specified in RFC 4122")
    assert encode(name, ticket.start, seed) == run_id


def test_ids_differ_in_each_part() -> None:
    ids = {
        encode(name, NOON + timedelta(milliseconds=late), seed)
        for name in SCENARIOS
        for late in range(5)
        for seed in range(5)
    }
    assert len(ids) == len(SCENARIOS) * 25
    assert len({run_id.hex[:8] for run_id in ids}) > len(ids) * 0.99


def test_ids_from_elsewhere_are_not_ours() -> None:
    foreign = [uuid4() for _ in range(2000)]
    assert [decode(run_id) for run_id in (*foreign, UUID(int=0), PUBLISHED_ID)] == [None] * 2002


def test_one_changed_digit_makes_an_id_unknown() -> None:
    digits = encode("warm", NOON, 7).hex
    for place in range(32):
        changed = digits[:place] + f"{int(digits[place], 16) ^ 1:x}" + digits[place + 1 :]
        assert decode(UUID(changed)) is None


def test_codes_are_given_once() -> None:
    codes = [scenario.code for scenario in SCENARIOS.values()]
    assert len(set(codes)) == len(codes)


def test_what_cannot_be_said_is_refused() -> None:
    with pytest.raises(ValueError, match="seed"):
        encode("warm", NOON, 2**32)
    with pytest.raises(ValueError, match="start"):
        encode("warm", datetime(1969, 1, 1, tzinfo=UTC))
    with pytest.raises(KeyError):
        encode("lukewarm", NOON)
