"""Where a run's time went: on its page and as JSON."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from dashboard.models import Run, RunNodes
from dashboard.services.runs import details
from tests.builders import answer, running, store
from tests.markup import one_line

pytestmark = pytest.mark.django_db
ROWS = [
    {"id": "12", "type": "UNETLoader", "seconds": 3.4, "vram": 11_900_000_000},
    {"id": "3", "type": "<b>KSampler\u202e", "seconds": 2.1, "vram": None},
]


@pytest.fixture
def run(now: datetime) -> Run:
    return store(answer(created=now - timedelta(hours=1)))


def page(client: Client, run: Run) -> str:
    return one_line(client.get(run.get_absolute_url()).content.decode())


def test_a_report_is_a_table(ana: Client, run: Run) -> None:
    RunNodes.objects.create(run=run, reported=ROWS, read_at=run.first_seen_at)
    text = page(ana, run)
    assert "Where the run’s time went" in text and "UNETLoader" in text
    assert "<b>KSampler" not in text and "\u202e" not in text
    told = ana.get(f"/runs/{run.uuid}/nodes.json").json()
    assert told["source"] == "reported"
    assert told["list"][0] == {**ROWS[0], "title": None, "low": None, "high": None}
    assert ana.get(f"/runs/{run.uuid}.json").json()["nodes"] == told


def test_where_nothing_was_reported_the_page_says_so(ana: Client, run: Run) -> None:
    assert "Where the run’s time went" not in page(ana, run)
    Run.objects.filter(pk=run.pk).update(nodes_state=details.NONE, extras_version=9)
    assert "The machine reported no node times for this run." in page(ana, run)
    assert ana.get(f"/runs/{run.uuid}/nodes.json").json() == {"source": None, "list": []}


def test_opening_an_older_run_has_its_report_sought(ana: Client, run: Run) -> None:
    page(ana, run)
    run.refresh_from_db()
    assert run.details_at is not None


def test_of_many_the_longest_few_stand_on_the_page_and_all_when_asked_for(
    ana: Client, run: Run
) -> None:
    rows = [{"id": f"n{n}", "type": f"Class{n}", "seconds": n + 1, "vram": None} for n in range(9)]
    RunNodes.objects.create(run=run, reported=rows, read_at=run.first_seen_at)
    brief = page(ana, run)
    assert "All 9 nodes" in brief and "5 smaller nodes" in brief and "Class8" in brief
    part = f"{run.get_absolute_url()}nodes/"
    assert "Class0" not in ana.get(part).content.decode()
    ordered = one_line(ana.get(f"{part}?nodes=order").content.decode())
    assert 0 < ordered.index("<bdi>Class0") < ordered.index("<bdi>Class8")
    assert "nodes/?nodes=order" in ordered, "a later change keeps the view"
    longest = ana.get(f"{part}?nodes=longest").content.decode()
    assert longest.index("<bdi>Class8") < longest.index("<bdi>Class0")
    assert "Class0" in ana.get(f"{run.get_absolute_url()}?nodes=order").content.decode()


def test_a_live_run_says_which_node_is_next(ana: Client, run: Run, now: datetime) -> None:
    rows = [ROWS[0], {**ROWS[0], "id": "4", "type": "VAEDecode"}]
    RunNodes.objects.create(run=run, reported=rows, read_at=now)
    Run.objects.filter(pk=run.pk).update(nodes_state=details.REPORTED)
    live = store(running(created=now, live_status="Executing UNETLoader", progress=0.4))
    assert "· next: VAEDecode" in page(ana, live)
