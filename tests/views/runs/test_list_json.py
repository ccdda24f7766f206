"""The list of runs as JSON: its pages, its filter, and who sees what."""

import gc
import json
import tracemalloc
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.domain.roles import VIEWER
from dashboard.models import Deployment, Name, Run, UpstreamUser
from dashboard.services.runs import labels, run_pages
from dashboard.views.runs import list_json
from tests.builders import NOON, answer, element, person, running, store

pytestmark = pytest.mark.django_db
DEPLOYMENT = "54dc8e5d-27b4-4a0b-b21c-5a9fd6f5b771"
LEFT_OUT = {"outputs", "values", "inputs", "snapshots"}
ADDED = {"title", "prompt", "output_count", "thumbnail"}


def page(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(f"/runs.json{query}")
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def lines(client: Client, query: str = "") -> list[dict[str, Any]]:
    response = client.get(f"/runs.jsonl{query}")
    assert isinstance(response, StreamingHttpResponse) and response.status_code == 200
    return [json.loads(line) for line in response.getvalue().decode().splitlines()]


def viewer() -> Client:
    client = Client()
    client.force_login(person("vera", VIEWER))
    return client


def many(count: int) -> None:
    """Runs that each have something of its own to read."""
    Run.objects.bulk_create(
        Run(
            uuid=UUID(int=n), status="success", finished=True, first_seen_at=NOON,
            sorted_at=NOON - timedelta(minutes=n), total=float(n), workflow_id=f"w{n}",
            deployment_id=str(UUID(int=n)), user_id=f"u{n}", values=[{"text": "x" * 5000}],
        )
        for n in range(count)
    )  # fmt: skip


def test_a_summary_is_the_runs_json_without_what_is_long(ana: Client, now: datetime) -> None:
    run = store(answer(created=now, user_id="user_a", outputs=[element()]), now)
    Run.objects.filter(pk=run.pk).update(deployment_id=DEPLOYMENT, label="Hero", starred=True)
    labels.add_tag(run, "final", None)
    Deployment.objects.create(uuid=DEPLOYMENT, environment="production", seen_at=now)
    kept = {"kind": "workflow", "upstream_id": run.workflow_id}
    Name.objects.update_or_create(**kept, defaults={"text": "lighthouse"})
    UpstreamUser.objects.update_or_create(id="user_a", defaults={"name": "Rosa"})
    whole = ana.get(f"/runs/{run.uuid}.json").json()
    (told,) = page(ana)["runs"]
    assert set(told) == (set(whole) - LEFT_OUT) | ADDED
    for name in set(told) - ADDED - {"freshness"}:
        assert told[name] == whole[name], name
    assert (told["title"], told["prompt"], told["output_count"]) == ("Hero", "a cat", 1)
    (line,) = lines(ana)
    assert {**line, "freshness": None} == {**told, "freshness": None}


def test_pages_lead_to_one_another(ana: Client) -> None:
    many(5)
    first = page(ana, "?limit=2&sort=-total")
    assert (first["count"], first["count_is"]) == (5, "exact")
    met = [run["id"] for run in first["runs"]]
    while first["next"]:
        first = page(ana, "?" + first["next"].partition("?")[2])
        met += [run["id"] for run in first["runs"]]
    assert met == [str(UUID(int=n)) for n in (4, 3, 2, 1, 0)]
    assert [run["id"] for run in lines(ana, "?sort=-total")] == met


def test_the_filter_counts_and_live_runs_are_in_it(ana: Client, now: datetime) -> None:
    live = store(running(created=now), now)
    bad = store(answer(created=now - timedelta(hours=2), status="failed"), now)
    for read in (lambda query="": page(ana, query)["runs"], lambda query="": lines(ana, query)):
        assert [run["id"] for run in read()] == [str(run.uuid) for run in (live, bad)]
        assert [run["id"] for run in read("?status=failed")] == [str(bad.uuid)]


def test_what_cannot_be_read_is_named_and_secrets_are_not(ana: Client) -> None:
    ignored = page(ana, "?total=long&sort=weight&gpu=H100")["ignored"]
    assert [(each["name"], each["value"]) for each in ignored] == [
        ("total", "long"), ("sort", "weight"),
    ]  # fmt: skip
    ignored = page(ana, "?limit=many&after=1_2&before=-total~1.0~1_2")["ignored"]
    assert ignored == [
        {"name": "limit", "value": "many", "why": "not a number"},
        {"name": "before", "value": "-total~1.0~1_2", "why": "not a place in the list"},
    ]
    assert page(ana, "?q=%00")["ignored"] == [
        {"name": "q", "value": "\ufffd", "why": "not readable"},
    ]
    secret = "Bearer sk-" + "a1b2" * 12
    assert "a1b2" not in json.dumps(page(ana, f"?total={secret}&sort={secret}"))


@pytest.mark.parametrize(
    ("asked", "size"),
    [
        ("", 50),
        ("200", 120),
        ("9" * 40, 120),
        ("0003", 3),
        ("0", 1),
        ("3", 3),
        ("-1", 50),
        ("x", 50),
    ],
)
def test_a_page_has_as_many_as_asked_for(ana: Client, asked: str, size: int) -> None:
    many(120)
    assert len(page(ana, f"?limit={asked}")["runs"]) == size


def test_more_than_are_counted_are_at_least_so_many(
    ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_json, "COUNTED", 3)
    many(9)
    found = page(ana)
    assert (found["count"], found["count_is"]) == (4, "at-least")


def test_viewers_see_no_people(now: datetime) -> None:
    store(answer(created=now, user_id="user_a"), now)
    client = viewer()
    assert page(client)["runs"][0]["by"] is None
    assert lines(client)[0]["by"] is None
    assert "user_a" not in client.get("/runs.json").content.decode()


def test_members_alone_find_and_order_by_costs(ana: Client) -> None:
    many(6)
    for n, micros in enumerate((100_000, None, 300_000, 100_001, 5_000)):
        Run.objects.filter(uuid=UUID(int=n)).update(cost_micros=micros)

    def told(client: Client, query: str) -> list[int]:
        found, ids = page(client, query), []
        while True:
            ids += [UUID(run["id"]).int for run in found["runs"]]
            if not found["next"]:
                return ids
            found = page(client, "?" + found["next"].partition("?")[2])

    assert told(ana, "?sort=-cost&limit=2") == [2, 3, 0, 4, 1, 5]
    assert told(ana, "?sort=cost&limit=2") == [4, 0, 3, 2, 1, 5]
    assert told(ana, "?cost=>0.10") == [2, 3] and told(ana, "?cost=-") == [1, 5]
    assert told(ana, "?cost=0.005..0.1&sort=-cost") == [0, 4]
    vera = viewer()
    assert told(vera, "?sort=-cost&cost=>0.10") == [0, 1, 2, 3, 4, 5]
    why = "for members alone"
    assert page(vera, "?sort=-cost&cost!=>0.10")["ignored"] == [
        {"name": "cost!", "value": ">0.1", "why": why},
        {"name": "sort", "value": "-cost", "why": why},
    ]


@pytest.mark.parametrize("address", ["/runs.json", "/runs.jsonl"])
def test_head_is_answered_without_a_body(ana: Client, address: str) -> None:
    many(3)
    response = ana.head(address)
    assert response.status_code == 200 and response.content == b""


def queries(client: Client, query: str) -> int:
    page(client, query)
    with CaptureQueriesContext(connection) as captured:
        page(client, query)
    return len(captured)


def test_a_page_takes_as_many_queries_however_long_it_is(ana: Client) -> None:
    many(150)
    assert queries(ana, "?limit=5") == queries(ana, "?limit=150")


def test_a_stream_holds_a_piece_at_a_time(ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_json, "AT_ONCE", 20)
    monkeypatch.setattr(run_pages, "WHOLE_PIECE", 40)

    def peak() -> int:
        response = ana.get("/runs.jsonl")
        assert isinstance(response, StreamingHttpResponse)
        gc.freeze()  # what is there already is not looked through again and again
        tracemalloc.start()
        read = 0
        for _ in response.streaming_content:
            read += 1
            if read % 20 == 0:
                gc.collect()
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        gc.unfreeze()
        assert read >= Run.objects.count()
        return size

    many(100)
    peak()
    few = peak()
    Run.objects.all().delete()
    many(400)
    peak()
    assert peak() < 1.5 * few
