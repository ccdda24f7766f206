"""What each role may, and how a refusal is told."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.test import Client, RequestFactory
from django_htmx.middleware import HtmxDetails

from dashboard import access
from tests.builders import answer, person, store

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "may"),
    [("viewer", "look"), ("member", "look label share"), ("admin", "look label share administer")],
)
def test_each_role_may_all_that_the_ones_before_it_may(role: str, may: str) -> None:
    user = person("ana", role)
    allowed = [
        word
        for word in ("look", "label", "share", "administer")
        if getattr(access, f"may_{word}")(user)
    ]
    assert allowed == may.split()


def test_nobody_may_nothing_and_an_account_without_a_role_may_look() -> None:
    assert not access.may_look(AnonymousUser())
    plain = User.objects.create_user("ben")
    assert access.may_look(plain) and not access.may_label(plain)
    assert access.may_administer(User.objects.create_superuser("root"))


def test_open_access_may_all(settings) -> None:
    settings.ACCESS = "open"
    assert access.may_administer(access.local_user())


def test_the_role_costs_no_query_of_its_own(django_assert_num_queries) -> None:
    client, run = Client(), store(answer())
    client.force_login(person("ana", "viewer"))
    client.get(run.get_absolute_url())
    with django_assert_num_queries(4):  # the session, account and role, run, how many are live
        client.get(run.get_absolute_url())


@access.needs("member")
def guarded(request):
    return "went through"


def test_a_refusal_is_told_as_a_page_a_part_or_json() -> None:
    viewer, member = person("vera", "viewer"), person("ana")

    def ask(path: str, user: User, **headers: str):
        request = RequestFactory().get(path, headers=headers)
        request.user = user
        request.htmx = HtmxDetails(request)
        return guarded(request)

    assert ask("/x/", member) == "went through"
    with pytest.raises(access.PermissionDenied):
        ask("/x/", viewer)
    assert ask("/x/", viewer, HX_Request="true").status_code == 403
    assert b'"not-allowed"' in ask("/x.json", viewer).content


def test_a_viewer_is_told_why_following_is_refused() -> None:
    client = Client()
    client.force_login(person("vera", "viewer"))
    response = client.post("/following/", {"q": "x"})
    assert response.status_code == 403
    assert "can only view and open runs" in response.content.decode()
    assert 'id="target"' not in client.get("/following/").content.decode()
