"""Fixed times in place of relative ones: the same runs, today and later."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.filters.fixed_times import fixed, is_relative
from dashboard.domain.filters.moments import stretch_of
from dashboard.domain.filters.query import RunQuery, pairs_of, parse

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)  # in Berlin it is the 27th
ZONES = st.sampled_from([UTC, BERLIN, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Asia/Kathmandu")])
MOMENTS = st.datetimes(datetime(2001, 1, 1), datetime(2400, 1, 1), timezones=st.just(UTC))
RELATIVE = st.one_of(
    st.sampled_from(["today", "yesterday"]),
    st.builds("{}{}".format, st.integers(1, 9999), st.sampled_from("hd")),
)


def holds(query: RunQuery, at: datetime, now: datetime, zone: ZoneInfo) -> bool:
    wanted = [stretch_of(term.value, now, zone).holds(at) for term in query.of("created")]
    left_out = query.of("created", excluded=True)
    excluded = [stretch_of(term.value, now, zone).holds(at) for term in left_out]
    return (not wanted or any(wanted)) and not any(excluded)


@given(
    st.lists(st.tuples(st.sampled_from(["created", "created!"]), RELATIVE), max_size=4),
    MOMENTS,
    ZONES,
    st.integers(-3 * 86_400, 3 * 86_400),
    st.timedeltas(timedelta(0), timedelta(days=400)),
)
def test_fixed_times_always_mean_what_relative_ones_meant_then(
    pairs: list[tuple[str, str]], now: datetime, zone: ZoneInfo, away: int, later: timedelta
) -> None:
    query = parse(pairs)
    same = fixed(query, now, zone)
    assert not same.ignored and not any(map(is_relative, same.terms))
    ends = [stretch_of(term.value, now, zone) for term in query.terms]
    edges = [edge for each in ends for edge in (each.begin, each.end) if edge]
    for at in (now + timedelta(seconds=away), *edges):
        assert holds(same, at, now + later, zone) == holds(query, at, now, zone)
    assert parse(pairs_of(same)) == same and fixed(same, now + later, zone) == same


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("today", "2026-11-27"),
        ("yesterday", "2026-11-26"),
        ("24h", ">=2026-11-25T23:30:00Z"),
        ("7d", ">=2026-11-19T23:30:00Z"),
        ("2026-11-20..2026-11-26", "2026-11-20..2026-11-26"),
        (">2026-11-20T10:00Z", ">2026-11-20T10:00:00Z"),
        ("-", "-"),
    ],
)
def test_what_they_become(text: str, becomes: str) -> None:
    query = parse([("q", "cat"), ("ended", text), ("gpu", "7d")])
    kept = [("q", "cat"), ("gpu", "7d"), ("ended", becomes)]
    assert pairs_of(fixed(query, NOW, BERLIN)) == kept
