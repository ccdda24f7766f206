"""Speed: its figures through the database, its file, and what it says where there is little."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dashboard.domain.filters.query import parse
from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.models import Name, Run, RunNodes
from dashboard.services import clock
from dashboard.views.insights.speed import start_of
from tests.domain.insights import speed_oracle as oracle
from tests.domain.insights.histories import BEGIN, PERIOD, history
from tests.markup import one_line
from tests.services.insights.stored import store_history

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: PERIOD.end)


def stored(runs: list[InsightRun]) -> tuple[InsightRun, ...]:
    """Stores a history; the runs of its last 30 days as Insights read them."""
    store_history(runs)
    lost = {"start_kind": "unknown", "cold_start": None}
    return population_of(
        run._replace(**lost) if run.out_of_range else run  # type: ignore[arg-type]
        for run in runs
        if run.created >= PERIOD.begin
    ).runs


def ask(client: Client, **query: str) -> dict[str, Any]:
    answer = client.get(reverse("insights_speed_json"), query)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def page(client: Client, **query: str) -> str:
    answer = client.get(reverse("insights_speed"), query)
    assert answer.status_code == 200
    return one_line(answer.content.decode()).replace("\u202f", " ").replace("\u00a0", " ")


def rows(client: Client, **query: str) -> list[dict[str, str]]:
    answer = client.get(reverse("insights_speed_csv"), query)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(text)))


def triple(told: dict[str, float] | None) -> Any:
    return told and pytest.approx((told["value"], told["low"], told["high"]))


HISTORIES = [
    *((lambda: history(50), kind) for kind in ("warm", "cold", "unknown")),
    *((lambda: oracle.stepped(2_000), kind) for kind in ("warm", "cold")),
    (lambda: oracle.rollout(), "warm"),
]


@pytest.mark.parametrize(("make", "kind"), HISTORIES)
def test_the_json_is_what_the_oracle_says(
    ana: Client, make: Callable[[], list[InsightRun]], kind: str
) -> None:
    runs = stored(make())
    told = ask(ana, start=kind)
    shown, other, untold = oracle.shown_runs(runs, kind)
    assert told["start"] == kind
    assert told["finished"] == {"runs": len(shown), "other_start": other, "untold": untold}
    groups = oracle.groups(runs, kind)
    assert len(told["groups"]) == len(groups)
    for one in told["groups"]:
        wanted = groups[one["workflow"]["id"], one["version"]["id"], one["gpu"]]
        assert (one["n"], one["earlier"]) == (wanted["runs"], wanted["earlier"])
        assert one["p25"] == pytest.approx(wanted["p25"])
        assert one["p50"] == pytest.approx(wanted["p50"])
        assert one["p90"] == pytest.approx(wanted["p90"])
        assert wanted["against"] == triple(one["against_earlier"])
    changes = oracle.changes(runs, kind)
    assert told["searched"] == len(changes)
    found = {
        (one["workflow"]["id"], one["gpu"], one["before"]["n"], one["after"]["n"]): one
        for one in told["changes"]
    }
    assert len(found) == len(told["changes"]) == sum(map(len, changes.values()))
    for (workflow, gpu), own in changes.items():
        for _, before, after, runs_before, runs_after, difference, p in own:
            one = found[workflow, gpu, runs_before, runs_after]
            assert one["before"]["p50"] == pytest.approx(before)
            assert one["after"]["p50"] == pytest.approx(after)
            assert (difference, one["p"]) == (triple(one["difference"]), pytest.approx(p))


def test_the_keys_are_these(ana: Client) -> None:
    stored(oracle.rollout())
    run = Run.objects.order_by("pk").last()
    assert run
    for each in Run.objects.all()[:6]:
        nodes = [{"id": "3", "type": "KSampler", "seconds": 7.0, "vram": None}]
        RunNodes.objects.create(run=each, reported=nodes, read_at=PERIOD.end)
    Name.objects.create(kind="version", upstream_id="v2", text="v15")
    told = ask(ana)
    assert list(told) == [
        *("range", "population", "start", "finished", "groups", "searched", "changes", "nodes"),
    ]
    assert told["start"] == "warm" and told["population"]["runs"] == 120
    [first, second] = told["groups"]
    assert list(first) == [
        *("workflow", "version", "gpu", "n", "p25", "p50", "p90", "earlier", "against_earlier"),
    ]
    assert first["against_earlier"] is None and second["version"] == {"id": "v2", "name": "v15"}
    [change] = told["changes"]
    assert list(change) == [
        *("workflow", "gpu", "at", "version", "before", "after", "difference", "p"),
    ]
    assert change["at"] == "2026-10-31T06:00:00.000000Z"
    assert change["version"] == {"id": "v2", "name": "v15"}
    assert told["nodes"] == {
        "runs": 6,
        "newest": None,
        "list": [
            {
                "id": "3",
                "type": "KSampler",
                "workflow": {"id": "lighthouse", "name": "lighthou"},
                "source": "reported",
                "n": 6,
                "p25": None,
                "p50": 7.0,
                "p75": None,
                "share": told["nodes"]["list"][0]["share"],
            }
        ],
    }


def test_the_file_has_a_row_for_each_run_of_the_figures(ana: Client) -> None:
    runs = stored(history(400))
    for kind in ("warm", "cold"):
        shown, _, _ = oracle.shown_runs(runs, kind)
        found = rows(ana, start=kind)
        assert len(found) == len(shown) > 50
        ids = [str(Run.objects.get(pk=run.id).uuid) for run in shown[::-1]]
        assert [row[next(iter(row))] for row in found] == ids
    assert len(rows(ana)) == len(oracle.shown_runs(runs, "warm")[0])


def test_other_filters_hold(ana: Client) -> None:
    runs = stored(history(400))
    told = ask(ana, gpu="L4", origin="api")
    kept = [run for run in runs if (run.gpu, run.origin) == ("L4", "api")]
    assert told["finished"]["runs"] == len(oracle.shown_runs(kept, "warm")[0]) > 0
    assert {one["gpu"] for one in told["groups"]} == {"L4"}
    past = ask(ana, created="2026-10-01..2026-10-10")
    assert past["range"] == {"from": "2026-10-01", "to": "2026-10-10", "zone": "UTC"}
    assert past["finished"]["runs"] > 0


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("", "warm"),
        ("start=cold", "cold"),
        ("start=unknown", "unknown"),
        ("start=-", "unknown"),
        ("start=cold&start=warm", "warm"),
        ("start!=warm", "cold"),
        ("start!=warm&start!=cold", "unknown"),
        ("start=cold&start!=cold", "warm"),
    ],
)
def test_one_kind_of_start_is_shown_at_a_time(query: str, kind: str) -> None:
    pairs = [tuple(each.rsplit("=", 1)) for each in query.split("&") if each]
    assert start_of(parse(pairs)) == kind  # type: ignore[arg-type]


def test_the_page_tells_the_change_and_links_to_the_other_starts(ana: Client) -> None:
    stored(oracle.rollout())
    Name.objects.create(kind="workflow", upstream_id="lighthouse", text="lighthouse-<flux>")
    text = page(ana, gpu="H100")
    lead = "lighthouse-&lt;flux&gt; runs take 4.0 s longer since 31 Oct (v2)"
    assert f"<strong>{lead}</strong>" in text
    assert "120 finished runs that found ComfyUI up." in text
    assert 'aria-current="true">Warm starts</a>' in text
    assert "start=cold" in text.partition("Warm starts</a>")[2].partition("Cold starts")[0]
    assert "gpu=H100" in text.partition("Warm starts</a>")[2].partition("Cold starts")[0]
    assert '<span class="delta up">+4.0 s</span>' in text
    assert "One change found in the run time" in text and 'class="chart-table"' in text
    assert "No run was watched while it ran, so node times are not known." in text
    assert " style=" not in text.partition("<main")[2].partition("</main")[0]


def test_a_kind_without_runs_says_so_and_leads_to_the_other(ana: Client) -> None:
    stored(oracle.rollout())
    text = page(ana, start="cold")
    assert "No finished run after a cold start." in text
    assert "120 runs that found ComfyUI up are left out." in text
    assert ">Warm starts</a>" in text and "<table" not in text.partition("<main")[2]


def test_where_there_are_no_runs_that_is_told(ana: Client) -> None:
    assert "No runs yet" in page(ana)
    stored(oracle.rollout())
    assert "No runs in this time" in page(ana, created="2026-09-01")
    assert "No run matches these filters" in page(ana, gpu="L4")
    told = ask(ana, gpu="L4")
    assert (told["groups"], told["changes"], told["searched"]) == ([], [], 0)
    assert told["nodes"] == {"runs": 0, "newest": None, "list": []}
    assert rows(ana, gpu="L4") == []


def test_a_version_that_is_older_than_the_time_is_an_earlier_one(ana: Client) -> None:
    runs = oracle.rollout()
    runs.append(runs[0]._replace(id=900, version="v2", created=BEGIN))
    store_history(runs)
    for version in ("v1", "v2"):
        Name.objects.create(kind="version", upstream_id=version, text=version)
    assert [one["version"]["id"] for one in ask(ana)["groups"]] == ["v2", "v1"]


def test_queries_do_not_grow_with_the_runs(ana: Client, django_assert_max_num_queries: Any) -> None:
    store_history(history(400))
    with django_assert_max_num_queries(30):
        page(ana)
