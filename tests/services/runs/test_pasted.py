"""Pasted run IDs: which are tracked, and how they travel in an address."""

from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from dashboard.domain.text.search_term import NoTerm
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
    assert pasted.track_pasted("token=lighthouse") == pasted.PastedRuns((), 0, "", NoTerm.SECRET)
    assert pasted.track_pasted("token\nlight").refused == NoTerm.LINES
    assert pasted.track_pasted("light " * 200).refused == NoTerm.LONG
    assert pasted.track_pasted("\0").refused == NoTerm.NOTHING
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


RUN_ID = "7c1e9f42-3b0a-4d1e-9a57-2f6d0c88e1b4"
OTHER = "11111111-2222-4333-8444-555555555555"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["workflow", "version", "deployment", "machine", "batch"])
@pytest.mark.parametrize("text", ["{0}:{1}", "-{0}:{1}", '{0}:"{1}"', "cat {0}:{1} status:failed"])
def test_the_id_of_a_filter_is_no_runs(name: str, text: str) -> None:
    typed = text.format(name, OTHER)
    assert pasted.track_pasted(typed) == pasted.PastedRuns((), 0, typed)
    assert pasted.track_pasted(f"{typed} {RUN_ID}").ids == (UUID(RUN_ID),)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        f"run:{RUN_ID}",
        f"workflow:{OTHER} run:{RUN_ID}",
        f"https://app.example.com/workflows/{OTHER}?run-id={RUN_ID}",
        f"workflow:{OTHER} started\nrun {RUN_ID} failed",
        f"workflow:{OTHER}↵run {RUN_ID} failed",
        f'{{"workflow_id": "{OTHER}", "run_id": "{RUN_ID}"}}',
    ],
)
def test_the_id_of_a_run_is_found_beside_another(text: str) -> None:
    assert pasted.track_pasted(text).ids == (UUID(RUN_ID),)


@pytest.mark.django_db
def test_a_run_that_is_left_out_is_a_search() -> None:
    assert pasted.track_pasted(f"-{RUN_ID}") == pasted.PastedRuns((), 0, f"-{RUN_ID}")
    for flag in (f"--run-id={RUN_ID}", f"- {RUN_ID}", f"run-{RUN_ID}", f"-{OTHER} {RUN_ID}"):
        assert pasted.track_pasted(flag).ids == (UUID(RUN_ID),), flag


@pytest.mark.django_db
def test_filters_together_may_be_longer_than_words() -> None:
    filters = " ".join(f'tag:"{letter * 30}"' for letter in "abcdefghij")
    assert pasted.track_pasted(filters).search == filters
    assert pasted.track_pasted("cat " * 60).search == ("cat " * 60).strip()
    assert pasted.track_pasted("cat " * 251).search == ""
    assert pasted.track_pasted(f"{filters} token=lighthouse").search == ""
    assert pasted.track_pasted(filters * 9).search == ""
