"""What readers are told while asking is stopped for everybody, or for good."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.models import Gate, Run
from dashboard.services.comfydeploy import gate, load, shared_state
from dashboard.simulator import Simulator
from tests.builders import answer, running, store
from tests.services.comfydeploy.test_gate import many

pytestmark = pytest.mark.django_db


def close(reason: str, seconds: float = 40) -> None:
    now = timezone.now()
    key = shared_state.key_digest() if reason in {"rate-limited", "key-rejected"} else ""
    Gate.objects.create(
        pk=1, reason=reason, since=now, until=now + timedelta(seconds=seconds), strikes=5, key=key
    )
    gate.forget()


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("unreachable", 503),
        ("timed-out", 503),
        ("server-error", 503),
        ("rate-limited", 503),
        ("key-rejected", 502),
    ],
)
def test_a_first_look_is_refused_at_once(
    ana: Client, upstream: Simulator, reason: str, status: int
) -> None:
    close(reason)
    run_id = uuid4()
    page, twin = ana.get(f"/runs/{run_id}/"), ana.get(f"/runs/{run_id}.json")
    assert (page.status_code, twin.status_code) == (status, status)
    assert twin.json()["error"]["code"] == reason
    assert ("Retry-After" in page) == ("Retry-After" in twin) == (status == 503)
    if status == 503:
        assert 38 <= int(page["Retry-After"]) <= 40
    assert upstream.requests_for(run_id) == []


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("unreachable", "This affects all runs."),
        ("server-error", "This affects all runs."),
        ("rate-limited", "limit applies to this server"),
        ("key-rejected", "update until then"),
    ],
)
def test_a_run_seen_before_says_what_stops_everybody(ana: Client, reason: str, told: str) -> None:
    run = store(running())
    close(reason)
    page = ana.get(f"/runs/{run.uuid}/").content.decode()
    assert f'data-trouble="{reason}"' in page
    assert told in page
    assert "Next try in" in page
    fresh = ana.get(f"/runs/{run.uuid}.json").json()["freshness"]
    assert fresh["trouble"] == reason
    assert fresh["retry_at"]


def test_what_is_about_one_run_is_told_before_what_stops_everybody(ana: Client) -> None:
    run = store(running())
    later = timezone.now() + timedelta(seconds=90)
    Run.objects.update(trouble="forbidden", failures=1, next_refresh_at=later)
    close("rate-limited")
    page = ana.get(f"/runs/{run.uuid}/").content.decode()
    assert 'data-trouble="forbidden"' in page


def test_a_finished_run_has_nothing_to_do_with_it(ana: Client) -> None:
    run = store(running(status="cancelled"))
    close("unreachable")
    assert "data-trouble" not in ana.get(f"/runs/{run.uuid}/").content.decode()


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("rate-limited", "ComfyDeploy is limiting requests. Try again in"),
        ("key-rejected", "ComfyDeploy rejects this server's API key. Try again in"),
        ("unreachable", "Runboard can't reach ComfyDeploy. Try again in"),
    ],
)
def test_check_again_says_why_it_asked_nothing(
    ana: Client, upstream: Simulator, reason: str, told: str
) -> None:
    run = store(answer(), timezone.now() - timedelta(minutes=1))
    close(reason, 300 if reason == "key-rejected" else 10)  # a request was just out
    response = ana.post(f"/runs/{run.uuid}/refresh/", headers={"HX-Request": "true"})
    assert json.loads(response["HX-Trigger"])["unasked"]["text"].startswith(told)
    assert upstream.requests_for(run.uuid) == []


def test_a_run_that_is_asked_for_no_more_says_so_and_polls_no_more(ana: Client) -> None:
    run = store(running())
    Run.objects.update(trouble="not-found", failures=3, next_refresh_at=None)
    page = ana.get(f"/runs/{run.uuid}/").content.decode()
    assert "tried 3 times over 10 min" in page
    assert "every 2s" not in page
    assert "Try now" in page


def test_the_page_names_the_real_interval_when_the_rate_is_short(ana: Client) -> None:
    now = timezone.now()
    many(399)
    run = store(running(), now)
    Run.objects.update(next_refresh_at=now + timedelta(seconds=60))
    shared_state.write_heartbeat(now, "one", 1)
    load.forget()
    page = ana.get(f"/runs/{run.uuid}/").content.decode()
    assert ": 400 live runs share 1 request a second" in page
    interval = load.current(now).stretch * 2
    assert f'hx-trigger="every {round(interval)}s"' in page


def test_the_tag_changes_with_what_stops_everybody(ana: Client) -> None:
    run = store(running())
    first = ana.get(f"/runs/{run.uuid}/live/")["HX-PTag"]
    close("unreachable")
    assert ana.get(f"/runs/{run.uuid}/live/")["HX-PTag"] != first
