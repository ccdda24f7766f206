"""Cost as a page, as JSON and as CSV, over runs in the database."""

import csv
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.domain.roles import VIEWER
from dashboard.models import Name, Run, UpstreamUser
from dashboard.services import clock
from dashboard.services.runs import labels
from tests.builders import NOON, person
from tests.domain.insights import costs_oracle as oracle
from tests.domain.insights.histories import PERIOD, history, insight_run
from tests.markup import one_line
from tests.services.insights.stored import store_history

pytestmark = pytest.mark.django_db
WORKFLOW = str(UUID(int=7))
MICRO = Fraction(1, 1_000_000)
SPENT = {
    *("runs", "start_up", "work", "total", "start_share", "in_part", "finished", "not_finished"),
    *("per_finished", "picked", "outputs", "per_picked", "unpriced"),
}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: PERIOD.end)


def stored(runs: list[InsightRun]) -> list[InsightRun]:
    """Stores the history; returns what counts of its last 30 days."""
    store_history(runs)
    return counted(run for run in runs if PERIOD.holds(run.created))


def counted(runs: Iterable[InsightRun]) -> list[InsightRun]:
    return list(population_of(runs).runs)


def tagged(runs: Iterable[InsightRun]) -> dict[int, tuple[str, ...]]:
    """Tags that every third run has, some of them two."""
    ana, found = person("tagger"), {}
    stored = Run.objects.in_bulk()
    for run in runs:
        found[run.id] = ("hero", "draft")[: run.id % 3]
        for tag in found[run.id]:
            labels.add_tag(stored[run.id], tag, ana)
    return {pk: tags for pk, tags in found.items() if tags}


def told(client: Client, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/insights/cost.json{query}")
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.content)
    return found


def money(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def agrees(found: Mapping[str, Any], right: Mapping[str, Any]) -> None:
    for name in ("runs", "finished", "in_part", "picked"):
        assert found[name] == right[name], name
    assert found["outputs"] == right["pick_outputs" if right["picked"] else "outputs"]
    assert sum(found["unpriced"].values()) == right["unpriced"]
    assert money(found["total"]) == right["total"]
    assert money(found["not_finished"]) == right["not_finished"]
    start_up, work = Fraction(found["start_up"]), Fraction(found["work"])
    assert start_up + work == right["total"]
    assert abs(start_up - right["start_up"]) <= MICRO * max(right["runs"], 1)
    for name in ("per_finished", "per_picked"):
        exact = right[name]
        assert (found[name] is None) == (exact is None)
        assert exact is None or abs(Fraction(found[name]) - exact) <= MICRO


@pytest.mark.parametrize("size", [0, 1, 50, 1_000])
def test_the_json_tells_what_plain_arithmetic_gives(ana: Client, size: int) -> None:
    runs = stored(history(size))
    tags = tagged(runs[:60])
    found, picks = told(ana), oracle.with_picks(runs)
    agrees(found["cost"], oracle.sums(runs, picks))
    assert found["population"]["runs"] == len(runs)
    days = oracle.days(runs, PERIOD)
    for day in found["days"]:
        right = next(sums for key, sums in days.items() if str(key) == day["day"])
        assert (day["runs"], money(day["total"])) == (right["runs"], right["total"])
    divisions = (
        ("workflows", "id", lambda run: (run.workflow,)),
        ("people", "id", lambda run: (run.user,)),
        ("tags", "tag", lambda run: tags.get(run.id, (None,))),
    )
    for name, key, keys in divisions:
        sums = oracle.groups(runs, keys)
        assert {one[key] for one in found[name]} == set(sums)
        for one in found[name]:
            agrees(one, sums[one[key]])


def test_the_time_before_is_told_where_it_is_known(ana: Client) -> None:
    runs = history(400)
    # So that the history reaches back to the beginning of the time before.
    first = insight_run(id=9_999, created=PERIOD.before.begin, cost_micros=None)
    stored([*runs, first])
    past = counted(run for run in runs if PERIOD.before.holds(run.created))
    right = oracle.sums(past, set())
    assert money(told(ana)["cost"]["before"]) == right["total"] > 0
    assert told(ana, "?created=40d")["cost"]["before"] is None
    assert told(ana, "?created=-")["cost"]["before"] is None


def test_the_json_has_the_keys_that_the_docs_tell(ana: Client) -> None:
    tagged(stored(history(200))[:9])
    found = told(ana)
    assert list(found) == [
        *("range", "population", "cost", "days", "workflows", "people", "tags"),
    ]
    assert set(found["cost"]) == {"currency", "before", *SPENT}
    assert set(found["cost"]["unpriced"]) == {"live", "not-started", "no-price", "unknown"}
    assert set(found["days"][0]) == {"day", "runs", "start_up", "work", "total"}
    assert set(found["workflows"][0]) == set(found["people"][0]) == {"id", "name", *SPENT}
    assert set(found["tags"][0]) == {"tag", *SPENT}


def test_every_division_adds_up_to_the_microdollar(ana: Client) -> None:
    stored(history(400))
    found = told(ana, "?zone=Asia/Kathmandu")
    for name in ("total", "start_up", "work"):
        whole = Decimal(found["cost"][name])
        for parts in ("days", "workflows", "people"):
            assert sum(Decimal(one[name]) for one in found[parts]) == whole, (parts, name)


def test_the_filter_is_that_of_the_list(ana: Client) -> None:
    runs = stored(history(400))
    wanted = [run for run in runs if run.gpu == "L4" and run.user == "user_a"]
    found = told(ana, "?gpu=L4&by=user_a")
    assert found["cost"]["runs"] == oracle.sums(wanted, set())["runs"] > 0
    assert [one["id"] for one in found["people"]] == ["user_a"]


def test_the_csv_has_a_row_for_each_run_with_its_cost(ana: Client) -> None:
    runs = stored(history(200))
    answer = ana.get("/insights/cost.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, *rows = list(csv.reader(text.splitlines()))
    assert len(rows) == len(runs)
    at = head.index("cost (USD)")
    whole = sum((Decimal(row[at]) for row in rows if row[at]), Decimal(0))
    assert whole == Decimal(told(ana)["cost"]["total"])


def test_the_page_tells_names_tags_and_caveats(ana: Client) -> None:
    runs = [
        insight_run(id=1, workflow=WORKFLOW, user="user_a", price=None),
        insight_run(id=2, workflow=WORKFLOW, user=None, price=None),
    ]
    stored(runs)
    Name.objects.create(kind="workflow", upstream_id=WORKFLOW, text="lighthouse-flux", next_at=NOON)
    UpstreamUser.objects.create(id="user_a", name="Mira", next_at=NOON)
    labels.add_tag(Run.objects.get(pk=1), "hero, two", person("ben"))
    text = one_line(ana.get("/insights/cost/").content.decode())
    assert "About $0.056 of GPU time in" in text
    for words in ("lighthouse-flux", "Mira", "hero, two", "No tag", "Not reported"):
        assert words in text, words
    assert "Warm time is billed and not in it." in text
    assert "counts under both" in text
    assert 'See <a href="/insights/warm/?created=30d">Keeping warm</a>.' in text
    assert f'href="/insights/cost/?workflow={WORKFLOW}&amp;created=30d"' in text
    assert "by=user_a" in text and "tag=%22hero%2C+two%22" in text
    assert 'aria-current="page">Cost</a>' in text


STATES = {
    "none": [],
    "no price": [insight_run(price=None, gpu=None, cost_micros=None)],
    "live": [insight_run(status="running", finished=False, ended=None, run=None, cost_micros=None)],
    "one": [insight_run()],
    "free": [insight_run(cost_micros=0)],
    "few": history(12),
    "many": history(400),
}


@pytest.mark.parametrize("runs", STATES.values(), ids=STATES)
def test_the_page_shows_any_history_and_always_its_caveats(
    ana: Client, runs: list[InsightRun]
) -> None:
    stored(runs)
    answer = ana.get("/insights/cost/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.partition('class="cost-caveats"')[2].count("<li>") == 6


def test_without_a_price_the_page_says_why(ana: Client) -> None:
    stored(STATES["no price"])
    text = one_line(ana.get("/insights/cost/").content.decode())
    assert "What these runs cost is not known" in text and "1 run: 1 without a price." in text
    assert 'class="figures"' not in text


def test_queries_do_not_grow_with_the_runs(ana: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    tagged(stored(history(300))[:30])
    with django_assert_max_num_queries(20):
        ana.get("/insights/cost/")


@pytest.mark.parametrize("path", ["cost/", "cost.json", "cost.csv"])
def test_who_may_not_see_costs_finds_no_page_and_no_tab(client: Client, path: str) -> None:
    stored(history(12))
    client.force_login(person("vera", VIEWER))
    assert client.get(f"/insights/{path}").status_code == 404
    assert "/insights/cost" not in client.get("/insights/").content.decode()


def test_members_find_the_tab_under_the_same_filter(ana: Client) -> None:
    stored(history(12))
    assert 'href="/insights/cost/?gpu=L4"' in ana.get("/insights/?gpu=L4").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        *("created=-", "created=2999-01-01", "created=9999d", "created!=7d", "ids=x"),
        *("zone=Mars/Base", "q=%00%22", "sort=-cost", "tag=-&by=-", "cost=%3E1&workflow=none"),
    ],
)
def test_no_address_is_an_error(ana: Client, query: str) -> None:
    stored(history(60))
    for path in ("cost/", "cost.json", "cost.csv"):
        assert ana.get(f"/insights/{path}?{query}").status_code == 200
