"""The runs of a sheet: chosen once, in order; what is removed drops out."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from dashboard.domain.sharing import MAX_SHEET
from dashboard.models import AuditEntry, Run, Share, SharedRun
from dashboard.services import clock
from dashboard.services.runs.fetch import track_run
from dashboard.services.sharing import share_links, sheets
from tests.builders import answer, element, person, store
from tests.stored_files import picture, run_kept

pytestmark = pytest.mark.django_db


def sheet_of(*runs: Run, **given: Any) -> Share:
    values = {"scopes": {"outputs"}, "title": "", "life": "7", "now": clock.now(), **given}
    return share_links.make_sheet(runs, person(f"by{uuid4().hex[:6]}"), **values)[0]


def test_runs_are_chosen_in_order_each_once_and_only_if_they_are_here() -> None:
    a, b = store(answer()), store(answer())
    unseen = track_run(uuid4())
    ids = [b.uuid, uuid4(), a.uuid, unseen.uuid, b.uuid]
    assert sheets.chosen(ids) == [b, a]


def test_no_more_than_200_are_chosen() -> None:
    first, late = store(answer()), store(answer())
    ids = [first.uuid, *(UUID(int=n) for n in range(MAX_SHEET - 1)), late.uuid]
    assert sheets.chosen(ids) == [first]


def test_one_link_keeps_the_order_and_is_noted_once() -> None:
    runs = [store(answer()) for _ in range(3)][::-1]
    made = sheet_of(*runs)
    assert made.is_sheet
    assert made.title == "Shared runs"
    assert [place.run for place in sheets.places(made)] == [run.pk for run in runs]
    assert sheets.ids_of(made) == [run.uuid for run in runs]
    noted = AuditEntry.objects.get()
    assert (noted.action, noted.subject) == ("share.made", "3 runs")
    share_links.revoke(made, None, clock.now())
    assert AuditEntry.objects.filter(action="share.revoked", subject="3 runs").count() == 1


def test_a_sheet_is_no_link_to_one_run() -> None:
    run = store(answer())
    with pytest.raises(TypeError):
        _ = sheet_of(run).one_run
    single, _ = share_links.make(run, None, scopes=set(), title="", life="1", now=clock.now())
    assert not single.is_sheet
    assert single.one_run == run


def test_a_removed_run_drops_out_and_the_others_keep_their_places() -> None:
    a, b, c = (store(answer(outputs=[element()])) for _ in range(3))
    made = sheet_of(a, b, c)
    b.delete()
    assert [place.position for place in sheets.places(made)] == [0, 2]
    assert sheets.runs_at(made) == {0: a, 2: c}
    Run.objects.all().delete()
    assert sheets.places(made) == []
    assert Share.objects.filter(pk=made.pk).exists(), "its link still says what became of it"
    assert not SharedRun.objects.exists()


def test_the_files_of_a_sheet_are_those_of_its_runs(settings: Any, tmp_path: Path) -> None:
    own = run_kept(settings, tmp_path, ("a.png", picture()))
    other = run_kept(settings, tmp_path, ("b.png", picture(32, 8)))
    made = sheet_of(store(answer()), own)
    mine, others = own.stored_files.get(), other.stored_files.get()
    assert sheets.file_of(made, mine.pk) == mine
    assert sheets.file_of(made, others.pk) is None
    assert sheets.has_files(made)
    assert not sheets.has_files(sheet_of(store(answer())))


def test_its_picture_is_the_first_runs_first(settings: Any, tmp_path: Path) -> None:
    late = run_kept(settings, tmp_path, ("a.png", picture()))
    early = run_kept(settings, tmp_path, ("b.png", picture(32, 8)), ("c.png", picture(8, 8)))
    runs = [store(answer()), early, late]
    assert sheets.picture_of(sheets.places_of(runs)) == picture(32, 8)
    assert sheets.picture_of(sheets.places_of(runs[:1])) is None


def test_its_runs_are_read_by_the_same_few_queries(django_assert_num_queries: Any) -> None:
    made = sheet_of(*(store(answer(outputs=[element()])) for _ in range(5)))
    with django_assert_num_queries(4):
        for run in sheets.runs_at(made).values():
            assert list(run.outputs.all())
            assert not list(run.stored_files.all())
            assert not list(run.output_marks.all())
