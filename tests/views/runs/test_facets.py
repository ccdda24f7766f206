"""The popover of a facet, as a part and as a page, and the counts of tabs."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client

from dashboard.domain.filters.fields import NAMES
from dashboard.models import Run
from dashboard.services import clock
from dashboard.services.runs import filter_counts
from tests.builders import answer, person, store

pytestmark = pytest.mark.django_db
SECRET = "sk-proj-abcdefghijklmnop1234567890abcdef"  # noqa: S105
LATE = "ended=%3C%3D2026-11-20&zone=Asia%2FTokyo"
PART = {"HX-Request": "true"}


@pytest.fixture
def vera(db: None) -> Client:
    client = Client()
    client.force_login(person("vera", "viewer"))
    return client


@pytest.fixture
def run() -> Run:
    return store(answer())


@pytest.mark.parametrize("name", [*NAMES, "duration", "more"])
@pytest.mark.parametrize("headers", [PART, {}], ids=["part", "page"])
def test_every_facet_opens(ana: Client, run: Run, name: str, headers: dict[str, str]) -> None:
    response = ana.get(
        f"/runs/facets/{name}/?gpu=H100&status=success&zone=Asia/Tokyo", headers=headers
    )
    page = response.content.decode()
    assert response.status_code == 200 and 'class="facet-form"' in page
    assert page.startswith("<!doctype html>") == (not headers)
    assert 'name="zone" value="Asia/Tokyo"' in page


@pytest.mark.parametrize("name", ["nonsense", "q", "zone", "sort"])
def test_what_is_no_facet_is_not_found(ana: Client, name: str) -> None:
    assert ana.get(f"/runs/facets/{name}/").status_code == 404
    assert ana.get(f"/runs/facets/{name}/set/").status_code == 404


def test_viewers_never_get_who_started_runs(vera: Client, run: Run) -> None:
    assert vera.get("/runs/facets/by/").status_code == 404
    page = vera.get(f"/runs/facets/more/?by={run.user_id}").content.decode()
    assert "Started by" not in page and str(run.user_id) not in page


def test_viewers_get_no_facet_of_costs(ana: Client, vera: Client, run: Run) -> None:
    for client, may in ((ana, True), (vera, False)):
        found = [client.get(f"/runs/facets/cost/{way}").status_code for way in ("", "set/?low=1")]
        assert found == ([200, 303] if may else [404, 404])
        page = client.get("/runs/facets/more/").content.decode()
        assert ("/runs/facets/cost/" in page) == may


def test_a_facet_of_costs_is_in_dollars(ana: Client, run: Run) -> None:
    Run.objects.update(cost_micros=150_000)
    page = ana.get("/runs/facets/cost/?cost=0.1..0.25", headers=PART)
    assert re.findall(r'name="(?:low|high)"\s+value="([^"]*)"', page.content.decode()) == [
        *("0.1", "0.25"),
    ]
    assert "Which duration" not in page.content.decode()
    presets = {one.text: one.runs for one in page.context["presets"]}
    assert presets["$0.05 to $0.20"] == 1 and presets["Over $1"] == 0


def test_the_form_asks_for_the_list_with_what_is_ticked(ana: Client, run: Run) -> None:
    store(answer(gpu="T4"))
    page = ana.get("/runs/facets/gpu/?gpu=T4&gpu!=-&status=success", headers=PART).content.decode()
    boxes = re.findall(r'type="checkbox" name="gpu" value="([^"]*)"( checked)?', page)
    assert boxes == [("T4", " checked"), (str(run.gpu), "")]
    hidden = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page)
    assert sorted(hidden) == [("gpu!", "-"), ("status", "success")]
    assert "1 of 2 runs" in page and 'href="/?status=success"' in page


def test_secrets_are_not_shown(ana: Client) -> None:
    run = store(answer())
    Run.objects.filter(pk=run.pk).update(gpu=SECRET)
    shown = ana.get("/runs/facets/gpu/").content.decode()
    assert f">{SECRET}<" not in shown and "•••" in shown


def test_ten_kilobytes_of_query_are_read(ana: Client, run: Run) -> None:
    query = urlencode({"gpu": ",".join(f"gpu {n}" for n in range(1200)), "nonsense": "x" * 500})
    assert len(query) > 10_000
    for address in ("/runs/facets/gpu/", "/runs/facets/more/", "/runs/tabs/"):
        assert ana.get(f"{address}?{query}", headers=PART).status_code == 200


@pytest.mark.parametrize(
    ("name", "given", "filters"),
    [
        (
            "created",
            {"low": "2026-11-20", "high": "2026-11-26"},
            "created=2026-11-20..2026-11-26&zone=UTC",
        ),
        (
            "created",
            {"low": "2026-11-26", "high": "2026-11-20"},
            "created=2026-11-20..2026-11-26&zone=UTC",
        ),
        ("created", {"low": "2026-11-20"}, "created=%3E%3D2026-11-20&zone=UTC"),
        (
            "ended",
            {"high": "2026-11-20", "zone": "Asia/Tokyo"},
            "ended=%3C%3D2026-11-20&zone=Asia%2FTokyo",
        ),
        ("run", {"low": "10", "high": "30"}, "run=10..30"),
        ("total", {"low": "30", "high": "5"}, "total=5..30"),
        ("queue", {"low": "2.5", "gpu": "H100"}, "gpu=H100&queue=%3E%3D2.5"),
        ("cost", {"low": "0.10", "high": "0.3"}, "cost=0.1..0.3"),
        ("queue", {"low": "", "high": "", "queue": ">3"}, ""),
        ("total", {"low": "<script>"}, ""),
        ("total", {"low": "9", "total": ">3", "total!": "-"}, "total=%3E%3D9&total%21=-"),
    ],
)
def test_two_fields_become_one_filter(
    ana: Client, name: str, given: dict[str, str], filters: str
) -> None:
    to = ana.get(f"/runs/facets/{name}/set/", given)["Location"]
    assert to == (f"/?{filters}" if filters else "/")


def test_fields_show_what_is_set(ana: Client) -> None:
    page = ana.get("/runs/facets/total/?total=10..30", headers=PART).content.decode()
    assert re.findall(r'name="(?:low|high)"\s+value="([^"]*)"', page) == ["10", "30"]
    for value, days in (("2026-11-20..2026-11-26", ["2026-11-20", "2026-11-26"]),
                        ("<=2026-11-26", ["", "2026-11-26"]), ("7d", ["", ""])):  # fmt: skip
        page = ana.get("/runs/facets/created/", {"created": value}, headers=PART).content.decode()
        assert re.findall(r'name="(?:low|high)" value="([^"]*)"', page) == days


def test_tabs_are_counted_under_the_other_filters(ana: Client, run: Run) -> None:
    store(answer(status="failed", gpu="T4"))
    store(answer(status="failed"))
    page = ana.get("/").content.decode()
    assert counts(page) == ["", "", "", "", ""]
    assert re.search(r'hx-get="/runs/tabs/\?gpu=T4"', ana.get("/?gpu=T4").content.decode())
    part = ana.get("/runs/tabs/", headers=PART).content.decode()
    assert counts(part)[:2] == ["3", "2"] and "hx-get" not in part
    assert counts(ana.get("/runs/tabs/?gpu=T4").content.decode())[:2] == ["1", "1"]
    assert counts(ana.get("/").content.decode())[:2] == ["3", "2"], "known for some seconds"


def test_a_count_that_is_not_known_is_no_number(
    ana: Client, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filter_counts, "SLOW", -1.0)
    assert set(counts(ana.get("/runs/tabs/").content.decode())) == {""}


def counts(page: str) -> list[str]:
    return re.findall(r'class="tab-count"\s*>([^<]*)</span>', page)


@pytest.mark.parametrize(
    "name", ["created", "ended", "duration", "total", "run", "cold_start", "cost"]
)
@pytest.mark.parametrize("rest", ["", "gpu=H100", "total=10..60"])
def test_each_preset_has_as_many_runs_as_its_list(ana: Client, name: str, rest: str) -> None:
    for n in range(12):
        at = clock.now() - timedelta(hours=n * n * 3)
        run = store(answer(created=at, gpu="H100" if n % 3 else "T4"))
        lost = None if n == 5 else 0.5
        Run.objects.filter(pk=run.pk).update(
            total=n * 9.5,
            run=lost and n * 4,
            cold_start=lost and n * 30,
            ended_at=lost and at,
            cost_micros=lost and n * n * 10_000,
        )
    page = ana.get(f"/runs/facets/{name}/?{rest}", headers=PART).context
    counts = {one.url: one.runs for one in page["presets"]}
    assert len(counts) >= 5 and any(counts.values())
    for url, runs in counts.items():
        assert ana.get(url.replace("/", "/runs.json", 1)).json()["count"] == runs, url
