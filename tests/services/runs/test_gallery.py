"""Pages of a gallery: which runs, which files, which days."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.domain.filters.fields import CREATED
from dashboard.domain.filters.sorts import NAMES, NEWEST, Key, Sort
from dashboard.models import Name, Run
from dashboard.services.runs import gallery, run_pages
from tests.builders import NOON, answer, element, store

pytestmark = pytest.mark.django_db


def made(minutes: int, files: int = 1, **given: Any) -> Run:
    """A run of so many minutes before noon, with so many files."""
    created = NOON - timedelta(minutes=minutes)
    return store(
        answer(created=created, outputs=[element(f"{n}.png") for n in range(files)], **given)
    )


def page_of(
    after: Key | None = None, zone: tzinfo = UTC, sort: Sort = NEWEST
) -> gallery.GalleryPage:
    runs = Run.objects.seen()
    listed = run_pages.page(runs, sort, after=after, size=gallery.PAGE_RUNS)
    return gallery.page_of(listed, runs if sort.name == CREATED else None, zone)


def walk(sort: Sort = NEWEST) -> list[gallery.GalleryPage]:
    pages: list[gallery.GalleryPage] = []
    after = None
    while not pages or after:
        pages.append(page_of(after, sort=sort))
        after = pages[-1].older
    return pages


def shown(pages: list[gallery.GalleryPage]) -> list[tuple[int, str]]:
    return [
        (run.pk, one.identity) for page in pages for run in page.runs for one in run.outputs.all()
    ]


def test_pages_give_each_file_once_newest_run_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "PAGE_RUNS", 3)
    monkeypatch.setattr(gallery, "PAGE_OUTPUTS", 4)
    runs = [made(n // 2, files=n % 4) for n in range(11)]  # two and two at one moment
    pages = walk()
    newest = list(Run.objects.newest())
    assert [run.pk for page in pages for run in page.runs] == [run.pk for run in newest]
    assert shown(pages) == [(run.pk, one.identity) for run in newest for one in run.outputs.all()]
    assert len(set(shown(pages))) == sum(run.outputs.count() for run in runs)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("descending", [True, False])
def test_pages_follow_the_order_of_the_list(
    name: str, descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "PAGE_RUNS", 3)
    for n in range(8):
        run = made(n, files=1)
        Run.objects.filter(pk=run.pk).update(total=n * 7 % 5, queue_wait=None, cold_start=n or None)
    sort = Sort(name, descending)
    pages = walk(sort)
    listed = run_pages.page(Run.objects.seen(), sort, size=20).keys
    assert [run.pk for page in pages for run in page.runs] == [key.pk for key in listed]
    assert all(bool(page.days) == (name == CREATED) for page in pages)


def test_a_page_ends_before_its_files_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "PAGE_OUTPUTS", 5)
    for files in (2, 3, 1, 9):
        made(10 - files % 4, files)
    sizes = [sum(len(run.outputs.all()) for run in page.runs) for page in walk()]
    assert sum(sizes) == 15
    assert all(size <= 5 or size == 9 for size in sizes)


def test_of_a_run_with_very_many_files_the_first_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "MOST_OF_RUN", 3)
    run = made(0, files=5)
    assert shown(walk()) == [(run.pk, one.identity) for one in run.outputs.all()[:3]]


def test_no_run_is_no_page() -> None:
    page = page_of()
    assert (page.runs, page.older, page.days) == ([], None, {})


@pytest.mark.parametrize(
    ("zone", "days"),
    [("UTC", {23: (3, 2, 0), 22: (0, 0, 1)}), ("Asia/Tokyo", {24: (2, 1, 0), 23: (1, 1, 1)})],
)
def test_days_are_those_of_the_zone(zone: str, days: dict[int, tuple[int, int, int]]) -> None:
    for at, files in (
        (datetime(2026, 11, 23, 16, tzinfo=UTC), 2),
        (NOON, 1),
        (NOON - timedelta(hours=20), 0),
    ):
        store(answer(created=at, outputs=[element(f"{n}.png") for n in range(files)]))
    page = page_of(zone=ZoneInfo(zone))
    assert page.days == {
        date(2026, 11, day): gallery.DayCount(*counts) for day, counts in days.items()
    }
    assert {gallery.day_of(run, ZoneInfo(zone)).day for run in page.runs} == set(days)


def test_a_day_is_counted_whole_wherever_the_page_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "PAGE_RUNS", 2)
    for n in range(5):
        made(n, files=n)
    assert [page.days for page in walk()] == [{NOON.date(): gallery.DayCount(10, 4, 1)}] * 3


def test_picks_are_those_of_the_whole_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gallery, "PAGE_RUNS", 2)
    for n in range(3):
        Run.objects.filter(pk=made(n).pk).update(picked_count=n + 1)
    assert [page.days[NOON.date()].picked for page in walk()] == [6, 6]


def test_a_live_run_is_none_that_made_no_files() -> None:
    made(0, files=0, status="running", ended_at=None)
    page = page_of()
    assert page.days[NOON.date()].without == 0


def test_versions_have_their_names() -> None:
    run = made(0)
    Name.objects.update_or_create(
        kind="version", upstream_id=run.workflow_version_id, defaults={"text": "v14"}
    )
    page = page_of()
    assert page.versions == {run.workflow_version_id: "v14"}


def test_a_page_takes_as_many_queries_for_many_runs_as_for_one() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown([page_of()])
        return len(captured)

    made(0)
    one = queries()
    for n in range(1, 12):
        made(n * 300, files=3)
    assert queries() == one <= 9
