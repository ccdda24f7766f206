"""The newest runs of a filter are those of a plain sort, however they are found."""

import random
from datetime import timedelta
from uuid import UUID

import pytest

from dashboard.domain.filters.query import parse
from dashboard.models import Run
from dashboard.services.runs import newest_rows
from dashboard.services.runs.run_filter import RunFilter
from tests.builders import NOON

pytestmark = pytest.mark.django_db
FILTERS = {
    "all": [],
    "one value": [("gpu", "H100")],
    "several values": [("gpu", "H100"), ("gpu", "T4")],
    "values that meet": [("status", "attention"), ("status", "failed")],
    "a range": [("total", ">20")],
    "two names": [("gpu", "H100"), ("status", "failed")],
    "left out": [("gpu!", "H100")],
}


@pytest.fixture
def runs() -> list[Run]:
    draw = random.Random(3)
    made = [
        Run(
            uuid=UUID(int=n), first_seen_at=NOON,
            status=draw.choice(("failed", "timeout", "success")),
            sorted_at=NOON - timedelta(seconds=draw.randrange(20)), finished=True,
            gpu=draw.choice(("H100", "T4", "L4", None)), total=draw.choice((None, 5.0, 30.0, 90.0)),
        )
        for n in range(90)
    ]  # fmt: skip
    return Run.objects.bulk_create(made)


@pytest.mark.parametrize("pairs", FILTERS.values(), ids=FILTERS)
@pytest.mark.parametrize("many", [0, 1000])
@pytest.mark.parametrize("limit", [7, 1000])
def test_rows_are_those_of_the_newest_runs(
    runs: list[Run],
    monkeypatch: pytest.MonkeyPatch,
    pairs: list[tuple[str, str]],
    many: int,
    limit: int,
) -> None:
    monkeypatch.setattr(newest_rows, "MANY", many)
    monkeypatch.setattr(newest_rows, "LIMIT", limit)
    choice = RunFilter(parse(pairs))
    newest = list(choice.runs(every=True).newest())
    assert len(newest) > 10
    expected = [(run.pk, run.gpu, run.total) for run in newest[: limit + 1]]
    assert newest_rows.rows(choice, "pk", "gpu", "total") == expected


def test_moments_that_differ_by_a_microsecond_stand_in_their_order() -> None:
    """Merged parts too: with a fraction or without, before 1970 and after, in either part."""
    draw, day = random.Random(5), timedelta(days=1)
    starts = (NOON, NOON - 30_000 * day, NOON + 90_000 * day, NOON.replace(microsecond=999_999))
    steps = [timedelta(microseconds=n) for n in (0, 1, 9, 10, 100_000, 123_456, 1_000_000)]
    Run.objects.bulk_create(
        Run(
            uuid=UUID(int=n), first_seen_at=NOON, status="success",
            sorted_at=draw.choice(starts) + draw.choice(steps), gpu=draw.choice(("H100", "T4")),
        )
        for n in range(120)
    )  # fmt: skip
    found = newest_rows.rows(RunFilter(parse(FILTERS["several values"])), "pk")
    assert [pk for (pk,) in found] == list(Run.objects.newest().values_list("pk", flat=True))
