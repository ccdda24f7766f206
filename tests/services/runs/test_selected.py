"""Selected runs: counted to a bound, and weighed before they are packed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.models import Run
from dashboard.services.runs import picks, selected
from tests.builders import NOON, answer, element, store
from tests.stored_files import put_kept

pytestmark = pytest.mark.django_db


def test_the_newest_runs_are_packed_with_what_is_stored_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs = [store(answer(created=NOON, outputs=[element("a.png")])) for _ in range(3)]
    for run in runs:
        put_kept(run, b"a file")
    monkeypatch.setattr(selected, "MAX_ARCHIVED", 2)
    size = selected.archive_size(Run.objects.all())
    assert size == selected.ArchiveSize(2, 2, 2 * len(b"a file"), more=True)
    assert selected.archived(Run.objects.all()) == runs[:0:-1]
    assert selected.archive_size(Run.objects.none()) == selected.ArchiveSize(0, 0, 0, more=False)


def test_texts_weigh_too() -> None:
    run = store(answer(outputs=[element(data={"text": ["née"]})]))
    texts = [one.text for one in run.outputs.all() if one.text]
    size = selected.archive_size(Run.objects.all())
    assert texts and (size.files, size.bytes) == (len(texts), len("".join(texts).encode()))


def test_packing_asks_as_often_for_three_runs_as_for_one() -> None:
    runs = [store(answer(outputs=[element("a.png")])) for _ in range(3)]
    counts = []
    for some in (runs[:1], runs):
        with CaptureQueriesContext(connection) as captured:
            for run in selected.archived(Run.objects.filter(pk__in=[one.pk for one in some])):
                assert (run.outputs.all()[0].kind, list(run.stored_files.all())) is not None
                assert picks.of_run(run) == {}
                assert (run.title, run.total, run.inputs) is not None
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_what_is_not_here_is_named() -> None:
    here, gone = store(answer()).uuid, store(answer())
    Run.objects.filter(pk=gone.pk).delete()
    assert selected.gone([gone.uuid, here]) == [gone.uuid]
