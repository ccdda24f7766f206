"""The notice about ComfyDeploy: on every page of lists, for members with "Try now"."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.models import Gate
from dashboard.services.comfydeploy import gate
from dashboard.services.runs import fetch
from dashboard.services.sharing import share_links
from dashboard.simulator import Simulator
from tests.builders import person, running, store

pytestmark = pytest.mark.django_db
PAGES = ("/", "/?show=live", "/following/", "/connection/")
SAID = "reach ComfyDeploy."


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_every_page_of_lists_tells_it_until_it_is_over(ana: Client, upstream: Simulator) -> None:
    run = store(running(), timezone.now() - timedelta(minutes=1))
    assert not any(SAID in text(ana, page) for page in PAGES)
    upstream.down()
    fetch.refresh_on_demand(run)
    gate.forget()
    for page in PAGES:
        found = text(ana, page)
        assert SAID in found and "Try now" in found and "Next try in" in found, page
    upstream.up()
    ana.post("/connection/try/")
    assert not any(SAID in text(ana, page) for page in PAGES)


def test_the_open_page_is_answered_304_until_something_changes(
    ana: Client, upstream: Simulator
) -> None:
    tag = ana.get("/connection/")["HX-PTag"]
    assert ana.get("/connection/", headers={"HX-PTag": tag}).status_code == 304
    Gate.objects.create(reason="server-error", since=timezone.now(), until=timezone.now())
    gate.forget()
    assert ana.get("/connection/", headers={"HX-PTag": tag}).status_code == 200


def test_viewers_are_told_without_a_button_and_readers_of_share_links_not(
    upstream: Simulator,
) -> None:
    run = store(running(), timezone.now() - timedelta(minutes=1))
    made = share_links.make(
        run, person("mia"), scopes=("times",), title="", life="7", now=timezone.now()
    )
    upstream.down()
    fetch.refresh_on_demand(run)
    gate.forget()
    viewer = Client()
    viewer.force_login(person("vic", "viewer"))
    page = text(viewer, "/")
    assert SAID in page and "Try now" not in page
    assert 'id="connection"' not in text(Client(), f"/s/{made[1]}/")
