"""The page of what is followed, names on pages, and the log of a failed run."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.models import (
    Deployment,
    DirectoryList,
    Follow,
    Name,
    Run,
    SharedState,
    Workflow,
)
from dashboard.services.comfydeploy import gate, shared_state
from dashboard.services.runs import board, directory, discovery, follow, history, search_index
from dashboard.simulator import Simulator
from dashboard.views.responses import json_moment
from tests.builders import answer, person, stamp, store
from tests.conftest import SAMPLES
from tests.markup import one_line

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
        ("not-found", "workflow not found"),
        ("forbidden", "workflow not found"),
        ("server-error", "ComfyDeploy returned an error, next try"),
        ("rate-limited", "asked to slow down, next try"),
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


@pytest.mark.parametrize("path", ["/following/", "/following.json", "/following/rows/"])
def test_its_queries_do_not_grow_with_the_rows(ana: Client, path: str) -> None:
    def queries() -> int:
        gate.forget()
        history.forget()  # its counts are 2 s old at most, however busy the machine is
        with CaptureQueriesContext(connection) as asked:
            assert ana.get(path).status_code == 200
        return len(asked)

    def add() -> None:
        for kind, column in (("workflow", "workflow_id"), ("deployment", "deployment_id")):
            row, _ = follow.add(kind, uuid4(), timezone.now())
            run = store(answer(created=timezone.now()))
            Run.objects.filter(pk=run.pk).update(**{column: str(row.target)})
            listed(kind, f"not followed {row.pk}")

    add()
    queries()
    one = queries()
    for _ in range(10):
        add()
    assert queries() == one


def listed(kind: str, name: str, **given: object) -> UUID:
    """Something that ComfyDeploy's lists have."""
    table = {"workflow": Workflow, "deployment": Deployment}[kind]
    return table.objects.create(uuid=uuid4(), name=name, seen_at=timezone.now(), **given).pk


def post(client: Client, path: str, **form: str) -> str:
    """Where a form leads to."""
    response = client.post(path, form)
    assert response.status_code == 302
    return str(response["Location"])


def test_a_list_is_paused_by_name_and_resumed(ana: Client) -> None:
    row, _ = follow.add("workflow", uuid4(), timezone.now())
    post(ana, f"/following/{row.pk}/pause/")
    row.refresh_from_db()
    assert row.paused_at and row.paused_by and row.paused_by.username == "ana"
    page = one_line(text(ana, "/following/"))
    assert "paused by <bdi>ana</bdi><time" in page and "Resume all" in page
    post(ana, f"/following/{row.pk}/resume/")
    assert Follow.objects.active().exists()
    assert "Pause all" in text(ana, "/following/")


def test_all_are_paused_and_resumed_at_once(ana: Client) -> None:
    for _ in range(3):
        follow.add("workflow", uuid4(), timezone.now())
    post(ana, "/following/pause/")
    assert Follow.objects.active().count() == 0
    post(ana, "/following/resume/")
    assert Follow.objects.active().count() == 3


@pytest.mark.parametrize(
    ("wanted", "leads"),
    [
        ("/runs/7c1e9f42-3b0a-4d1e-9a57-2f6d0c88e1b4/", None),
        ("/following/?all=1", None),
        ("", "/following/"),
        ("https://evil.example/", "/following/"),
        ("//evil.example/", "/following/"),
        ("/\\evil.example/", "/following/"),
        ("///evil.example", "/following/"),
        ("javascript:alert(1)", "/following/"),
        ("runs/", "/following/"),
    ],
)
def test_a_form_leads_back_to_a_path_of_this_site_alone(
    ana: Client, wanted: str, leads: str | None
) -> None:
    row, _ = follow.add("workflow", uuid4(), timezone.now())
    expected = wanted if leads is None else leads
    form = {"q": str(uuid4()), "kind": "workflow", "next": wanted}
    assert post(ana, "/following/", **form) == expected
    for act in ("pause", "resume", "stop"):
        assert post(ana, f"/following/{row.pk}/{act}/", next=wanted) == expected


def test_what_is_picked_is_followed_where_it_matches_what_was_typed(ana: Client) -> None:
    flux, logo = listed("workflow", "lighthouse-flux"), listed("workflow", "logo-reveal")
    assert post(ana, "/following/", pick=f"workflow:{flux}", find="logo") == "/following/?find=logo"
    assert not Follow.objects.exists()
    assert post(ana, "/following/", pick=f"workflow:{logo}", find="LOGO") == "/following/"
    assert Follow.objects.get().target == logo


@pytest.mark.parametrize("pick", ["", "workflow", "workflow:x", "machine:{}", "deployment:{}"])
def test_a_pick_that_is_not_in_the_lists_follows_nothing(ana: Client, pick: str) -> None:
    pick = pick.format(listed("workflow", "lighthouse-flux"))
    assert post(ana, "/following/", pick=pick, find="") == "/following/?find="
    assert not Follow.objects.exists()


def test_the_list_of_others_holds_what_matches_and_is_not_followed(ana: Client) -> None:
    now = timezone.now()
    for n in range(8):
        listed("workflow", f"logo-{n}")
    follow.add("workflow", listed("workflow", "logo-followed"), now)
    listed("deployment", "logo-9", environment="staging")
    DirectoryList.objects.create(name="workflows", next_at=now, listed_at=now)
    page = one_line(text(ana, "/following/"))
    assert "6 of 9 not followed · listed <time" in page
    found = one_line(text(ana, "/following/others/?find=STAG"))
    assert "logo-9" in found and "1 of 1 that matches" in found and "logo-1" not in found
    assert "No match, or already followed" in one_line(text(ana, "/following/others/?find=zz"))


def test_an_id_alone_is_followed_as_what_the_lists_know(ana: Client) -> None:
    target = listed("deployment", "lighthouse-flux")
    post(ana, "/following/", q=str(target))
    assert (Follow.objects.get().kind, Follow.objects.get().target) == ("deployment", target)


def test_only_the_paste_field_stands_where_the_key_may_not_list(ana: Client) -> None:
    now = timezone.now()
    for name in ("workflows", "deployments", "fluid"):
        DirectoryList.objects.create(name=name, next_at=now, trouble="forbidden")
    page = text(ana, "/following/")
    assert 'name="find"' not in page and 'name="kind"' in page
    assert "Paste an ID, or its address in ComfyDeploy." in page
    assert "Not in the list?" not in page


def test_an_admin_switches_whether_new_workflows_join(settings) -> None:  # type: ignore[no-untyped-def]
    client = Client()
    client.force_login(person("eva", "admin"))
    assert 'aria-checked="true"' in text(client, "/following/")
    post(client, "/following/new/", on="0")
    assert not board.follows_all()
    assert 'aria-checked="false"' in text(client, "/following/")
    settings.FOLLOW_IS_SET, settings.FOLLOW = True, "all"
    page = text(client, "/following/")
    assert "Set by FOLLOW." in page and "aria-checked" not in page
    post(client, "/following/new/", on="0")
    assert board.follows_all()


def test_who_may_not_switch_sees_no_switch(ana: Client) -> None:
    assert "Follow new workflows too" not in text(ana, "/following/")


def test_a_viewer_sees_rows_without_anything_to_do(ana: Client) -> None:
    row, _ = follow.add("workflow", uuid4(), timezone.now())
    client = Client()
    client.force_login(person("vera", "viewer"))
    main = text(client, "/following/").partition("<main")[2].partition("</main")[0]
    assert str(row.target) in main and "<form" not in main and "Follow another" not in main


def test_the_first_fifty_are_shown_and_all_on_request(ana: Client) -> None:
    for _ in range(52):
        follow.add("workflow", uuid4(), timezone.now())
    page = text(ana, "/following/")
    assert page.count('<tr class="follow ') == 50 and "Show all 52" in page
    everything = text(ana, "/following/?all=1")
    assert everything.count('<tr class="follow ') == 52 and "Show all" not in everything
    assert "/following/rows/?all=1" in everything


def test_a_poll_answers_only_where_something_shown_has_changed(ana: Client) -> None:
    row, _ = follow.add("workflow", uuid4(), timezone.now())
    first = ana.get("/following/rows/", headers={"HX-Request": "true"})
    tag = re.search(r'id="follows".*?hx-ptag="([^"]+)"', text(ana, "/following/"), re.S)
    assert tag

    def poll() -> int:
        return ana.get(
            "/following/rows/", headers={"HX-Request": "true", "HX-PTag": tag[1]}
        ).status_code

    assert first.status_code == 200 and poll() == 304
    Follow.objects.filter(pk=row.pk).update(answered_at=timezone.now())
    assert poll() == 200


def test_a_list_that_was_not_listed_yet_is_not_called_empty(ana: Client) -> None:
    row, _ = follow.add("workflow", uuid4(), timezone.now())
    assert "no runs yet" not in text(ana, "/following/")
    Follow.objects.filter(pk=row.pk).update(answered_at=timezone.now())
    assert "no runs yet" in text(ana, "/following/")


@pytest.mark.parametrize(("runs", "said"), [(0, "No runs today."), (1, "1 run today.")])
def test_the_lead_counts_todays_runs(ana: Client, runs: int, said: str) -> None:
    row, _ = follow.add("workflow", uuid4(), timezone.now())
    for _ in range(runs):
        run = store(answer(created=timezone.now()))
        Run.objects.filter(pk=run.pk).update(workflow_id=str(row.target))
    assert said in one_line(text(ana, "/following/"))


@pytest.mark.parametrize(
    ("state", "words"),
    [("on", "within seconds"), ("off", "live feed is off"), ("connecting", "Connecting to")],
)
def test_the_page_says_whether_the_feed_is_on(ana: Client, state: str, words: str) -> None:
    SharedState.put("feed", timezone.now(), f"{state} holder")
    assert words in text(ana, "/following/")
    assert ana.get("/following.json").json()["feed"] == state


def test_the_json_tells_each_list(ana: Client) -> None:
    now = timezone.now()
    target = listed("deployment", "lighthouse-flux, production", environment="production")
    row, _ = follow.add("deployment", target, now)
    Follow.objects.filter(pk=row.pk).update(answered_at=now, every=15.0)
    run = store(answer(created=now))
    Run.objects.filter(pk=run.pk).update(deployment_id=str(target))
    (told,) = ana.get("/following.json").json()["lists"]
    run.refresh_from_db()
    assert told == {
        "kind": "deployment",
        "id": str(target),
        "name": "lighthouse-flux",
        "environment": "production",
        "state": "listed",
        "listed_at": json_moment(now),
        "every": 15.0,
        "runs_today": 1,
        "newest": json_moment(run.created_at),
    }


def test_the_json_tells_how_far_past_runs_are_read(ana: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.BACKFILL_DAYS = 0
    follow.add("workflow", uuid4(), timezone.now())
    assert ana.get("/following.json").json()["backfill"] is None
    settings.BACKFILL_DAYS = 30
    follow.add("workflow", uuid4(), timezone.now())
    store(answer(created=timezone.now() - timedelta(days=2)))
    told = ana.get("/following.json").json()["backfill"]
    assert told == {"read": 1, "of": 1, "done": False}


def test_names_of_others_stand_in_the_page_as_text(ana: Client) -> None:
    listed("workflow", "<script>alert(1)</script>")
    follow.add("workflow", listed("workflow", "<img src=x>\u202egnp"), timezone.now())
    page = text(ana, "/following/")
    assert "<script>alert" not in page and "<img src=x>" not in page and "\u202e" not in page


def test_names_stand_on_the_page_and_in_the_list_and_are_found(ana: Client) -> None:
    run = store(answer())
    other = store(answer(workflow_id=str(uuid4())))
    assert "a cat" in text(ana, "/")
    for kind, upstream_id, name in (
        ("workflow", run.workflow_id, "lighthouse-flux"),
        ("version", run.workflow_version_id, "v3"),
        ("machine", run.machine_id, "lighthouse-h100"),
    ):
        Name.objects.filter(kind=kind, upstream_id=upstream_id).update(text=name)
    Run.objects.filter(pk=run.pk).update(workflow_name="lighthouse-flux", extras_version=1)
    search_index.index_runs([run.pk])
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
