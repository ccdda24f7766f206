"""Pasted run IDs: which are tracked, and how they travel in an address."""

from uuid import uuid4

import pytest
from django.utils import timezone

from dashboard.models import RemovedRun, Run
from dashboard.services.runs import pasted
from tests.builders import answer, store


@pytest.mark.django_db
def test_several_runs_are_tracked_and_due_at_once() -> None:
    ids = [uuid4() for _ in range(3)]
    paste = pasted.track_pasted("\n".join(map(str, [*ids, ids[0]])))
    assert paste.ids == tuple(ids)
    assert {run.uuid for run in Run.objects.due(timezone.now())} == set(ids)


@pytest.mark.django_db
@pytest.mark.parametrize(("count", "tracks"), [(1, True), (3, False)])
def test_one_run_or_a_viewers_paste_is_read_and_not_tracked(count: int, tracks: bool) -> None:
    ids = tuple(uuid4() for _ in range(count))
    assert pasted.track_pasted(" ".join(map(str, ids)), tracks=tracks).ids == ids
    assert not Run.objects.exists()


@pytest.mark.django_db
def test_words_are_a_search() -> None:
    paste = pasted.track_pasted("lighthouse flux")
    assert (paste.ids, paste.search) == ((), "lighthouse flux")
    assert pasted.track_pasted("token=lighthouse").search == ""
    assert pasted.track_pasted(f"flux {uuid4()}").search == ""


@pytest.mark.django_db
def test_only_new_runs_count_and_automatic_tracking_leaves_removed_ones() -> None:
    known, removed, new = uuid4(), uuid4(), uuid4()
    assert pasted.track_all([known]) == 1
    RemovedRun.note([removed], timezone.now())
    assert pasted.track_all([known, removed, new], even_if_removed=False) == 1
    assert pasted.track_all([known, removed, new]) == 1
    assert Run.objects.count() == 3


def test_packed_ids_come_back_and_broken_parts_are_left_out() -> None:
    ids = [uuid4() for _ in range(3)]
    packed = pasted.pack(ids)
    assert len(packed) == 3 * 22 + 2
    assert pasted.unpack(packed) == ids
    assert pasted.unpack(f"x.{packed}.é") == ids


@pytest.mark.django_db
def test_runs_with_nothing_to_show_are_told_apart_by_the_reason() -> None:
    seen, new = store(answer()), uuid4()
    waiting, missing = uuid4(), uuid4()
    pasted.track_all([waiting, missing])
    Run.objects.filter(uuid=missing).update(trouble="not-found")
    unseen = pasted.unseen_runs([seen.uuid, missing, new, waiting])
    assert [run.uuid for run in unseen.waiting] == [waiting]
    assert [run.uuid for run in unseen.missing] == [missing]
    assert unseen.untracked == [new]
