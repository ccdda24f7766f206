"""How far past runs are read, above the list."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.models import Board, Follow, Run
from dashboard.services import clock
from dashboard.services.runs import board, history
from tests.builders import answer, person, store
from tests.markup import one_line
from tests.workspaces import followed, listed, workflow

pytestmark = pytest.mark.django_db
LINE = "Reading the last 7 days"


@pytest.fixture(autouse=True)
def _counted_anew() -> Iterator[None]:
    history.forget()
    yield
    history.forget()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The time, which passes where a test says so; while past runs of a workflow are read."""
    time = SimpleNamespace(now=timezone.now())
    monkeypatch.setattr(clock, "now", lambda: time.now)
    listed(time.now)
    followed(workflow(time.now), time.now, history_done_at=None)
    past(time.now)
    return time


def past(now: datetime, hours: int = 1) -> Run:
    return store(answer(created=now - timedelta(hours=hours)))


def text(client: Client, path: str = "/") -> str:
    history.forget()
    return one_line(client.get(path).content.decode())


def poll(client: Client, tag: str, path: str = "/history/") -> tuple[int, bool, str]:
    """The status, whether the list is to refresh, and the tag from here on."""
    history.forget()
    response = client.get(path, headers={"HX-PTag": tag, "HX-Request": "true"})
    refreshes = "runs-changed" in response.headers.get("HX-Trigger", "")
    return response.status_code, refreshes, response.headers.get("HX-PTag", tag)


def tag_on(page: str) -> str:
    return page.partition('id="history"')[2].partition('hx-ptag="')[2].partition('"')[0]


def test_the_list_tells_how_far_it_is(ana: Client, at: SimpleNamespace) -> None:
    page = text(ana)
    assert f"{LINE}: 1 of 1 run listed so far." in page
    assert 'action="/history/stop/"' in page and "Choose what is followed" in page


def test_nothing_stands_there_when_all_is_read(ana: Client, at: SimpleNamespace) -> None:
    Follow.objects.update(history_done_at=at.now)
    assert 'id="history"' not in text(ana)


def test_viewers_read_it_and_stop_nothing(at: SimpleNamespace) -> None:
    vera = Client()
    vera.force_login(person("vera", "viewer"))
    page = text(vera)
    assert LINE in page and "/history/stop/" not in page and "/first/" not in page


def test_it_is_stopped_and_gone_on_with(ana: Client, at: SimpleNamespace) -> None:
    response = ana.post("/history/stop/", {"from": "list"})
    assert (response.status_code, response.url) == (302, "/")
    row = Board.objects.get()
    assert row.history_stopped_at and row.history_stopped_by.username == "ana"
    page = text(ana)
    assert "Stopped reading the last 7 days" in page and 'action="/history/resume/"' in page
    history.forget()
    response = ana.post("/history/resume/", {"from": "list"}, headers={"HX-Request": "true"})
    assert LINE in response.content.decode()
    assert not board.history_stopped()


@pytest.mark.parametrize(
    ("given", "leads_to"),
    [
        ({"from": "first"}, "/first/"),
        ({"from": "first", "at": "list"}, "/"),
        ({"from": "list"}, "/"),
    ],
)
def test_without_script_it_leads_back(
    ana: Client, at: SimpleNamespace, given: dict[str, str], leads_to: str
) -> None:
    assert ana.post("/history/stop/", given).headers["Location"] == leads_to


def test_from_the_first_minute_its_part_comes_anew(ana: Client, at: SimpleNamespace) -> None:
    response = ana.post("/history/stop/", {"from": "first"}, headers={"HX-Request": "true"})
    assert 'id="first"' in response.content.decode()


def test_the_list_refreshes_when_counts_change_at_most_every_5_s(
    ana: Client, at: SimpleNamespace
) -> None:
    tag = tag_on(text(ana))
    at.now += timedelta(seconds=3)
    assert poll(ana, tag)[:2] == (304, False)
    past(at.now, hours=2)
    status, refreshes, tag = poll(ana, tag)
    assert (status, refreshes) == (200, False)
    at.now += timedelta(seconds=3)  # what was held back comes without another change
    status, refreshes, tag = poll(ana, tag)
    assert (status, refreshes) == (200, True)
    at.now += timedelta(seconds=6)
    assert poll(ana, tag)[:2] == (304, False)


def test_at_the_end_the_list_refreshes_once_and_nothing_polls_on(
    ana: Client, at: SimpleNamespace
) -> None:
    tag = tag_on(text(ana))
    Follow.objects.update(history_done_at=at.now)
    history.forget()
    response = ana.get("/history/", headers={"HX-PTag": tag, "HX-Request": "true"})
    assert "runs-changed" in response.headers["HX-Trigger"]
    assert response.content.decode().strip() == '<div id="history" hidden></div>'


@pytest.mark.parametrize("tag", ["", "x", "1-1.\u0662.a", "..", "1-1.99999999999999.b", "none"])
def test_a_broken_tag_is_no_error(ana: Client, at: SimpleNamespace, tag: str) -> None:
    history.forget()
    response = ana.get("/history/", headers={"HX-PTag": tag.encode().decode("latin-1")})
    assert response.status_code == 200


def test_an_empty_list_of_a_viewer_waits_for_the_first_runs(at: SimpleNamespace) -> None:
    Run.objects.all().delete()
    Follow.objects.all().delete()
    vera = Client()
    vera.force_login(person("vera", "viewer"))
    page = text(vera)
    assert 'hx-get="/history/?waits=1"' in page
    followed(workflow(at.now), at.now, history_done_at=None)
    past(at.now)
    at.now += timedelta(seconds=6)
    assert poll(vera, tag_on(page), "/history/?waits=1")[:2] == (200, True)


def test_the_line_costs_the_list_no_query_while_its_counts_are_fresh(
    ana: Client, at: SimpleNamespace
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            ana.get("/")
        return len(asked)

    text(ana)
    reads = queries()
    Follow.objects.update(history_done_at=at.now)
    text(ana)
    assert reads == queries()
