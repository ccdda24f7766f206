"""The runs of a filter as rows: all pages, in order, with what belongs to each."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard.models import Deployment, Name, Run, UpstreamUser
from dashboard.services.runs import export, labels
from tests.builders import answer, element, running, store

pytestmark = pytest.mark.django_db
DEPLOYMENT = "54dc8e5d-27b4-4a0b-b21c-5a9fd6f5b771"
PLACE = "https://board.example"


def table(*, people: bool = True) -> list[dict[str, str]]:
    head = export.header(UTC, people=people)
    found = export.rows(Run.objects.seen(), UTC, PLACE, people=people)
    return [dict(zip(head, row, strict=True)) for row in found]


def test_a_row_has_what_the_list_and_the_page_tell(now: datetime) -> None:
    run = store(answer(created=now, user_id="user_a", outputs=[element()]), now)
    Run.objects.filter(pk=run.pk).update(deployment_id=DEPLOYMENT, label="=Hero", starred=True)
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
    monkeypatch.setattr(export, "PAGE", 3)
    made = [store(answer(created=now - timedelta(minutes=n)), now) for n in range(6)]
    made.append(store(running(created=now - timedelta(minutes=9)), now))
    with django_assert_max_num_queries(3 * 6):
        assert [row["id"] for row in table()] == [str(run.uuid) for run in made]
