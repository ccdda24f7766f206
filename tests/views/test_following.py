"""The page of what is followed, names on pages, and the log of a failed run."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.models import DirectoryList, Follow, Name, Run
from dashboard.services.comfydeploy import shared_state
from dashboard.services.runs import directory, discovery
from dashboard.simulator import Simulator
from tests.builders import answer, stamp, store
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db
SAMPLE = (SAMPLES / "related" / "run_logs_v2.json").read_bytes()


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_a_workflow_is_followed_and_let_go(ana: Client) -> None:
    target = uuid4()
    for _ in range(2):
        response = ana.post("/following/", {"q": f" {target} ", "kind": "workflow"})
        assert (response.status_code, response.url) == (302, "/following/")
    row = Follow.objects.get()
    assert (row.kind, row.target) == ("workflow", target)
    Name.objects.filter(upstream_id=str(target)).update(text="lighthouse <flux>")
    page = text(ana, "/following/")
    assert "lighthouse &lt;flux&gt;" in page and str(target) in page
    ana.post(f"/following/{row.pk}/stop/")
    assert not Follow.objects.followed().exists()
    assert "Not following anything yet." in text(ana, "/following/")


def test_what_has_no_id_is_told_so(ana: Client) -> None:
    response = ana.post("/following/", {"q": "lighthouse", "kind": "workflow"})
    assert response.status_code == 422
    assert "No ID found" in response.content.decode()


def test_following_needs_an_account() -> None:
    assert Client().get("/following/").status_code == 302
    assert Client().post("/following/", {"q": str(uuid4())}).status_code == 302
    assert not Follow.objects.exists()


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ("not-found", "Workflow not found"),
        ("forbidden", "Workflow not found"),
        ("server-error", "returned an error while listing"),
        ("rate-limited", "limiting requests"),
        ("key-rejected", "API key rejected"),
    ],
)
def test_the_page_says_why_nothing_comes(ana: Client, trouble: str, words: str) -> None:
    now = timezone.now()
    Follow.objects.create(kind="workflow", target=uuid4(), since=now, next_at=now, trouble=trouble)
    shared_state.write_heartbeat(now)
    assert words in text(ana, "/following/")


def test_the_page_says_when_no_watcher_lives(ana: Client) -> None:
    now = timezone.now()
    Follow.objects.create(kind="workflow", target=uuid4(), since=now, next_at=now)
    assert "The watcher isn't running." in text(ana, "/following/")
    shared_state.write_heartbeat(now)
    assert "The watcher isn't running." not in text(ana, "/following/")


def test_the_page_says_what_the_key_may_not_list(ana: Client, upstream: Simulator) -> None:
    now = timezone.now()
    directory.start(now)
    discovery.refresh(DirectoryList.objects.get(name="machines"), now)
    assert "can’t list" not in text(ana, "/following/")
    upstream.workspace.forbidden = {"machines"}
    discovery.refresh(DirectoryList.objects.get(name="machines"), now)
    assert "This key can’t list machines." in text(ana, "/following/")


def test_its_queries_do_not_grow_with_the_rows(ana: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            ana.get("/following/")
        return len(asked)

    now = timezone.now()
    Follow.objects.create(kind="workflow", target=uuid4(), since=now, next_at=now)
    one = queries()
    for _ in range(10):
        Follow.objects.create(kind="deployment", target=uuid4(), since=now, next_at=now)
    assert queries() == one


def test_names_stand_on_the_page_and_in_the_list_and_are_found(ana: Client) -> None:
    run = store(answer())
    other = store(answer(workflow_id=str(uuid4())))
    assert f"Run {run.short_id}" in text(ana, "/")
    for kind, upstream_id, name in (
        ("workflow", run.workflow_id, "lighthouse-flux"),
        ("version", run.workflow_version_id, "v3"),
        ("machine", run.machine_id, "lighthouse-h100"),
    ):
        Name.objects.filter(kind=kind, upstream_id=upstream_id).update(text=name)
    Run.objects.filter(pk=run.pk).update(workflow_name="lighthouse-flux", extras_version=1)
    assert "lighthouse-flux" in text(ana, "/")
    page = text(ana, f"/runs/{run.uuid}/")
    for name in ("lighthouse-flux</h1>", "v3", "lighthouse-h100", run.workflow_id or "?"):
        assert name in page
    found = text(ana, "/?q=flux")
    assert str(run.uuid) in found and str(other.uuid) not in found
    assert str(run.uuid) in text(ana, f"/?q={run.short_id}")
    assert ana.get("/?q=a%00b").status_code == 200


def failed(**given: object) -> Run:
    run = store(answer(status="failed", ended_at=stamp(timezone.now()), **given))
    Run.objects.filter(pk=run.pk).update(log_next_at=timezone.now() - timedelta(seconds=1))
    run.refresh_from_db()
    return run


def test_an_open_page_of_a_failed_run_shows_the_error_when_its_log_comes(
    ana: Client, upstream: Simulator
) -> None:
    run = failed()
    upstream.script_path(f"/v2/clickhouse-run-logs/{run.uuid}", [b"[]", SAMPLE])
    page = text(ana, f"/runs/{run.uuid}/")
    assert "No error text" in page and 'hx-trigger="every' in page
    ana.get(f"/runs/{run.uuid}/live/")
    Run.objects.filter(pk=run.pk).update(log_next_at=timezone.now())
    live = ana.get(f"/runs/{run.uuid}/live/").content.decode()
    assert "ran out of GPU memory" in live and "CUDA out of memory" in live
    assert "What usually helps" in live and 'hx-trigger="every' not in live
    found = ana.get(f"/runs/{run.uuid}.json").json()["error"]
    told = {"message", "node_id", "node_type", "type", "cause", "traceback", "source"}
    assert set(found) == told
    assert (found["cause"], found["source"]) == ("out-of-memory", "log")
    assert "CUDA out of memory" in found["message"]


def test_the_log_fold_shows_the_log(ana: Client, upstream: Simulator) -> None:
    run = failed()
    upstream.script_path(f"/v2/clickhouse-run-logs/{run.uuid}", [SAMPLE])
    log = text(ana, f"/runs/{run.uuid}/log/")
    assert "got prompt" in log and "not-a-real-secret" not in log and "every" not in log
    assert len(upstream.requests_at(f"/v2/clickhouse-run-logs/{run.uuid}")) == 1
    text(ana, f"/runs/{run.uuid}/log/")
    assert len(upstream.requests_at(f"/v2/clickhouse-run-logs/{run.uuid}")) == 1


def test_opening_the_log_of_a_success_asks_for_it(ana: Client, upstream: Simulator) -> None:
    run = store(answer())
    upstream.script_path(f"/v2/clickhouse-run-logs/{run.uuid}", [b"[]", SAMPLE])
    assert "Runboard will try again" in text(ana, f"/runs/{run.uuid}/log/")
    Run.objects.filter(pk=run.pk).update(log_next_at=timezone.now())
    assert "got prompt" in text(ana, f"/runs/{run.uuid}/log/")


def test_with_a_watcher_a_page_asks_for_no_log(ana: Client, upstream: Simulator) -> None:
    run = failed()
    shared_state.write_heartbeat(timezone.now())
    ana.get(f"/runs/{run.uuid}/live/")
    assert "Loading the log from ComfyDeploy" in text(ana, f"/runs/{run.uuid}/log/")
    assert not upstream.requests_at(f"/v2/clickhouse-run-logs/{run.uuid}")


def test_a_timed_out_run_is_told_what_usually_helps(ana: Client, upstream: Simulator) -> None:
    run = store(answer(status="timeout"))
    assert 'data-cause="timed-out"' in text(ana, f"/runs/{run.uuid}/")
