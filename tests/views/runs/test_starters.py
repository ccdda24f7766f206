"""Who started a run: for members, from this board, and for nobody where it is switched off."""

import base64
import io
import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from PIL import Image

from dashboard.models import Run, UpstreamUser
from dashboard.services.runs import starters
from dashboard.services.runs.labels import set_title
from dashboard.simulator import Simulator
from dashboard.simulator.workflows import PEOPLE
from dashboard.views import fragment_cache
from tests.builders import answer, person, running, store

pytestmark = pytest.mark.django_db
DIGEST = "0123456789abcdef"
PICTURE = f"/people/pictures/{DIGEST}.webp"
NAME = "Mira <b>Okafor"
TRACES = ("Mira", DIGEST, "Started by", "started by", 'class="portrait"')
SEEN = {"viewer": False, "member": True, "admin": True}


def webp() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (96, 96), "teal").save(out, "WEBP")
    return out.getvalue()


@pytest.fixture
def run(db: None) -> Run:
    made = store(answer())
    told = {"name": NAME, "picture_digest": DIGEST}
    UpstreamUser.objects.update(**told, picture=base64.b64encode(webp()).decode())
    return made


def client_of(role: str) -> Client:
    client = Client()
    client.force_login(person(f"{role}-{uuid4().hex[:6]}", role))
    return client


def places(run: Run) -> list[str]:
    """Every address that tells of this run what its starter could stand beside."""
    page = f"/runs/{run.uuid}/"
    parts = ("", "facts/", "live/", "outputs/", "history/", "usual/", "log/")
    return ["/", f"/?q={run.short_id}", "/runs/now/", *(f"{page}{part}" for part in parts)]


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def main_of(page: str) -> str:
    """The page without its header, where the reader's own name stands."""
    return page.partition("<main")[2] or page


def traces(text: str) -> set[str]:
    return {trace for trace in TRACES if trace in text}


def by_of(client: Client, run: Run) -> object:
    return json.loads(text_of(client, f"/runs/{run.uuid}.json"))["by"]


@pytest.mark.parametrize(("role", "seen"), SEEN.items())
def test_members_and_admins_see_who_started_a_run(run: Run, role: str, seen: bool) -> None:
    client = client_of(role)
    shown = {place for place in places(run) if traces(main_of(text_of(client, place)))}
    page = f"/runs/{run.uuid}/"
    lists = {"/", f"/?q={run.short_id}"}
    assert shown == (lists | {page, f"{page}facts/"} if seen else set())
    assert by_of(client, run) == ({"id": "user_alice", "name": NAME} if seen else None)
    assert client.get(PICTURE).status_code == (200 if seen else 403)


@pytest.mark.parametrize("role", SEEN)
@pytest.mark.parametrize("live", [False, True])
def test_switched_off_nobody_sees_what_was_stored_before(
    run: Run, settings: Any, role: str, live: bool
) -> None:
    if live:
        run = store(running(run.uuid))
    client = client_of(role)
    for place in places(run):
        text_of(client, place)  # rendered, and cached, while it was on
    settings.PEOPLE = False
    for place in places(run):
        assert not traces(main_of(text_of(client, place))), place
    assert by_of(client, run) is None
    assert client.get(PICTURE).status_code == (403 if role == "viewer" else 404)


@pytest.mark.parametrize("live", [False, True])
def test_what_was_rendered_for_a_member_is_not_given_to_a_viewer(run: Run, live: bool) -> None:
    if live:
        run = store(running(run.uuid))
    pages = (f"/?q={run.short_id}", f"/runs/{run.uuid}/")  # "/" has cards for live runs
    member, viewer = client_of("member"), client_of("viewer")
    for first, second in ((member, viewer), (viewer, member)):
        fragment_cache.forget()
        for place in pages:
            for client in (first, second, first):
                found = traces(main_of(text_of(client, place)))
                assert bool(found) == (client is member), place


def test_a_new_name_or_picture_is_shown_at_once(run: Run) -> None:
    member, pages = client_of("member"), ("/", f"/runs/{run.uuid}/")
    for change in ({"name": "Ada"}, {"picture_digest": "f" * 16}):
        UpstreamUser.objects.update(**change)
        for place in pages:
            assert all(text in text_of(member, place) for text in change.values())


def test_a_name_is_text_and_kept_apart_from_what_stands_beside_it(run: Run) -> None:
    UpstreamUser.objects.update(name="\u202eMira <script>alert(1)</script>")
    for place in ("/", f"/runs/{run.uuid}/"):
        page = text_of(client_of("member"), place)
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert re.search(r"<bdi[^>]*>[^<]*Mira &lt;script&gt;", page)


def test_without_a_picture_there_are_initials_and_without_a_name_the_id(run: Run) -> None:
    member, page = client_of("member"), f"/runs/{run.uuid}/"
    UpstreamUser.objects.update(picture="", picture_digest="", name="Mira Okafor")
    for place in ("/", page):
        assert re.search(r'<span class="portrait"[^>]*>MO</span>', text_of(member, place))
        assert "/people/pictures/" not in text_of(member, place)
    UpstreamUser.objects.update(name="")
    assert 'aria-label="Copy the user ID user_alice"' in text_of(member, page)
    assert by_of(member, run) == {"id": "user_alice", "name": None}
    assert "portrait" not in text_of(member, "/")
    UpstreamUser.objects.all().delete()
    assert 'aria-label="Copy the user ID user_alice"' in text_of(member, page)


def test_a_run_that_nobody_is_said_to_have_started_says_nothing() -> None:
    run, member = store(answer(user_id=None)), client_of("member")
    set_title(run, "A title", person("ben"))
    for place in places(run):
        assert not traces(main_of(text_of(member, place))), place
    assert by_of(member, run) is None


def test_a_picture_is_sent_as_a_picture_and_kept_for_a_day(run: Run) -> None:
    response = client_of("member").get(PICTURE)
    assert response.content == webp()
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, max-age=86400"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize("digest", ["0" * 16, "..", "%00", "x" * 500, "0123456789ABCDEF", "%"])
def test_no_other_digest_leads_anywhere(run: Run, digest: str) -> None:
    UpstreamUser.objects.create(id="user_without", name="Tarik")
    assert client_of("member").get(f"/people/pictures/{digest}.webp").status_code == 404
    assert client_of("member").get("/people/pictures/.webp").status_code == 404


def test_nobody_who_is_not_signed_in_gets_one(run: Run) -> None:
    assert Client().get(PICTURE).status_code == 302


def test_the_page_shows_what_comfydeploy_tells(upstream: Simulator, settings: Any) -> None:
    settings.LOCAL_FILES_ORIGIN = upstream.url.removesuffix("/api")
    run = store(answer(user_id=PEOPLE[0]))
    user = UpstreamUser.objects.get()
    starters.refresh(user, timezone.now())
    member = client_of("member")
    page = text_of(member, f"/runs/{run.uuid}/")
    (address,) = set(re.findall(r'src="(/people/pictures/\w+\.webp)"', page))
    assert "Mira Okafor" in page
    assert settings.LOCAL_FILES_ORIGIN + "/media/portraits" not in page
    assert Image.open(io.BytesIO(member.get(address).content)).size == (96, 96)
