"""The runs that a filter lets through, as Insights count them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.filters.query import parse
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import Population, population_of
from dashboard.services.insights import populations
from dashboard.services.runs.run_filter import RunFilter
from tests.domain.insights.histories import BEGIN, PERIOD, history, insight_run
from tests.services.insights.stored import store_history

pytestmark = pytest.mark.django_db
NOW = PERIOD.end
BERLIN = ZoneInfo("Europe/Berlin")


def asked(*pairs: tuple[str, str]) -> RunFilter:
    return RunFilter(parse(pairs))


SINCE = ("created", f">={PERIOD.begin.isoformat().replace('+00:00', 'Z')}")


def expected(runs: list, begin: datetime, end: datetime) -> Population:  # type: ignore[type-arg]
    """Those runs of a history, without what the database does not hold of a start that can't be."""
    lost = {"start_kind": "unknown", "cold_start": None}
    return population_of(
        run._replace(**lost) if run.out_of_range else run
        for run in runs
        if begin <= run.created < end
    )


def test_the_runs_are_those_of_the_time_and_of_the_time_before() -> None:
    runs = history(400)
    store_history(runs)
    found = populations.counted(asked(SINCE))
    assert found.cut_at is None
    assert found.population == expected(runs, PERIOD.begin, PERIOD.end)
    before = populations.counted_before(asked(SINCE), PERIOD.before)
    assert before.population == expected(runs, BEGIN, PERIOD.begin)


def test_other_filters_hold_in_both_times() -> None:
    runs = history(400)
    store_history(runs)
    choice = asked(SINCE, ("gpu", "L4"), ("status!", "failed"))
    kept = [run for run in runs if run.gpu == "L4" and run.status != "failed"]
    now = populations.counted(choice).population
    assert now == expected(kept, PERIOD.begin, PERIOD.end)
    before = populations.counted_before(choice, PERIOD.before).population
    assert before == expected(kept, BEGIN, PERIOD.begin)


def test_of_too_many_the_newest_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = history(60)
    store_history(runs)
    monkeypatch.setattr(populations, "MOST", 10)
    found = populations.counted(RunFilter())
    assert found.cut_at == runs[-10].created
    assert len(found.population.runs) + found.population.left_out.total == 10


def test_queries_do_not_grow_with_the_runs(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    store_history(history(300))
    with django_assert_max_num_queries(3):
        populations.counted(RunFilter())


TIMES = [
    ([("created", "7d")], NOW - timedelta(days=7), NOW),
    ([("created", "9000d")], BEGIN, NOW),
    ([("created", "2026-11-01..2026-11-02")], datetime(2026, 10, 31, 23, tzinfo=UTC), None),
    ([("created", "<2026-10-03T00:00Z")], BEGIN, datetime(2026, 10, 3, tzinfo=UTC)),
    ([("created", "2999-01-01")], NOW, NOW),
    ([("created", "1d"), ("created", "3d")], NOW - timedelta(days=3), NOW),
    ([("created", "-")], BEGIN, NOW),
    ([], BEGIN, NOW),
]


@pytest.mark.parametrize(("pairs", "begin", "end"), TIMES)
def test_the_time_is_that_of_the_filter_within_what_is_known(
    pairs: list[tuple[str, str]], begin: datetime, end: datetime | None
) -> None:
    store_history([insight_run(created=BEGIN)])
    found = populations.period_of(RunFilter(parse(pairs), zone=BERLIN), NOW)
    assert (found.begin, found.history_from, found.zone) == (begin, BEGIN, BERLIN)
    assert found.end == (end or datetime(2026, 11, 2, 23, tzinfo=UTC))


def test_without_runs_there_is_a_time_all_the_same() -> None:
    assert populations.period_of(RunFilter(), NOW) == Period(NOW, NOW, UTC)
    week = populations.period_of(asked(("created", "7d")), NOW)
    assert week.begin == NOW - timedelta(days=7)
    assert not week.has_before


@pytest.mark.parametrize(
    ("pairs", "one"),
    [
        ([("created", "7d")], True),
        ([], False),
        ([("created", "7d"), ("created", "2026-01-01")], False),
        ([("created!", "7d")], False),
        ([("created", "-")], False),
    ],
)
def test_only_one_time_has_a_time_before(pairs: list[tuple[str, str]], one: bool) -> None:
    assert populations.has_one_time(RunFilter(parse(pairs))) is one
