"""Failures as a page, as JSON and as CSV, over runs in the database."""

import csv
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.domain.roles import VIEWER
from dashboard.models import Name, Run
from dashboard.services import clock
from tests.builders import NOON, person
from tests.domain.insights import failures_oracle as oracle
from tests.domain.insights.failing import failing, spread, with_new_version
from tests.domain.insights.histories import PERIOD, history, insight_run
from tests.markup import one_line
from tests.services.insights.stored import store_history

pytestmark = pytest.mark.django_db
V15 = str(UUID(int=15))
ERROR = {
    "message": "Value not in list: lora_name: '<b>.safetensors'",
    "node_id": "12",
    "node_type": "LoraLoader",
}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: PERIOD.end)


def stored(runs: list[InsightRun]) -> list[InsightRun]:
    """Stores the history; returns what counts of its last 30 days."""
    store_history(runs)
    return list(population_of(run for run in runs if PERIOD.holds(run.created)).runs)


def told(client: Client, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/insights/failures.json{query}")
    assert answer.status_code == 200
    found: dict[str, Any] = json.loads(answer.content)
    return found


def ends(found: dict[str, Any]) -> object:
    return None if found["low"] is None else (found["low"], found["high"])


def approx(value: object) -> object:
    return None if value is None else pytest.approx(value, abs=1e-12)


HISTORIES = {
    "none": [],
    "one": [insight_run()],
    "few": history(50),
    "many": history(1_000),
    "a new version": with_new_version(),
}


@pytest.mark.parametrize("every", HISTORIES.values(), ids=HISTORIES)
def test_the_json_tells_what_plain_arithmetic_gives(ana: Client, every: list[InsightRun]) -> None:
    runs, found = stored(every), told(ana)
    share, failed, ended = found["share"], oracle.failed(runs), oracle.ended(runs)
    assert (found["population"]["runs"], share["n"]) == (len(runs), len(ended))
    assert share["value"] == (len(failed) / len(ended) if ended else None)
    assert ends(share) == approx(oracle.interval(len(failed), len(ended)))
    days = {each["day"]: (each["failed"], each["ended"]) for each in found["days"]}
    right = {str(day): pair for day, pair in oracle.by_day(runs, PERIOD).items()}
    assert {day: pair for day, pair in days.items() if pair[1]} == right
    for each in found["days"]:
        assert ends(each) == approx(oracle.interval(each["failed"], each["ended"]))
    assert sum(each["ended"] for each in found["versions"]) == len(ended)
    assert sum(each["failed"] for each in found["versions"]) == len(failed)


@pytest.mark.parametrize("every", HISTORIES.values(), ids=HISTORIES)
def test_the_causes_are_those_of_plain_arithmetic(ana: Client, every: list[InsightRun]) -> None:
    runs, found = stored(every), told(ana)["causes"]
    known = list(population_of(every).runs)
    whole = [run for run in every if run.origin != "workspace"]
    right, seen = [], oracle.facts_of(whole)
    for key, own in oracle.causes(runs).items():
        untold, new = key == ("", ""), oracle.is_new(key, whole, PERIOD)
        of = oracle.their_runs(own, runs)
        right.append(
            (
                key[0] or None,
                len(own),
                None if untold else of,
                None if untold else approx(oracle.interval(len(own), of)),
                None if untold else moment(seen[key]["first_seen"]),
                moment(own[-1].created if untold else seen[key]["last_seen"]),
                new and new[1],
            )
        )
    assert known or not found
    assert len(found) == len(right)
    for each in found:
        of_runs, new = each["of_runs"], each["new_since"]
        one = (
            each["cause"],
            each["runs"],
            of_runs and of_runs["n"],
            of_runs and ends(of_runs),
            each["first_seen"],
            each["last_seen"],
            new and new["id"],
        )
        assert one in right
        right.remove(one)


def moment(at: object) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"


def test_the_json_has_the_keys_that_the_docs_tell(ana: Client) -> None:
    stored(with_new_version())
    Run.objects.filter(error_cause="missing-model").update(error=ERROR)
    found = told(ana)
    assert list(found) == ["range", "population", "share", "days", "causes", "versions"]
    assert set(found["share"]) == {"value", "low", "high", "n", "before"}
    assert set(found["days"][0]) == {"day", "failed", "ended", "low", "high"}
    cause = next(each for each in found["causes"] if each["cause"] == "missing-model")
    assert list(cause) == [
        *("cause", "error", "node_type", "runs", "of_runs", "first_seen", "last_seen"),
        *("workflows", "new_since"),
    ]
    assert set(cause["of_runs"]) == {"value", "low", "high", "n"}
    assert (cause["error"], cause["node_type"]) == (ERROR["message"], "LoraLoader")
    v15 = {"id": "v15", "name": "v15"}
    assert cause["workflows"] == [{"id": "lighthouse", "name": "lighthou", "versions": [v15]}]
    assert cause["new_since"] == v15
    assert set(found["versions"][0]) == {*("workflow", "version", "failed", "ended"), "low", "high"}


def test_the_time_before_is_told_where_it_is_known(ana: Client) -> None:
    runs = history(400)
    first = insight_run(id=9_999, created=PERIOD.before.begin)
    stored([*runs, first])
    past = list(population_of(run for run in runs if PERIOD.before.holds(run.created)).runs)
    part, n = len(oracle.failed(past)), len(oracle.ended(past)) + 1
    assert told(ana)["share"]["before"] == pytest.approx(part / n)
    assert told(ana, "?created=40d")["share"]["before"] is None


def test_the_filter_is_that_of_the_list(ana: Client) -> None:
    runs = stored(history(400))
    wanted = [run for run in runs if run.gpu == "L4" and run.user == "user_a"]
    found = told(ana, "?gpu=L4&by=user_a")
    assert found["share"]["n"] == len(oracle.ended(wanted)) > 0
    assert sum(each["runs"] for each in found["causes"]) == len(oracle.failed(wanted))


def test_first_seen_looks_beyond_the_filter_and_the_time(ana: Client) -> None:
    other = failing(
        1,
        True,
        created=PERIOD.before.begin,
        gpu="L4",
        error_cause="missing-model",
        error_digest="new",
    )
    stored([other, *(run for run in with_new_version() if run.id != 1)])
    found = told(ana, "?gpu=H100")["causes"]
    cause = next(each for each in found if each["cause"] == "missing-model")
    assert cause["first_seen"] == moment(PERIOD.before.begin)
    assert cause["new_since"] is None


def test_the_csv_has_a_row_for_each_run_of_the_figures(ana: Client) -> None:
    runs = stored(history(400))
    answer = ana.get("/insights/failures.csv?zone=Europe/Berlin")
    assert "failures-2026-11-30.csv" in answer["Content-Disposition"]
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, *rows = list(csv.reader(text.splitlines()))
    assert "created (UTC)" in head and "error" in head
    assert len(rows) == len(runs)
    statuses = [row[head.index("status")] for row in rows]
    assert sum(each in ("failed", "timeout") for each in statuses) == len(oracle.failed(runs))


def with_names(runs: list[InsightRun]) -> list[InsightRun]:
    """The same with an ID of v15 as ComfyDeploy has them, and its name."""
    Name.objects.create(kind="version", upstream_id=V15, text="v15", next_at=NOON)
    return [run._replace(version=V15) if run.version == "v15" else run for run in runs]


def test_the_page_tells_what_is_new_and_leads_to_its_runs(ana: Client) -> None:
    stored(with_names(with_new_version()))
    Run.objects.filter(error_cause="missing-model").update(error=ERROR)
    text = one_line(ana.get("/insights/failures/").content.decode())
    assert '<span class="f">18 of 36</span> failures are new since lighthou v15' in text
    assert "Failure share went up on 26 Nov" in text
    assert "New since v15" in text and "LoraLoader · node 12" in text
    assert "&lt;b&gt;.safetensors" in text and "<b>.safe" not in text
    url = f"/?version={V15}&amp;error=missing-model&amp;created=30d"
    assert f'href="{url}">Show the 18 runs</a>' in text
    listed = ana.get(f"/runs.json{url[1:]}".replace("&amp;", "&")).json()
    assert listed["count"] == 18
    assert 'href="/?error=out-of-memory&amp;created=30d">Out of memory</a>' in text
    assert 'aria-current="page">Failures</a>' in text


def test_an_unknown_cause_leads_to_all_failed_runs_of_its_version(ana: Client) -> None:
    stored([run._replace(error_cause="") for run in with_names(with_new_version())])
    text = one_line(ana.get("/insights/failures/?status!=cancelled").content.decode())
    assert f'href="/?version={V15}&amp;status=attention&amp;created=30d"' in text
    assert "Show the 18 runs" in text


STATES = {
    **HISTORIES,
    "none ended": [insight_run(status="running", finished=False, ended=None)],
    "none failed": spread(41, 0),
    "all failed": spread(300, 1),
    "few of which one failed": spread(4, 4),
}


@pytest.mark.parametrize("runs", STATES.values(), ids=STATES)
def test_the_page_shows_any_history(ana: Client, runs: list[InsightRun]) -> None:
    stored(runs)
    answer = ana.get("/insights/failures/")
    assert answer.status_code == 200
    assert "Failures" in answer.content.decode()


def test_empty_states(ana: Client) -> None:
    assert "No runs yet" in ana.get("/insights/failures/").content.decode()
    stored(spread(41, 0))
    text = one_line(ana.get("/insights/failures/").content.decode())
    assert "No run failed in this time" in text
    assert "With 41 runs the share may still be up to 8.6" in text
    assert 'class="figures' not in text and '<svg class="chart' not in text
    some = ana.get("/insights/failures/?gpu=L4").content.decode()
    assert "No run matches these filters" in some


def test_money_is_told_to_those_who_may_see_costs(ana: Client, client: Client) -> None:
    stored(with_new_version())
    assert "GPU money in failed runs" in ana.get("/insights/failures/").content.decode()
    client.force_login(person("vera", VIEWER))
    page = client.get("/insights/failures/").content.decode()
    assert "$" not in page.partition("<main")[2]
    assert "18 of 36" in page


def test_queries_do_not_grow_with_the_runs(ana: Client, django_assert_max_num_queries: Any) -> None:
    stored(history(600))
    with django_assert_max_num_queries(22):
        ana.get("/insights/failures/")


@pytest.mark.parametrize(
    "query",
    [
        *("created=-", "created=2999-01-01", "created=9999d", "created!=7d", "ids=x"),
        *("zone=Mars/Base", "q=%00%22", "sort=-cost", "error=-", "error=any&version=-"),
        "created=1d&created=2d",
    ],
)
def test_no_address_is_an_error(ana: Client, query: str) -> None:
    stored(history(60))
    for path in ("failures/", "failures.json", "failures.csv"):
        assert ana.get(f"/insights/{path}?{query}").status_code == 200


def test_a_time_of_another_zone_has_its_days(ana: Client) -> None:
    late = PERIOD.begin + timedelta(days=3, hours=23)
    stored([failing(n, n < 2, created=late) for n in range(6)])
    days = {each["day"]: each["ended"] for each in told(ana, "?zone=Asia/Tokyo")["days"]}
    assert days["2026-11-04"] == 6
