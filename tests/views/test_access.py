"""Who gets in, by which way, and where they land."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, override_settings
from django.utils import timezone

from dashboard.models import SignInLink
from dashboard.services.accounts import public_address, sign_in_links
from dashboard.services.comfydeploy import feed_lease
from tests.builders import answer, store

pytestmark = pytest.mark.django_db


def test_a_run_link_asks_for_sign_in_and_comes_back_with_its_query(client: Client) -> None:
    run = store(answer())
    response = client.get(f"/runs/{run.uuid}/?output=3")
    assert response.status_code == 302
    assert response["Location"] == f"/sign-in/?next=/runs/{run.uuid}/%3Foutput%3D3"
    User.objects.create_user("ana", password="a long password")
    back = client.post(response["Location"], {"username": "ana", "password": "a long password"})
    assert back["Location"] == f"/runs/{run.uuid}/?output=3"


def test_a_signed_out_part_answers_401_with_an_event(client: Client) -> None:
    run = store(answer())
    response = client.get(f"/runs/{run.uuid}/live/", headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response["HX-Trigger"] == "signed-out"


def test_signed_out_json_answers_401(client: Client) -> None:
    run = store(answer())
    response = client.get(f"/runs/{run.uuid}.json")
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "signed-out"


def test_health_needs_no_sign_in(client: Client) -> None:
    assert client.get("/healthz").content == b"ok"
    assert client.get("/readyz").json()["database"] == "ok"


def test_readiness_says_whether_the_feed_is_on(client: Client) -> None:
    assert client.get("/readyz").json()["feed"] == "off"
    feed_lease.take("a", timezone.now())
    for state in feed_lease.FeedState:
        feed_lease.renew("a", state, timezone.now())
        assert client.get("/readyz").json()["feed"] == state


def test_a_sign_in_link_works_once_and_by_its_button_alone(client: Client) -> None:
    link, made = sign_in_links.issue("ana")
    assert made
    path = link.removeprefix("http://testserver")
    for _ in range(2):  # previews, prefetches and scanners look, and look again
        assert client.head(path).status_code == 200
        assert "Sign in as ana</button>" in client.get(path).content.decode()
    assert client.get("/").status_code == 302
    assert client.post(path)["Location"] == "/"
    assert client.get("/").status_code == 200
    for method in ("get", "post"):
        assert getattr(Client(), method)(path).status_code == 410


def test_a_sign_in_link_lands_where_the_run_link_led(client: Client) -> None:
    run = store(answer())
    asked = client.get(f"/runs/{run.uuid}/?output=2")
    client.get(asked["Location"])
    link, _ = sign_in_links.issue("ana")
    assert client.post(link)["Location"] == f"/runs/{run.uuid}/?output=2"


def test_a_foreign_target_is_not_followed(client: Client) -> None:
    client.get("/sign-in/?next=https://evil.example/")
    link, _ = sign_in_links.issue("ana")
    assert client.post(link)["Location"] == "/"


def test_a_sign_in_link_ends_after_a_day(client: Client) -> None:
    link, _ = sign_in_links.issue("ana")
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.get(link).status_code == 410


def test_resetting_ends_older_links_and_passwords(client: Client) -> None:
    older, _ = sign_in_links.issue("ana")
    user = User.objects.get(username="ana")
    user.set_password("a long password")
    user.save()
    newer, made = sign_in_links.issue("ana")
    assert not made
    assert client.get(older).status_code == 410
    assert not client.login(username="ana", password="a long password")
    assert client.post(newer).status_code == 302


def test_the_command_prints_the_link(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("user", "ana")
    assert re.search(r"http://testserver/sign-in/[\w-]{32}/", capsys.readouterr().out)
    token = SignInLink.objects.get().digest
    assert len(token) == 64


def test_the_link_opens_where_the_board_was_served_last(
    monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    settings.PUBLIC_URL = "http://runs.lan:8000"
    public_address.remember_address()
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    monkeypatch.delenv("PUBLIC_URL")
    assert sign_in_links.issue("ana")[0].startswith("http://runs.lan:8000/sign-in/")


def test_the_sign_in_page_names_make_user_while_there_is_no_account(client: Client) -> None:
    assert "make user NAME=ana" in client.get("/sign-in/").content.decode()
    sign_in_links.issue("ana")
    assert "make user NAME=ana" not in client.get("/sign-in/").content.decode()


OPEN = [
    "dashboard.access.OpenAccessMiddleware" if "SignIn" in name else name
    for name in __import__("dashboard.settings", fromlist=["MIDDLEWARE"]).MIDDLEWARE
]


@override_settings(MIDDLEWARE=OPEN, ACCESS="open")
def test_open_access_is_the_local_user(client: Client) -> None:
    assert client.get("/").status_code == 200
    user = User.objects.get()
    assert user.username == "local"
    assert not user.has_usable_password()


@override_settings(MIDDLEWARE=OPEN, ACCESS="open")
@pytest.mark.parametrize(
    "name", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP", "Via"]
)
def test_open_access_refuses_what_came_through_a_proxy(client: Client, name: str) -> None:
    assert client.get("/", headers={name: "1"}).status_code == 403


@override_settings(MIDDLEWARE=OPEN, ACCESS="open")
def test_open_access_refuses_other_computers(client: Client) -> None:
    assert client.get("/", REMOTE_ADDR="192.168.1.7").status_code == 403
