"""What a reader meets when ComfyDeploy does not answer well."""

from uuid import UUID, uuid4

import pytest
from django.test import Client

from dashboard.models import Run
from dashboard.simulator import Simulator
from tests.builders import body, running
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db

CASES = [
    (
        (404, {}, '{"detail":"Run not found"}'),
        404,
        "not-found",
        "ComfyDeploy has no run with this ID",
    ),
    ((403, {}, '{"detail":"Access denied. "}'), 403, "forbidden", "read this run. It belongs"),
    ((401, {}, '{"detail":"Revoked token"}'), 502, "key-rejected", "rejects this server"),
    (
        (500, {"content-type": "text/plain"}, "Internal Server Error"),
        502,
        "server-error",
        "ComfyDeploy",
    ),
    ((502, {"content-type": "text/html"}, "<html>"), 502, "server-error", "ComfyDeploy"),
    ((429, {"retry-after": "17"}, "{}"), 503, "rate-limited", "is limiting requests"),
    (
        (200, {"content-type": "text/html"}, "<title>Sign in</title>"),
        502,
        "bad-answer",
        "ComfyDeploy",
    ),
    ((200, {}, '{"id":"x","status":"succ'), 502, "bad-answer", "ComfyDeploy"),
    ((307, {"location": "http://127.0.0.1/"}, ""), 502, "bad-answer", "ComfyDeploy"),
]


@pytest.mark.parametrize(("sent", "status", "word", "sentence"), CASES)
def test_a_run_never_seen_tells_what_happened(
    ana: Client, upstream: Simulator, sent, status: int, word: str, sentence: str
) -> None:
    run_id = uuid4()
    upstream.script(run_id, [sent])
    page = ana.get(f"/runs/{run_id}/")
    assert page.status_code == status
    assert sentence in page.content.decode()
    twin = ana.get(f"/runs/{run_id}.json")
    assert twin.status_code == status
    assert twin.json()["error"]["code"] == word
    assert twin.json()["error"]["message"]
    assert ("Retry-After" in page) == (status == 503)
    assert "test-key" not in page.content.decode()


def test_asking_for_an_unseen_run_again_at_once_asks_upstream_once(
    ana: Client, upstream: Simulator
) -> None:
    run_id = uuid4()
    ana.get(f"/runs/{run_id}/")
    ana.get(f"/runs/{run_id}/")
    assert len(upstream.requests_for(run_id)) == 1


def test_upstream_down_is_unreachable(ana: Client, upstream: Simulator) -> None:
    upstream.down()
    response = ana.get(f"/runs/{uuid4()}/")
    assert response.status_code == 502
    assert "reach ComfyDeploy" in response.content.decode()


@pytest.mark.parametrize("sent", [case[0] for case in CASES])
def test_a_run_seen_before_is_shown_with_its_trouble(
    ana: Client, upstream: Simulator, sent
) -> None:
    run_id = uuid4()
    upstream.script(run_id, [body(running(run_id)), sent])
    ana.get(f"/runs/{run_id}/")
    Run.objects.update(asked_at=None)
    ana.post(f"/runs/{run_id}/refresh/")
    page = ana.get(f"/runs/{run_id}/")
    assert page.status_code == 200
    assert "Last seen" in page.content.decode()
    twin = ana.get(f"/runs/{run_id}.json")
    assert twin.status_code == 200
    assert twin.json()["status"] == "running"
    assert twin.json()["freshness"]["trouble"]
    assert twin.json()["freshness"]["retry_at"]


@pytest.mark.parametrize("name", ["errors/404_unknown_run.json"])
def test_the_samples_of_errors_are_there(name: str) -> None:
    assert (SAMPLES / name).exists()


@pytest.mark.parametrize(
    "spelling",
    [
        lambda u: str(u).upper(),
        lambda u: u.hex,
        lambda u: "{" + str(u) + "}",
        lambda u: u.hex.upper(),
    ],
)
@pytest.mark.parametrize("end", ["/", ".json"])
def test_other_spellings_lead_to_the_normal_form(ana: Client, spelling, end: str) -> None:
    run_id = UUID("9b3711ad-d3b9-4081-b567-0185bedeeca3")
    response = ana.get(f"/runs/{spelling(run_id)}{end}?tab=1")
    assert response.status_code == 301
    assert response["Location"] == f"/runs/{run_id}{end}?tab=1"


@pytest.mark.parametrize(
    "text", ["not-a-uuid", "123", "9b3711ad-d3b9-4081-b567-0185bedeeca", "%00"]
)
def test_anything_else_is_not_found(ana: Client, text: str) -> None:
    assert ana.get(f"/runs/{text}/").status_code == 404
    assert not Run.objects.exists()


@pytest.mark.parametrize("path", ["/runs/nope.json", f"/runs/{UUID(int=7)}/snapshots.json"])
def test_json_addresses_answer_errors_in_json(ana: Client, path: str) -> None:
    response = ana.get(path)
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not-found"
