"""The people page: roles, invitations, and who is out at once."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.models import AuditEntry, Invitation, Person, Session
from dashboard.services.accounts import invitations, sign_in_links
from tests.builders import answer, person, running, store

pytestmark = pytest.mark.django_db
PASSWORD = "a long password"


@pytest.fixture
def eva(db: None) -> Client:
    client = Client()
    client.force_login(person("eva", "admin"))
    return client


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_the_page_lists_everybody_with_role_and_without_a_query_for_each(eva: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page = eva.get("/people/").content.decode()
        assert "ana0" in page
        return len(asked)

    signed_in(person("ana0", "viewer"))
    few = queries()
    for n in range(1, 9):
        signed_in(person(f"ana{n}"))
        invitations.make("viewer", None, timezone.now())
    assert queries() == few


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_others_may_not(eva: Client, role: str) -> None:
    other = person("ana", role)
    client = signed_in(other)
    assert client.get("/people/").status_code == client.get("/audit/").status_code == 403
    for path in ("people/invite/", f"people/{other.pk}/role/", f"people/{other.pk}/active/"):
        assert client.post(f"/{path}", {"role": "admin", "active": "off"}).status_code == 403
    other.refresh_from_db()
    assert other.person.role == role and not other.is_superuser
    assert not Invitation.objects.exists()


def test_a_role_is_changed_and_felt_at_once(eva: Client) -> None:
    vera = person("vera", "viewer")
    client = signed_in(vera)
    assert client.post("/following/", {"q": "x"}).status_code == 403
    eva.post(f"/people/{vera.pk}/role/", {"role": "member"})
    assert client.post("/following/", {"q": "x"}).status_code == 422
    eva.post(f"/people/{vera.pk}/role/", {"role": "admin"})
    assert client.get("/people/").status_code == 200
    eva.post(f"/people/{vera.pk}/role/", {"role": "viewer"})
    assert client.get("/people/").status_code == 403
    entry = AuditEntry.objects.get(action="role.changed", detail__now="member")
    assert (entry.name, entry.subject, entry.detail["was"]) == ("eva", "vera", "viewer")


def test_the_last_admin_stays(eva: Client) -> None:
    user = User.objects.get(username="eva")
    for path, form in (("role", {"role": "member"}), ("active", {"active": "off"})):
        response = eva.post(f"/people/{user.pk}/{path}/", form)
        assert response.status_code == 422
        assert "the only admin" in response.content.decode()
    person("ida", "admin")
    assert eva.post(f"/people/{user.pk}/role/", {"role": "member"}).status_code == 302
    assert eva.get("/people/").status_code == 403


def test_an_unknown_role_changes_nothing(eva: Client) -> None:
    ana = person("ana")
    assert eva.post(f"/people/{ana.pk}/role/", {"role": "owner"}).status_code == 422
    assert eva.post("/people/invite/", {"role": "owner"}).status_code == 422
    assert Person.objects.get(user=ana).role == "member"


def test_a_deactivated_account_is_out_at_once_its_live_parts_too(eva: Client) -> None:
    ana, run = person("ana", password=PASSWORD), store(running())
    client, live = signed_in(ana), f"{run.get_absolute_url()}live/"
    assert client.get(live).status_code == 200
    eva.post(f"/people/{ana.pk}/active/", {"active": "off"})
    part = client.get(live, headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Trigger"]) == (401, "signed-out")
    assert client.get(f"/runs/{run.uuid}.json").status_code == 401
    form = {"username": "ana", "password": PASSWORD}
    refused = Client().post("/sign-in/", form).content.decode()
    assert "Wrong name or password." in refused
    eva.post(f"/people/{ana.pk}/active/", {"active": "on"})
    assert Client().post("/sign-in/", form).status_code == 302
    assert {"account.deactivated", "account.reactivated"} <= set(acts())


def test_an_admin_ends_the_sessions_of_others(eva: Client) -> None:
    ana = person("ana")
    phone, desk = signed_in(ana), signed_in(ana)
    eva.post(f"/people/{ana.pk}/sessions/end/")
    assert phone.get("/").status_code == desk.get("/").status_code == 302
    assert eva.get("/").status_code == 200


def test_an_admin_makes_a_sign_in_link_for_whoever_forgot(eva: Client) -> None:
    ana = person("ana", "viewer", password=PASSWORD)
    page = eva.post(f"/people/{ana.pk}/link/").content.decode()
    path = re.search(r"http://testserver(/sign-in/[\w-]{32}/)", page)
    assert path and "Send this link to ana" in page
    client = Client()
    assert client.post(path[1]).status_code == 302
    assert client.post("/following/", {"q": "x"}).status_code == 403, "still a viewer"
    entry = AuditEntry.objects.get(action="account.reset")
    assert (entry.name, entry.subject) == ("eva", "ana")


@pytest.fixture
def invited(eva: Client) -> Callable[[str], str]:
    def make(role: str = "viewer") -> str:
        page = eva.post("/people/invite/", {"role": role}).content.decode()
        path = re.search(r"http://testserver(/invite/[\w-]{32}/)", page)
        assert path
        return path[1]

    return make


def test_an_invitation_makes_one_account_of_its_role(invited: Callable[[str], str]) -> None:
    path, client = invited("viewer"), Client()
    for _ in range(2):
        assert "eva invited you" in client.get(path).content.decode()
    joined = client.post(path, {"username": "vera", "password": PASSWORD, "role": "admin"})
    assert joined["Location"] == "/"
    assert client.get("/").status_code == 200
    assert client.get("/people/").status_code == 403
    assert Person.objects.get(user__username="vera").role == "viewer"
    again = Client()
    assert again.get(path).status_code == 410
    assert again.post(path, {"username": "ben", "password": PASSWORD}).status_code == 410
    assert not User.objects.filter(username="ben").exists()
    assert acts()[-3:] == ["invitation.made", "invitation.used", "signed-in"]


@pytest.mark.parametrize(
    ("name", "password", "words"),
    [
        ("eva", PASSWORD, "taken"),
        ("EVA", PASSWORD, "taken"),
        ("local", PASSWORD, "used as a name"),
        ("a b", PASSWORD, "valid username"),
        ("", PASSWORD, "valid username"),
        ("a\0b", PASSWORD, "valid username"),
        ("vera", "short", "too short"),
        ("vera", "password", "too common"),
    ],
)
def test_what_cannot_be_an_account_leaves_the_invitation(
    invited: Callable[[str], str], name: str, password: str, words: str
) -> None:
    path = invited("member")
    response = Client().post(path, {"username": name, "password": password})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert f'value="{password}"' not in response.content.decode()
    assert User.objects.count() == 1
    assert Client().get(path).status_code == 200


def test_an_invitation_ends_after_seven_days_and_when_it_is_revoked(
    eva: Client, invited: Callable[[str], str]
) -> None:
    old = invited("member")
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(old).status_code == 410
    path = invited("member")
    row = Invitation.objects.latest("pk")
    days = (row.expires_at - timezone.now()).total_seconds() / 86_400
    assert 6.99 < days <= 7
    eva.post(f"/people/invitations/{row.pk}/revoke/")
    assert Client().get(path).status_code == 410
    assert "invitation.revoked" in acts()


def test_only_digests_are_stored(invited: Callable[[str], str]) -> None:
    token = invited("member").split("/")[2]
    row = Invitation.objects.get()
    assert token not in repr(vars(row)) and len(row.digest) == 64
    client = signed_in(person("ana"))
    cookie = client.cookies["sessionid"].value
    assert not Session.objects.filter(digest=cookie).exists()
    assert all(cookie not in row.data for row in Session.objects.all())


def test_removing_a_run_is_noted(eva: Client) -> None:
    run = store(answer())
    eva.post(f"/runs/{run.uuid}/delete/")
    assert AuditEntry.objects.get(action="run.deleted").subject == str(run.uuid)


@pytest.mark.parametrize(
    ("path", "form"), [("active", {"active": "off"}), ("role", {"role": "member"})]
)
def test_whoever_is_no_admin_any_more_lets_nobody_in(
    eva: Client, path: str, form: dict[str, str]
) -> None:
    ida, ana = person("ida", "admin"), person("ana")
    client = signed_in(ida)
    made = client.post("/people/invite/", {"role": "admin"}).content.decode()
    asked = client.post(f"/people/{ana.pk}/link/").content.decode()
    invitation = re.search(r"(/invite/[\w-]{32}/)", made)
    link = re.search(r"(/sign-in/[\w-]{32}/)", asked)
    page = eva.post("/people/invite/", {"role": "viewer"}).content.decode()
    kept = re.search(r"(/invite/[\w-]{32}/)", page)
    assert invitation and link and kept
    eva.post(f"/people/{ida.pk}/{path}/", form)
    joined = Client().post(invitation[1], {"username": "mallory", "password": PASSWORD})
    assert (joined.status_code, Client().post(link[1]).status_code) == (410, 410)
    assert not User.objects.filter(username="mallory").exists()
    assert Client().get(kept[1]).status_code == 200, "another admin's stays"
    if path == "active":
        eva.post(f"/people/{ida.pk}/active/", {"active": "on"})
        assert Client().get(invitation[1]).status_code == 410, "it does not come back"


def test_an_invitation_needs_an_admin_behind_it(eva: Client) -> None:
    now, ida = timezone.now(), person("ida", "admin")
    of_ida, of_nobody = invitations.make("admin", ida, now), invitations.make("viewer", None, now)
    of_local = invitations.make("admin", User.objects.create_user("local"), now)
    User.objects.filter(pk=ida.pk).update(is_superuser=False)
    assert invitations.find(of_ida, now) is None
    assert invitations.accept(of_ida, "mallory", PASSWORD, now) is None
    User.objects.filter(pk=ida.pk).update(is_superuser=True, is_active=False)
    assert invitations.find(of_ida, now) is None
    assert invitations.find(of_nobody, now) and invitations.find(of_local, now)


def test_an_admin_demoted_by_make_user_lets_nobody_in_either(eva: Client) -> None:
    now, ida = timezone.now(), person("ida", "admin")
    token = invitations.make("admin", ida, now)
    sign_in_links.issue("ida")
    assert invitations.find(token, now), "a lost password changes no role"
    sign_in_links.issue("ida", admin=False)
    assert not Invitation.objects.exists()
