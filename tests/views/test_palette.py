"""The command palette: what each reader is shown, and what it finds."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from dashboard.domain.filters.query import parse
from dashboard.domain.roles import ADMIN, VIEWER
from dashboard.models import Run
from dashboard.services import clock
from dashboard.services.runs import labels, saved_views
from dashboard.services.runs import palette as finding
from dashboard.views.runs.filters import ListFilter
from dashboard.views.runs.list_pages import page_of
from tests.builders import answer, person, store
from tests.markup import one_line

pytestmark = pytest.mark.django_db


def signed_in(name: str, role: str) -> Client:
    client = Client()
    client.force_login(person(name, role))
    return client


def found(client: Client, text: str) -> str:
    response = client.post("/palette/", {"q": text})
    assert response.status_code == 200
    return one_line(response.content.decode())


def names(client: Client) -> list[str]:
    return [name for _, name, _ in client.get("/palette/").context["pages"]]


def test_pages_are_those_that_a_reader_may_open(ana: Client, settings: Any) -> None:
    assert names(signed_in("vera", VIEWER)) == ["Runs", "Following", "Insights", "Account"]
    assert names(ana) == ["Runs", "Following", "Insights", "Shared", "Account"]
    assert names(signed_in("ada", ADMIN))[-2:] == ["People", "Audit"]


def test_saved_views_are_ones_own_and_everybodys(ana: Client) -> None:
    ben = person("ben")
    saved_views.save("Of Ben", "gpu=H100", ben, shared=False)
    saved_views.save("Of all", "by=user_1", ben, shared=True)
    shown = ana.get("/palette/").content.decode()
    assert "Of all" in shown and "Of Ben" not in shown
    assert "Of all" not in signed_in("vera", VIEWER).get("/palette/").content.decode()


def test_words_find_runs_and_a_search(ana: Client) -> None:
    run = store(answer())
    labels.set_title(run, "Lighthouse at dusk", person("ben"))
    shown = found(ana, "lighthouse")
    assert (
        "Search runs for “<bdi>lighthouse</bdi>”" in shown and 'data-href="/?q=lighthouse"' in shown
    )
    assert "Lighthouse at dusk" in shown and run.get_absolute_url() in shown


def test_an_id_in_any_text_opens_its_run_and_stores_nothing(ana: Client) -> None:
    run_id = uuid4()
    shown = found(ana, f"see https://app.comfydeploy.com/runs/{run_id} please")
    assert f'data-href="/runs/{run_id}/"' in shown and not Run.objects.exists()


@pytest.mark.parametrize("text", ["run:{}", "RUN:{}", 'run:"{}"', "run:{} gpu:H100", "gpu:H100 {}"])
def test_a_run_is_named_beside_filters_too(ana: Client, text: str) -> None:
    run_id = uuid4()
    assert f'data-href="/runs/{run_id}/"' in found(ana, text.format(run_id))


def test_an_id_in_lines_of_a_log_opens_its_run(ana: Client) -> None:
    run_id = uuid4()
    text = f'first\n{{"workflow_id":"{uuid4()}","run_id":"{run_id}"}}\nlast'
    assert f'data-href="/runs/{run_id}/"' in found(ana, text)


@pytest.mark.parametrize(
    "name", ["workflow", "version", "deployment", "machine", "batch", "-machine"]
)
def test_the_id_of_a_filter_is_no_runs(ana: Client, name: str) -> None:
    text = f"{name}:{uuid4()}"
    shown = found(ana, text)
    assert "Open run" not in shown and f"Search runs for “<bdi>{text}</bdi>”" in shown
    query = text.replace(":", "=") if name[0] != "-" else text[1:].replace(":", "%21=")
    assert f'data-href="/?{query}"' in shown


def test_a_filter_by_an_id_finds_its_runs(ana: Client) -> None:
    run = store(answer())
    assert run.workflow_id
    assert run.get_absolute_url() in found(ana, f"workflow:{run.workflow_id}")


@pytest.mark.parametrize("text", ["total:banana", "status:failed total:banana"])
def test_what_cannot_be_read_is_said_as_the_list_says_it(ana: Client, text: str) -> None:
    store(answer())
    shown = found(ana, text)
    said = (
        "Left out of the filter: <bdi>total “banana” (not a range such as &gt;60 or 10..30)</bdi>."
    )
    address = f"/?{urlencode({'q': text})}"
    assert said in shown and f'data-href="{address}"' in shown
    assert f"Search runs for “<bdi>{text}</bdi>”" in shown
    assert said in one_line(ana.get(address).content.decode())


def test_days_are_those_of_the_readers_zone(ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 11, 26, 12, tzinfo=UTC)  # in Auckland the 27th has begun an hour ago
    run = store(answer(created=at - timedelta(hours=2)))
    monkeypatch.setattr(clock, "now", lambda: at)
    assert run.get_absolute_url() in found(ana, "created:today")
    ana.cookies["zone"] = "Pacific/Auckland"
    shown = found(ana, "created:today")
    assert run.get_absolute_url() not in shown
    assert 'data-href="/?created=today&amp;zone=Pacific%2FAuckland"' in shown
    assert run.get_absolute_url() in found(ana, "created:yesterday")


@pytest.mark.parametrize(
    "text", ["lighthouse", "lighthouse gpu:H100", "-no", "total:>1", "gpu:H100,L40S"]
)
def test_runs_are_read_as_the_list_reads_them(ana: Client, text: str) -> None:
    labels.set_title(store(answer(gpu="H100")), "Lighthouse at dusk", person("ben"))
    choice = ListFilter(query=parse([("q", text)]))
    with CaptureQueriesContext(connection) as list_asks:
        page_of(RequestFactory().get("/"), choice, size=finding.MOST)
    with CaptureQueriesContext(connection) as palette_asks:
        finding.runs(choice)
    own, asked = (sorted({q["sql"] for q in one}) for one in (list_asks, palette_asks))
    assert set(own) <= set(asked) and len(palette_asks) <= len(list_asks) + 1


@pytest.mark.parametrize("text", ["", "   ", "\0", "password=hunter2hunter2", "x" * 5000, "a\nb"])
def test_what_is_no_search_finds_nothing(ana: Client, text: str) -> None:
    store(answer())
    assert 'role="option"' not in found(ana, text)


def test_a_secret_is_told_as_left_out_and_not_shown(ana: Client) -> None:
    shown = found(ana, "password=hunter2hunter2")
    assert "Left out of the filter: <bdi>q ••• (looks like a secret)</bdi>." in shown
    assert "hunter2" not in shown


def test_who_started_a_run_is_no_filter_for_viewers(ana: Client) -> None:
    run = store(answer(user_id="user_1"))
    Run.objects.filter(pk=run.pk).update(user_id="user_1")
    assert run.get_absolute_url() in found(ana, "by:user_1")
    shown = found(signed_in("vera", VIEWER), "by:user_1")
    assert run.get_absolute_url() not in shown
    assert "by “user_1” (for members alone)" in shown


def test_share_pages_have_no_palette(ana: Client) -> None:
    assert "data-palette" in ana.get("/").content.decode()
    assert "data-palette" not in ana.get("/s/wrong/").content.decode()
    assert "data-palette" not in Client().get("/sign-in/").content.decode()
