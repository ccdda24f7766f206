"""Cold starts as a page, as JSON and as CSV, over runs in the database."""

import csv
import json
from datetime import timedelta

import pytest
from django.test import Client

from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.domain.roles import VIEWER
from dashboard.services import clock
from tests.builders import person
from tests.domain.insights import cold_oracle as oracle
from tests.domain.insights.histories import PERIOD, cold_run, history, insight_run
from tests.services.insights.stored import store_history

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: PERIOD.end)


def stored(runs: list[InsightRun]) -> list[InsightRun]:
    """Stores the history; returns what counts of its last 30 days."""
    store_history(runs)
    kept = population_of(run for run in runs if PERIOD.holds(run.created))
    return list(kept.runs)


def told(client: Client, query: str = "") -> dict:  # type: ignore[type-arg]
    return json.loads(client.get(f"/insights/cold.json{query}").content)


@pytest.mark.parametrize("size", [0, 1, 50, 2_000])
def test_the_json_tells_what_plain_arithmetic_gives(ana: Client, size: int) -> None:
    runs = stored(history(size))
    found, cold, warm = told(ana), oracle.cold_of(runs), oracle.warm_of(runs)
    unknown = len(runs) - len(cold) - len(warm)
    assert found["range"]["zone"] == "UTC"
    population = found["population"]
    assert (population["runs"], population["cold"]) == (len(runs), len(cold))
    assert (population["warm"], population["unknown"]) == (len(warm), unknown)
    share, n = found["cold_share"], len(cold) + len(warm)
    assert share["n"] == n
    assert share["value"] == (pytest.approx(len(cold) / n) if n else None)
    interval = oracle.score(len(cold), n) if n >= 5 else (None, None)
    assert [share["low"], share["high"]] == [
        None if end is None else pytest.approx(end) for end in interval
    ]
    for name, kind in (("cold_start", cold), ("warm_start", warm)):
        seconds = oracle.taken(kind)
        for key, part, least in (("p50", 0.5, 5), ("p90", 0.9, 20)):
            expected = oracle.quantile(seconds, part, least)
            assert found[name][key] == (None if expected is None else pytest.approx(expected))
    lost = oracle.seconds_lost(runs, runs)
    assert found["seconds_lost"] == (None if lost is None else pytest.approx(lost))
    money = oracle.money_lost(runs, runs)
    assert found["money_lost"] == (None if money is None else f"{money:.2f}")
    assert sum(day["cold"] for day in found["days"]) == len(cold)
    assert sum(one["starts"] for one in found["machines"]) == n
    assert sum(one["starts"] for one in found["hours"]) == n


def test_the_json_has_the_keys_of_the_contract(ana: Client) -> None:
    stored(history(400))
    found = told(ana)
    assert list(found) == [
        *("range", "population", "cold_share", "cold_start", "warm_start"),
        *("seconds_lost", "money_lost", "days", "machines", "hours"),
    ]
    assert set(found["range"]) == {"from", "to", "zone"}
    left_out = {"workspace", "assumed-timeout", "out-of-range"}
    assert set(found["population"]) == {"runs", "cold", "warm", "unknown", "left_out"}
    assert set(found["population"]["left_out"]) == left_out
    assert set(found["cold_share"]) == {"value", "low", "high", "n", "before"}
    assert set(found["days"][0]) == {"day", "cold", "warm", "p50"}
    assert set(found["machines"][0]) == {
        *("id", "name", "gpu", "starts", "cold", "low", "high", "p50"),
        *("seconds_lost", "money_lost"),
    }
    assert set(found["hours"][0]) == {"weekday", "hour", "starts", "cold"}


def test_the_filter_is_that_of_the_list(ana: Client) -> None:
    runs = stored(history(400))
    found = told(ana, "?gpu=L4&machine!=wall")
    wanted = [run for run in runs if run.gpu == "L4" and run.machine != "wall"]
    assert found["population"]["runs"] == len(wanted) > 0
    assert {one["gpu"] for one in found["machines"]} == {"L4"}
    some = told(ana, "?created=7d")
    since = PERIOD.end - timedelta(days=7)
    assert some["population"]["runs"] == sum(run.created >= since for run in runs)


def test_the_csv_has_a_row_for_each_run_of_the_figures(ana: Client) -> None:
    runs = stored(history(400))
    answer = ana.get("/insights/cold.csv?zone=Europe/Berlin")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, *rows = list(csv.reader(text.splitlines()))
    assert "created (UTC)" in head
    assert len(rows) == len(runs)
    at = head.index("cold_start (s)")
    assert sum(bool(row[at]) for row in rows) == len(oracle.known_of(runs))


def test_money_is_told_to_those_who_may_see_costs(client: Client) -> None:
    stored(history(400))
    client.force_login(person("vera", VIEWER))
    found = told(client)
    assert found["money_lost"] is None
    assert {one["money_lost"] for one in found["machines"]} == {None}
    page = client.get("/insights/").content.decode()
    assert "$" not in page.partition("<main")[2]


PAGES = [[], [insight_run()], [cold_run(20.0)], history(12), history(400)]


@pytest.mark.parametrize("runs", PAGES, ids=["none", "warm", "cold", "few", "many"])
def test_the_page_shows_any_history(ana: Client, runs: list[InsightRun]) -> None:
    stored(runs)
    page = ana.get("/insights/")
    assert page.status_code == 200
    assert "Cold starts" in page.content.decode()


NONSENSE = [
    *("created=-", "created=2999-01-01", "created=9999d", "created!=7d", "ids=x", "at=nowhere"),
    *("zone=Mars/Base", "q=%00%22", "sort=-cost", "machine=-&gpu=-", "created=1d&created=2d"),
    "workflow=none&version=%3E%3Dv3",
]


@pytest.mark.parametrize("query", NONSENSE)
def test_no_address_is_an_error(ana: Client, query: str) -> None:
    stored(history(60))
    for path in ("", "cold.json", "cold.csv"):
        assert ana.get(f"/insights/{path}?{query}").status_code == 200


def test_facets_lead_back_to_the_page(ana: Client) -> None:
    stored(history(60))
    page = ana.get("/insights/?gpu=L4").content.decode()
    assert "/runs/facets/machine/?gpu=L4&amp;created=30d&amp;at=cold" in page
    form = ana.get("/runs/facets/machine/?created=30d&gpu=L4&at=cold").content.decode()
    assert 'action="/insights/"' in form
    set_one = ana.get("/runs/facets/total/set/?low=3&gpu=L4&at=cold")
    assert set_one["Location"] == "/insights/?gpu=L4&total=%3E%3D3"
