"""The page of keeping warm, its JSON and its CSV, from the database."""

import csv
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from dashboard.domain.insights.keep_warm import MachineFacts
from dashboard.models import Name, UsedMachine
from dashboard.services import clock
from tests.builders import person
from tests.domain.insights.histories import BEGIN
from tests.domain.insights.lived import DAYS, lived
from tests.domain.insights.test_keep_warm import LIVED, oracle
from tests.markup import one_line
from tests.services.insights.stored import store_history

pytestmark = pytest.mark.django_db
TIME = "created=2026-10-01..2026-10-30"
PAGE, JSON, CSV = "/insights/warm/", "/insights/warm.json", "/insights/warm.csv"
FLUX_ID, STUDIO_ID = (f"990c1c18-ecc7-419a-a809-5e5d1f10f53{n}" for n in (1, 2))
FLUX = lived(FLUX_ID, 1, 510, warm=60, limit=2)
STUDIO = lived(STUDIO_ID, 2, 90, warm=240, limit=2)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: BEGIN + timedelta(days=DAYS))


@pytest.fixture
def history() -> None:
    store_history([*FLUX, *STUDIO])
    Name.objects.create(kind="machine", upstream_id=FLUX_ID, text="flux-h100-eu")
    for name, seconds in ((FLUX_ID, 60), (STUDIO_ID, 240)):
        UsedMachine.objects.create(
            id=name, settings_of=BEGIN, idle_timeout=seconds, concurrency_limit=2, keep_warm=0
        )


def told(client: Client, query: str = TIME) -> dict[str, Any]:
    answer = client.get(f"{JSON}?{query}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def shown(client: Client, query: str = TIME) -> str:
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    return one_line(answer.content.decode()).replace("\u202f", " ")


def viewer() -> Client:
    client = Client()
    client.force_login(person("vic", role="viewer"))
    return client


@pytest.mark.usefixtures("history")
def test_json_tells_what_the_oracle_does(ana: Client) -> None:
    found = told(ana)
    assert set(found) == {"range", "population", "machines"}
    # The time begins with the first run known.
    period = LIVED.__class__(min(FLUX[0].created, STUDIO[0].created), LIVED.end, LIVED.zone)
    facts = {FLUX_ID: MachineFacts(60, 2), STUDIO_ID: MachineFacts(240, 2)}
    wanted = oracle([*FLUX, *STUDIO], period, facts)
    flux, studio = found["machines"]
    assert (flux["id"], flux["name"], flux["setting"]) == (FLUX_ID, "flux-h100-eu", 60)
    assert flux["fits"] is True and flux["why_not"] is None
    assert (flux["observed"]["n"], flux["runs"]) == (510, 510)
    assert flux["replayed"] == pytest.approx(wanted[FLUX_ID]["replayed"])
    rows = wanted[FLUX_ID]["times"]
    assert len(flux["settings"]) == len(rows) == 8
    for mine, other in zip(flux["settings"], rows, strict=True):
        assert set(mine) == {
            *("seconds", "cold_share", "low", "high", "waiting_avoided", "cost_per_day")
        }
        assert [mine["seconds"], mine["cold_share"], mine["low"], mine["high"]] == pytest.approx(
            [other[0], other[1], other[6], other[7]]
        )
        assert mine["waiting_avoided"] == pytest.approx(other[4])
        assert float(mine["cost_per_day"]) == pytest.approx(other[3], abs=1e-6)
    assert studio["why_not"] == "few" and studio["settings"] == []
    assert studio["fits"] is None and studio["replayed"] is None


@pytest.mark.usefixtures("history")
def test_the_page_shows_the_machines(ana: Client) -> None:
    text = shown(ana)
    assert "Keeping flux-h100-eu warm for longer would cost at least $" in text
    assert "flux-h100-eu: 120 s instead of 60 s avoids" in text
    assert "Replaying your 510 runs at today’s 60 s gives 56 % cold" in text
    assert "90 runs are too few." in text and text.count('role="img"') == 2
    assert "cheapest at $1.00 a minute" in text and "What the replay assumes" in text


@pytest.mark.usefixtures("history")
def test_a_worth_is_used_and_one_that_cannot_be_read_is_named(ana: Client) -> None:
    text = shown(ana, f"{TIME}&worth=5")
    assert "cheapest at $5.00 a minute" in text and 'value="5.00"' in text
    assert "Left out of the filter" not in text
    assert '<input type="hidden" name="created" value="2026-10-01..2026-10-30">' in text
    text = shown(ana, f"{TIME}&worth=lots")
    assert "cheapest at $1.00 a minute" in text
    assert "worth “lots” (no amount of dollars; 1.00 is used)" in text


@pytest.mark.usefixtures("history")
def test_a_filter_chooses_machines_and_leaves_them_whole(ana: Client) -> None:
    whole = told(ana)["machines"]
    assert told(ana, f"{TIME}&machine={FLUX_ID}")["machines"] == whole[:1]
    narrowed = f"{TIME}&machine={FLUX_ID}&start=cold&origin=api"
    assert told(ana, narrowed)["machines"] == whole[:1]
    assert "replayed with all its runs" in shown(ana, narrowed)
    assert "replayed with all its runs" not in shown(ana, f"{TIME}&machine={FLUX_ID}")
    assert told(ana, f"{TIME}&gpu=L4")["machines"] == []


@pytest.mark.usefixtures("history")
def test_viewers_see_no_costs() -> None:
    client = viewer()
    text = shown(client)
    assert "flux-h100-eu: 120 s instead of 60 s avoids" in text and 'name="worth"' not in text
    assert "$" not in text.partition("What the replay assumes")[0].partition("<main")[2]
    settings = told(client)["machines"][0]["settings"]
    assert settings and all(one["cost_per_day"] is None for one in settings)


@pytest.mark.usefixtures("history")
def test_csv_has_a_row_a_run(ana: Client) -> None:
    answer = ana.get(f"{CSV}?{TIME}&machine={STUDIO_ID}&start=cold")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == 90 and {"id", "status", "cold_start (s)"} <= set(rows[0])
    assert "keeping-warm-2026-10-31.csv" in answer["Content-Disposition"]


def test_nothing_is_said_of_nothing(ana: Client) -> None:
    assert told(ana)["machines"] == []
    assert "Open a run, follow a workflow, or send webhooks here." in shown(ana)
    assert "No run with a machine matches these filters." in shown(ana, f"{TIME}&gpu=L4")


@pytest.mark.usefixtures("history")
def test_a_longer_time_is_offered_where_more_is_known(ana: Client) -> None:
    assert "Last 90 days" not in shown(ana)
    text = shown(ana, f"created=2026-10-10..2026-10-30&machine={STUDIO_ID}")
    assert "created=90d" in text and "Last 90 days" in text
