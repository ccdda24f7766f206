"""The first minute with a key: the board without a run, and the page of what is followed."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.models import Board, Follow, Workflow
from dashboard.services.comfydeploy import gate, shared_state
from dashboard.services.runs import board, history
from dashboard.upstream.errors import RateLimited
from tests.builders import answer, person, store
from tests.markup import one_line
from tests.workspaces import NAMES, followed, listed, twelve, workflow

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _counted_anew() -> Iterator[None]:
    history.forget()
    yield
    history.forget()


@pytest.fixture
def at() -> datetime:
    moment = timezone.now()
    shared_state.write_heartbeat(moment)
    return moment


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(person(role, role))
    return client


def text(client: Client, path: str) -> str:
    history.forget()
    return one_line(client.get(path).content.decode())


def checked(page: str) -> dict[str, str]:
    """The state of each tick box, by its name."""
    found = re.findall(r'role="checkbox" aria-checked="(\w+)" aria-label="([^"]*)"', page)
    return {label: state for state, label in found}


@pytest.mark.parametrize("path", ["/", "/first/"])
def test_what_was_found_is_shown_and_ticked(ana: Client, at: datetime, path: str) -> None:
    twelve(at)
    page = text(ana, path)
    assert "Found in your workspace: 12 workflows, 4 deployments" in page
    assert "12 of 12 ticked; 2 had no run in 30 days" in page
    assert {f"Follow {name}" for name in NAMES} <= set(checked(page))
    assert set(checked(page).values()) == {"true"}
    assert page.count("<bdi>production</bdi>") == 3


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"listed_at": None}, "Looking for your workflows…"),
        ({}, "No workflows in this workspace yet."),
        ({"trouble": "forbidden"}, "This key can’t list workflows."),
    ],
)
def test_a_board_that_found_nothing_says_why(
    ana: Client, at: datetime, row: dict[str, Any], told: str
) -> None:
    listed(at, **row)
    page = text(ana, "/")
    assert told in page and 'id="q"' in page and "Coming in" not in page


def test_viewers_get_the_plain_list_and_no_page_of_ticks(at: datetime) -> None:
    twelve(at)
    vera = client_of("viewer")
    page = text(vera, "/")
    assert "No runs yet" in page and "Found in your workspace" not in page
    assert 'role="checkbox"' not in page
    response = vera.get("/first/")
    assert (response.status_code, response.url) == (302, "/")


def test_where_workflows_are_chosen_the_empty_board_leads_to_the_choice(
    ana: Client, at: datetime
) -> None:
    workflow(at)
    listed(at)
    board.choose(False, at)
    page = text(ana, "/")
    assert "Open your first run" in page and 'href="/first/"' in page
    assert checked(page) == {}
    assert checked(text(ana, "/first/"))["Follow lighthouse-flux"] == "false"


def test_with_a_run_the_list_is_shown_and_leads_to_no_other_page(ana: Client, at: datetime) -> None:
    twelve(at)
    run = store(answer(created=at))
    response = ana.get("/")
    assert response.status_code == 200
    assert str(run.uuid) in response.content.decode()
    assert "Found in your workspace" not in response.content.decode()


def test_runs_that_come_in_are_shown_and_the_way_to_them(ana: Client, at: datetime) -> None:
    twelve(at)
    assert "Show the runs" not in text(ana, "/")
    run = store(answer(created=at))
    part = text(ana, "/first/part/?at=list")
    assert f'id="coming-{run.uuid}"' in part and "Show the runs" in part
    assert "1 of 1" in part


def test_a_box_is_unticked_and_ticked_with_and_without_script(ana: Client, at: datetime) -> None:
    ids = twelve(at)
    response = ana.post("/first/ticks/", {"off": str(ids[0]), "at": "list"})
    assert (response.status_code, response.url) == (302, "/")
    boxes = checked(text(ana, "/first/"))
    assert boxes["Follow lighthouse-flux"] == "false"
    assert boxes["Follow all workflows"] == "mixed"
    page = ana.post("/first/ticks/", {"on": str(ids[0])}, headers=HTMX).content.decode()
    assert checked(one_line(page))["Follow lighthouse-flux"] == "true"
    assert page.lstrip().startswith("<section")


@pytest.mark.parametrize("given", [{"on": "nothing"}, {"off": str(uuid4())}, {"all": "x"}, {}])
def test_what_names_no_workflow_follows_none(
    ana: Client, at: datetime, given: dict[str, str]
) -> None:
    response = ana.post("/first/ticks/", given)
    assert (response.status_code, response.url) == (302, "/first/")
    assert not Follow.objects.exists()


def test_admins_alone_choose_whether_later_workflows_join(at: datetime, settings: Any) -> None:
    workflow(at)
    listed(at)
    admin, label = client_of("admin"), "Also follow workflows that are made later"
    assert checked(text(admin, "/first/"))[label] == "true"
    admin.post("/first/ticks/", {"later": "off"})
    assert not board.follows_all()
    assert checked(text(admin, "/first/"))[label] == "false"
    page = text(client_of("member"), "/first/")
    assert label not in page and "are not followed by themselves" in page
    settings.FOLLOW_IS_SET = True
    assert label not in text(admin, "/first/")
    admin.post("/first/ticks/", {"later": "on"})
    assert Board.objects.get().follow == "chosen"


def test_of_thousands_a_hundred_are_shown_until_all_are_asked_for(
    ana: Client, at: datetime
) -> None:
    listed(at)
    rows = [Workflow(uuid=uuid4(), name=f"w{n:03}", seen_at=at) for n in range(130)]
    Workflow.objects.bulk_create(rows)
    page = text(ana, "/first/")
    assert page.count("<tr id=") == 100 and "and 30 more" in page
    whole = text(ana, "/first/?whole=1")
    assert whole.count("<tr id=") == 130 and "more" not in whole.partition("first-foot")[0][-400:]
    assert text(ana, "/first/part/?whole=1").count("<tr id=") == 130


def test_names_from_outside_are_escaped(ana: Client, at: datetime) -> None:
    listed(at)
    workflow(at, "<script>\u202eevil", "<b>prod")
    page = text(ana, "/first/")
    assert "<script>\u202e" not in page and "<b>prod" not in page
    assert "&lt;script&gt;\ufffdevil" in page


def test_the_part_is_sent_anew_only_when_it_changes(ana: Client, at: datetime) -> None:
    ids = twelve(at)
    tag = ana.get("/first/part/")["HX-PTag"]
    assert ana.get("/first/part/", headers={"HX-PTag": tag}).status_code == 304
    ana.post("/first/ticks/", {"off": str(ids[0])})
    assert ana.get("/first/part/", headers={"HX-PTag": tag}).status_code == 200


def test_a_limit_is_told_with_the_time_when_it_ends(ana: Client, at: datetime) -> None:
    followed(workflow(at), at, history_done_at=None)
    listed(at)
    store(answer(created=at - timedelta(hours=1)))
    limit = RateLimited("slow down", retry_after=40.0)
    gate.record_outcome(limit, at)
    gate.forget()
    for path in ("/", "/first/"):
        page = text(ana, path)
        assert "ComfyDeploy asked us to slow down. Going on at" in page, path


def test_without_a_watcher_the_page_says_so(ana: Client) -> None:
    twelve(timezone.now())
    assert "The watcher isn't running." in text(ana, "/first/")


def test_before_a_run_is_read_no_share_of_them_is_told(ana: Client, at: datetime) -> None:
    twelve(at)
    page = text(ana, "/first/")
    assert "0 of 0" not in page and "no run read yet" in page
    store(answer(created=at))
    assert "1 of 1" in text(ana, "/first/") and "no run read yet" not in text(ana, "/first/")


def test_reading_goes_on_only_while_it_does(ana: Client, at: datetime) -> None:
    row = followed(workflow(at), at, history_done_at=None)
    listed(at)
    assert "Reading goes on" in text(ana, "/first/")
    board.stop_history(None, at)
    assert "Reading goes on" not in text(ana, "/first/")
    board.resume_history()
    Follow.objects.filter(pk=row.pk).update(history_done_at=at)
    assert "Reading goes on" not in text(ana, "/first/")
