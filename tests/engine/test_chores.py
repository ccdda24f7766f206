"""Two real watchers over one database: what is followed is listed once, and all comes together."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from dashboard.models import Name, Run
from dashboard.services.runs import follow
from dashboard.simulator import Simulator
from tests.builders import answer, stamp
from tests.conftest import SAMPLES
from tests.patience import until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parent.parent.parent
LOG = (SAMPLES / "related" / "run_logs_v2.json").read_bytes()


def database_url() -> str:
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{told['NAME']}"
    where = f"{told['HOST'] or '127.0.0.1'}:{told['PORT'] or 5432}"
    return f"postgres://{told['USER']}:{told['PASSWORD']}@{where}/{told['NAME']}"


@pytest.fixture
def upstream() -> Iterator[Simulator]:
    with Simulator(port=0, key="test-key") as simulator:
        yield simulator


@pytest.fixture
def watchers(upstream: Simulator) -> Iterator[list[subprocess.Popen[bytes]]]:
    settings = {
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "COMFYDEPLOY_API_URL": upstream.url,
        "COMFYDEPLOY_API_KEY": "test-key",
        "DATABASE_URL": database_url(),
    }
    started: list[subprocess.Popen[bytes]] = []
    for _ in range(2):
        command = [sys.executable, "manage.py", "watch"]
        started.append(subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}))
    yield started
    for process in started:
        process.terminate()
    for process in started:
        process.wait(30)


def test_two_watchers_follow_name_and_read_logs_once(
    upstream: Simulator, watchers: list[subprocess.Popen[bytes]]
) -> None:
    workflow, now = uuid4(), timezone.now()
    failed, running = uuid4(), upstream.id("warm", age=1)
    listed = [{"id": str(failed), "status": "failed"}, {"id": str(running), "status": "running"}]
    ended = stamp(now - timedelta(minutes=5))
    sent = answer(failed, workflow_id=str(workflow), status="failed", ended_at=ended)
    upstream.script(failed, [sent])
    runs, log = f"/v2/workflow/{workflow}/runs", f"/v2/clickhouse-run-logs/{failed}"
    upstream.script_path(runs, [listed])
    upstream.script_path(log, [LOG])
    upstream.script_path(f"/workflow/{workflow}", [{"name": "lighthouse-flux"}])
    follow.add("workflow", workflow, now)
    until(lambda: Run.objects.filter(uuid=failed, log_error__isnull=False).exists())
    until(lambda: Run.objects.filter(uuid=failed, workflow_name="lighthouse-flux").exists())
    until(lambda: Run.objects.seen().filter(uuid=running).exists())
    time.sleep(3)
    assert len(upstream.requests_at(runs)) == 1
    assert len(upstream.requests_at(log)) == 1
    assert len(upstream.requests_at(f"/workflow/{workflow}")) == 1
    for path, lists in (("/workflows/all", 1), ("/deployments", 2), ("/machines/all", 1)):
        assert len(upstream.requests_at(path)) == lists, path
    assert Name.objects.get(upstream_id=str(workflow)).text == "lighthouse-flux"
    assert all(process.poll() is None for process in watchers)
