"""The page of a batch."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.models import Run
from dashboard.views import fragment_cache
from dashboard.views.runs.batch import MAX_FAILURES, MAX_OUTPUTS
from tests.builders import NOON, answer, element, running, store
from tests.markup import one_line

pytestmark = pytest.mark.django_db
BATCH = UUID("8a9f57c0-45c1-4fd9-8fd1-0b6a5a2f1c52")
PAGE, LIVE = f"/batches/{BATCH}/", f"/batches/{BATCH}/live/"


def member(number: int, make=answer, **given: object) -> Run:  # type: ignore[no-untyped-def]
    run = store(make(created=NOON + timedelta(minutes=number), **given))
    Run.objects.filter(pk=run.pk).update(batch_id=str(BATCH))
    run.refresh_from_db()
    return run


def text(client: Client, path: str = PAGE) -> str:
    return one_line(client.get(path).content.decode()).replace("\u202f", " ")


def test_it_tells_the_progress_of_the_whole(ana: Client) -> None:
    for number in range(5):
        member(number)
    member(5, status="failed")
    member(6, running)
    unread = member(7)
    Run.objects.filter(pk=unread.pk).update(observed_at=None)
    page = text(ana)
    for told in (
        *("Batch of 8 runs", "7 of 8 finished, 1 failed", "6 done", "1 failed", "1 running"),
        *("1 still to be read", "Median total", "44.9 s", "Median run", "12.3 s"),
    ):
        assert told in page, told


def test_under_five_finished_runs_there_is_no_median(ana: Client) -> None:
    for number in range(4):
        member(number)
    assert "Median total" not in text(ana)


def test_failures_stand_first_with_their_cause(ana: Client) -> None:
    member(0)
    run = member(1, status="failed")
    error = {"message": "CUDA out of memory", "node_type": "KSampler", "cause": "out-of-memory"}
    Run.objects.filter(pk=run.pk).update(log_error=error)
    page = text(ana)
    failures = page.index("KSampler ran out of GPU memory")
    assert page.index(f'href="/runs/{run.uuid}/">Run 2') < failures < page.index("batch-runs-title")


def test_every_runs_outputs_are_in_the_grid_and_lead_to_it(ana: Client) -> None:
    first = member(0, outputs=[element("a.png"), element("b.png")])
    second = member(1, outputs=[element("c.png")])
    page = text(ana)
    grid = page[page.index('class="batch-grid"') : page.index('id="batch-runs-title"')]
    assert grid.count(f'href="/runs/{first.uuid}/"') == 2
    assert grid.count(f'href="/runs/{second.uuid}/"') == 1
    assert max(grid.index("a.png"), grid.index("b.png")) < grid.index("c.png")
    assert grid.count("<img") == 3


def test_the_grid_and_the_failures_are_bounded(ana: Client) -> None:
    many = [element(f"{n}.png") for n in range(MAX_OUTPUTS + 5)]
    for number in range(MAX_FAILURES + 2):
        member(number, status="failed", outputs=many if number == 0 else [])
    page = text(ana)
    assert page.count('class="batch-well"') == MAX_OUTPUTS
    assert f"The first {MAX_OUTPUTS} of {MAX_OUTPUTS + 5} outputs" in page
    assert "2 more failures" in page
    assert f'href="/?batch={BATCH}&amp;status=attention"' in page


def test_it_leads_to_its_workflow_and_to_the_list(ana: Client) -> None:
    run = member(0)
    page = text(ana)
    assert f'href="/?workflow={run.workflow_id}"' in page
    assert f'href="/?batch={BATCH}"' in page
    assert str(run.uuid) in text(ana, f"/?batch={BATCH}")


def test_it_is_polled_with_a_tag_while_a_run_is_live(ana: Client) -> None:
    live = member(0, running)
    page = ana.get(PAGE).content.decode()
    assert f'hx-get="{LIVE}"' in page
    first = ana.get(LIVE)
    tag = first["HX-PTag"]
    assert tag in page
    assert ana.get(LIVE, headers={"HX-PTag": tag}).status_code == 304
    store(answer(live.uuid, created=live.created_at))
    changed = ana.get(LIVE, headers={"HX-PTag": tag})
    assert changed.status_code == 200
    assert "1 of 1 finished" in changed.content.decode()
    assert "hx-get" not in changed.content.decode()


def test_an_unknown_batch_is_not_found(ana: Client) -> None:
    assert ana.get(f"/batches/{uuid4()}/").status_code == 404
    assert ana.get(f"/batches/{uuid4()}/live/").status_code == 404
    assert ana.get("/batches/7/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_runs(ana: Client) -> None:
    def queries() -> int:
        fragment_cache.forget()
        with CaptureQueriesContext(connection) as captured:
            ana.get(PAGE)
        return len(captured)

    def add(numbers: range) -> None:
        for number in numbers:
            status = "failed" if number % 3 == 0 else "success"
            member(number, status=status, outputs=[element(f"{number}.png")])

    add(range(4))
    queries()
    four = queries()
    add(range(4, 16))
    assert queries() == four
