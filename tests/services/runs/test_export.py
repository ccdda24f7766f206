"""The runs of a filter as rows: all pages, in order, with what belongs to each."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.filters.sorts import NEWEST
from dashboard.models import Deployment, Name, Run, UpstreamUser
from dashboard.services.runs import export, labels, run_pages
from tests.builders import answer, element, running, store

pytestmark = pytest.mark.django_db
DEPLOYMENT = "54dc8e5d-27b4-4a0b-b21c-5a9fd6f5b771"
PLACE = "https://board.example"


def table(zone: str = "UTC", *, people: bool = True, costs: bool = True) -> list[dict[str, str]]:
    pieces = run_pages.pieces(Run.objects.seen(), NEWEST, parts=[Run.objects.seen()])
    text = "".join(export.written(pieces, ZoneInfo(zone), PLACE, people=people, costs=costs))
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_a_row_has_what_the_list_and_the_page_tell(now: datetime) -> None:
    run = store(answer(created=now, user_id="user_a", outputs=[element()]), now)
    Run.objects.filter(pk=run.pk).update(
        deployment_id=DEPLOYMENT, label="=Hero", starred=True, cost_micros=102_000
    )
    labels.add_tag(run, "final", None)
    Deployment.objects.create(uuid=DEPLOYMENT, environment="production", seen_at=now)
    Name.objects.update_or_create(
        kind="workflow", upstream_id=run.workflow_id, defaults={"text": "lighthouse"}
    )
    UpstreamUser.objects.update_or_create(id="user_a", defaults={"name": "Rosa"})
    (row,) = table()
    assert row["id"] == str(run.uuid) and row["url"] == f"{PLACE}/runs/{run.uuid}/"
    assert (row["title"], row["workflow"], row["environment"]) == (
        *("'=Hero", "lighthouse"),
        "production",
    )
    assert (row["by"], row["by_id"], row["tags"], row["starred"]) == (
        *("Rosa", "user_a"),
        *("final", "yes"),
    )
    assert (row["cold_start (s)"], row["total (s)"]) == ("31.2", "44.9")
    assert row["created (UTC)"] == now.isoformat(timespec="milliseconds")
    assert row["outputs"] == "1" and row["error"] == ""
    assert row["cost (USD)"] == "0.1020"


def test_a_run_is_called_as_on_its_page(now: datetime) -> None:
    run = store(answer(created=now), now)
    for columns in ({}, {"workflow_name": "cats"}, {"label": "Hero", "workflow_name": "cats"}):
        Run.objects.filter(pk=run.pk).update(**{"label": "", "workflow_name": "", **columns})
        run.reread()
        assert table()[0]["title"] == run.title


def test_times_and_texts_are_those_of_the_run(now: datetime) -> None:
    at = now.replace(microsecond=120_000)
    run = store(answer(created=at), now)
    Run.objects.filter(pk=run.pk).update(prompt='a "cat",\r\n;=1', queued_at=at)
    (row,) = table("Asia/Kathmandu")
    told = at.astimezone(ZoneInfo("Asia/Kathmandu")).isoformat(timespec="milliseconds")
    assert row["queued (Asia/Kathmandu)"] == told
    assert (row["prompt"], row["starred"], row["batch_id"]) == ('a "cat",\r\n;\'=1', "", "")


def test_without_people_nobody_is_named(now: datetime) -> None:
    store(answer(created=now, user_id="user_a"), now)
    (row,) = table(people=False)
    assert "by" not in row and "user_a" not in row.values()


def test_a_failed_run_has_its_error_on_one_line(now: datetime) -> None:
    told = {"exception_message": "Out of\nmemory", "exception_type": "RuntimeError", "node_id": "3"}
    store(answer(created=now, status="failed", outputs=[element(data=told)]), now)
    assert table()[0]["error"] == "Out of memory"


def test_all_pages_come_in_the_order_of_the_list(
    now: datetime, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(run_pages, "WHOLE_PIECE", 3)
    made = [store(answer(created=now - timedelta(minutes=n)), now) for n in range(6)]
    made.append(store(running(created=now - timedelta(minutes=9)), now))
    with django_assert_max_num_queries(3 * 7):
        assert [row["id"] for row in table()] == [str(run.uuid) for run in made]
