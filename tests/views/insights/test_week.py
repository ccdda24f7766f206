"""The last week in findings, as a page, as JSON and as CSV."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from dashboard.domain.insights.runs import population_of
from dashboard.domain.roles import VIEWER
from dashboard.services import clock
from tests.builders import person
from tests.domain.insights.histories import PERIOD, history
from tests.services.insights.stored import store_history

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: PERIOD.end)


def test_it_is_of_seven_days_unless_another_time_is_asked_for(ana: Client) -> None:
    runs = history(800)
    store_history(runs)
    since = PERIOD.end - timedelta(days=7)
    found = json.loads(ana.get("/insights/week.json").content)
    kept = population_of(run for run in runs if run.created >= since).runs
    assert found["population"]["runs"] == len(kept)
    assert list(found) == ["range", "population", "findings"]
    assert [one["page"] for one in found["findings"]] == ["cold", "speed", "failures", "cost"]
    assert set(found["findings"][0]) == {"page", "title", "text", "more"}
    more = json.loads(ana.get("/insights/week.json?created=30d").content)
    assert more["population"]["runs"] > len(kept)


def test_each_finding_leads_to_its_page_under_the_filter(ana: Client) -> None:
    store_history(history(800))
    page = ana.get("/insights/week/?gpu=H100").content.decode()
    for path in ("", "speed/", "failures/", "cost/"):
        assert f'href="/insights/{path}?gpu=H100&amp;created=7d"' in page
    assert 'href="/insights/?gpu=H100"' in page  # a tab, with a usual time of its own


def test_viewers_are_told_no_money(client: Client) -> None:
    store_history(history(800))
    client.force_login(person("vera", VIEWER))
    page = client.get("/insights/week/").content.decode()
    assert "$" not in page.partition("<main")[2]
    assert "/insights/cost/" not in page


def test_without_runs_it_says_so(ana: Client) -> None:
    assert "No runs yet" in ana.get("/insights/week/").content.decode()
    assert json.loads(ana.get("/insights/week.json").content)["findings"] == []
    assert ana.get("/insights/week.csv").status_code == 200
