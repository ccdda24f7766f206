"""The webhook's address: who may call it, how it answers, who may read it."""

import json
import logging
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.models import Payload, Run
from dashboard.services.comfydeploy.token_bucket import TokenBucket
from dashboard.services.runs import webhooks
from dashboard.simulator import Simulator
from tests.builders import running, store

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(webhooks, "_bucket", TokenBucket(50, 200))
    return f"/hooks/comfydeploy/{django_settings.HOOK_SECRET}/"


def sent(run: Run) -> str:
    return json.dumps({"event_type": "run.updated", "status": "queued", "run_id": str(run.uuid)})


def asleep() -> Run:
    run = store(running())
    Run.objects.filter(pk=run.pk).update(next_refresh_at=timezone.now() + timedelta(hours=1))
    return run


@pytest.mark.parametrize("method", ["post", "get"])
def test_a_call_makes_its_run_due_now(path: str, method: str) -> None:
    run = asleep()
    client = Client(enforce_csrf_checks=True)
    response = client.generic(method.upper(), path, sent(run), content_type="application/json")
    assert response.status_code == 204
    run.refresh_from_db()
    assert run.next_refresh_at and run.next_refresh_at <= timezone.now() + timedelta(seconds=2)


@pytest.mark.parametrize("body", ["", "null", "{", '{"run_id": 3}', "\x00" * 100, "x" * 600_000])
def test_what_cannot_be_read_is_204_all_the_same(path: str, body: str) -> None:
    assert Client().post(path, body, content_type="application/json").status_code == 204


@pytest.mark.parametrize("secret", ["wrong-secret-0123456789", "ünïcode-secret", "x"])
def test_a_wrong_secret_is_404_and_does_nothing(path: str, secret: str) -> None:
    run = asleep()
    response = Client().post(
        f"/hooks/comfydeploy/{secret}/", sent(run), content_type="application/json"
    )
    assert response.status_code == 404
    run.refresh_from_db()
    assert run.next_refresh_at and run.next_refresh_at > timezone.now() + timedelta(minutes=30)


def test_other_methods_are_refused(path: str) -> None:
    assert Client().put(path, "{}", content_type="application/json").status_code == 405


def test_an_answer_costs_few_questions_and_none_to_comfydeploy(
    path: str, upstream: Simulator
) -> None:
    """How long it takes is measured beside a busy watcher (tests/engine/test_webhooks.py)."""
    run, client = asleep(), Client()
    client.post(path, sent(run), content_type="application/json")
    with CaptureQueriesContext(connection) as asked:
        client.post(path, sent(run), content_type="application/json")
    assert len(asked) == 2, "one reads the run, one makes it due"
    assert upstream.requests_for(run.uuid) == []


def test_too_many_calls_are_told_when_to_come_again(
    path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "_bucket", TokenBucket(0.1, 3))
    answers = [Client().post(path, "{}", content_type="application/json") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [204, 204, 204, 429, 429]
    assert int(answers[-1]["Retry-After"]) >= 1


def test_the_secret_is_in_no_log_line(path: str, caplog: pytest.LogCaptureFixture) -> None:
    from dashboard.log_masking import MaskingFilter

    with caplog.at_level(logging.DEBUG, "django"):
        Client().post(f"{path}more/", "{}", content_type="application/json")
    assert caplog.records
    for record in caplog.records:
        MaskingFilter().filter(record)
        assert django_settings.HOOK_SECRET not in record.getMessage()


def test_the_secret_is_masked_in_what_runs_show(ana: Client, path: str) -> None:
    run = store(running(webhook=f"https://runs.example.com{path}", workflow_inputs={"h": path}))
    assert django_settings.HOOK_SECRET not in Payload.objects.get(pk=run.pk).body
    for address in ("", "raw/", "facts/", "snapshots.json"):
        assert (
            django_settings.HOOK_SECRET
            not in ana.get(f"/runs/{run.uuid}/{address}").content.decode()
        )


def test_only_admins_read_the_address(ana: Client, path: str) -> None:
    assert ana.get("/settings/hook/").status_code == 403
    assert Client().get("/settings/hook/").status_code == 302
    admin = Client()
    admin.force_login(get_user_model().objects.create_superuser("root"))
    page = admin.get("/settings/hook/")
    assert page.status_code == 200
    assert f"http://testserver{path}" in page.content.decode()
    assert "/settings/hook/" in admin.get("/following/").content.decode()
    assert "/settings/hook/" not in ana.get("/following/").content.decode()


def test_a_server_has_read_its_views_before_the_first_call_comes() -> None:
    """Reading them takes 0.15 s, and ComfyDeploy is to have its answer in 0.05 s."""
    code = "import dashboard.wsgi, sys; sys.exit('dashboard.views.webhooks' not in sys.modules)"
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=30)
