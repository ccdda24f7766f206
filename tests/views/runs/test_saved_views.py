"""Saving, opening, changing and deleting views of the list."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from dashboard.domain.roles import VIEWER
from dashboard.models import DefaultView, Person, SavedView
from dashboard.services.runs import saved_views
from tests.builders import answer, person, store
from tests.markup import one_line

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return one_line(response.content.decode())


@pytest.fixture
def viewer() -> Client:
    client = Client()
    client.force_login(person("vera", VIEWER))
    return client


def saved(client: Client, address: str, **form: str) -> SavedView:
    response = client.post(f"/views/{address}", form)
    assert response.status_code == 303
    return SavedView.objects.latest("pk")


def test_a_view_keeps_the_filter_in_its_one_form_with_relative_times(ana: Client) -> None:
    view = saved(ana, "?created=7D&q=cat&gpu=H100&zone=Asia/Tokyo&after=1_2", name="Week")
    assert view.query == "q=cat&gpu=H100&created=7d&zone=Asia%2FTokyo"
    assert (view.shared, view.by and view.by.username) == (False, "ana")


def test_what_could_not_be_read_and_secrets_are_not_kept(ana: Client) -> None:
    secret = "password=hunter2hunter2"
    view = saved(ana, f"?gpu=H100&total=long&q={secret}&nonsense={secret}", name="a")
    assert view.query == "gpu=H100"


def test_an_open_view_is_the_current_one_and_a_changed_one_can_be_updated(ana: Client) -> None:
    store(answer())
    view = saved(ana, "?gpu=H100", name="Big ones")
    page = ana.get(f"/?gpu=H100&saved={view.pk}")
    assert page.context["open_view"].row == view and not page.context["open_view"].changed
    assert text(page).count('aria-current="page"') >= 1 and "Update “" not in text(page)
    assert ana.get("/?gpu=H100").context["open_view"].row == view

    changed = f"gpu=H100,L40S&saved={view.pk}"
    assert "Update “<bdi>Big ones</bdi>”" in text(ana.get(f"/?{changed}"))
    assert ana.post(f"/views/{view.pk}/update/?{changed}").status_code == 303
    view.refresh_from_db()
    assert view.query == "gpu=H100&gpu=L40S"


def test_links_of_filters_stay_with_the_view_until_none_is_left(ana: Client) -> None:
    view = saved(ana, "?gpu=H100&status=failed", name="a")
    choice = ana.get(f"/?gpu=H100&status=failed&saved={view.pk}").context["choice"]
    status, gpu = choice.query.of("status")[0], choice.query.of("gpu")[0]
    assert choice.without(status) == f"/?gpu=H100&saved={view.pk}"
    assert choice.without(gpu) == f"/?status=failed&saved={view.pk}"
    assert choice.all_url == "/" and "saved" not in choice.csv_url


@pytest.mark.parametrize("saved", ["", "x", "-1", "²", "9" * 30, "123456"])
def test_a_view_that_is_not_there_is_nothing_to_the_list(ana: Client, saved: str) -> None:
    page = ana.get("/", {"gpu": "H100", "saved": saved})
    assert page.context["open_view"] is None and page.context["ignored"] == []


def test_the_default_opens_at_the_bare_address_and_all_runs_stay_reachable(ana: Client) -> None:
    view = saved(ana, "?gpu=H100", name="a")
    assert ana.post(f"/views/{view.pk}/default/", {"on": "1"}).status_code == 303
    assert ana.get("/")["Location"] == f"/?gpu=H100&saved={view.pk}"
    page = ana.get(f"/?gpu=H100&saved={view.pk}")
    choice = page.context["choice"]
    assert page.context["tabs"][0].url == f"/?gpu=H100&saved={view.pk}"
    assert choice.without(choice.query.terms[0]) == choice.all_url == "/?all=1"
    assert ana.get("/?all=1").status_code == 200
    assert ana.get("/", headers={"HX-Request": "true"}).status_code == 200
    ana.post(f"/views/{view.pk}/default/", {"on": "0"})
    assert ana.get("/").status_code == 200 and not DefaultView.objects.exists()


def form_address(page: str) -> str:
    """Where a facet's form leads with what is ticked in it, with a script and without."""
    form = re.search(r'<form\s+class="facet-form".*?</form>', page, re.DOTALL)
    assert form
    inputs = re.findall(r"<input[^>]*>", form[0])
    sent = [one for one in inputs if 'type="hidden"' in one or " checked" in one]
    pairs = [tuple(re.findall(r'(?:name|value)="([^"]*)"', unescape(one))) for one in sent]
    return f"/?{urlencode(pairs)}" if pairs else "/"


def test_unticking_the_last_value_of_a_facet_leads_to_all_runs(ana: Client) -> None:
    run = store(answer(status="failed"))
    facet = "/runs/facets/gpu/?status=failed"
    assert form_address(ana.get(facet).content.decode()) == "/?status=failed"
    view = saved(ana, "?status=failed", name="a")
    ana.post(f"/views/{view.pk}/default/", {"on": "1"})
    for headers in ({}, {"HX-Request": "true"}):
        page = ana.get("/runs/facets/status/?status=failed", headers=headers).content.decode()
        address = form_address(page.replace(" checked", ""))
        assert address == "/?all=1"
        listed = ana.get(address)
        assert listed.status_code == 200 and str(run.uuid) in listed.content.decode()
        assert "status=failed" in form_address(page)
        assert ana.get(form_address(page)).context["open_view"].row == view
    assert form_address(ana.get(facet).content.decode()) == "/?status=failed"


def test_a_view_of_a_workflow_that_is_gone_says_what_is_left_out(ana: Client) -> None:
    owner = person("ben")
    view = saved_views.save("Gone", "workflow=%22gone%22&gpu=H100", owner, shared=True)
    page = ana.get("/?workflow=%22gone%22&gpu=H100&saved=" + str(view.pk))
    assert page.context["ignored"] and page.context["open_view"].row == view
    assert not page.context["open_view"].changed


@pytest.mark.parametrize(
    ("name", "why"),
    [("", "Give the view a name"), ("x" * 61, "up to 60"), ("H100s", "There is a view “H100s”")],
)
def test_a_refused_name_loses_nothing(ana: Client, name: str, why: str) -> None:
    saved_views.save("h100S", "gpu=H100", person("ben"), shared=True)
    response = ana.post("/views/?gpu=H100&q=cat", {"name": name, "for": "everybody"})
    shown = text(response)
    assert response.status_code == 422 and why in shown
    assert f'value="{name}"' in shown and 'action="/views/?q=cat&amp;gpu=H100"' in shown
    assert 'value="everybody" checked' in shown and SavedView.objects.count() == 1


@pytest.mark.parametrize("act", ["rename", "update", "default"])
def test_a_view_that_is_deleted_at_that_moment_is_not_found(
    ana: Client, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = saved(ana, "?gpu=H100", name="a")
    seen = saved_views.visible_to(view.owner, members=True)
    saved_views.remove(view)
    monkeypatch.setattr(saved_views, "visible_to", lambda *_, **__: seen)
    form = {"name": "b", "on": "1"}
    assert ana.post(f"/views/{seen.rows[0].pk}/{act}/?gpu=L40S", form).status_code == 404


def test_a_refused_name_that_looks_like_a_secret_is_not_shown_again(ana: Client) -> None:
    view = saved(ana, "?gpu=H100", name="a")
    for address in ("?gpu=L40S", f"{view.pk}/rename/"):
        response = ana.post(f"/views/{address}", {"name": "password=hunter2hunter2"})
        assert response.status_code == 422 and "secret" in text(response)
        assert "hunter2" not in text(response)


def test_viewers_save_their_own_and_use_everybodys(ana: Client, viewer: Client) -> None:
    view = saved(ana, "?gpu=H100", name="For all", **{"for": "everybody"})
    page = text(viewer.get("/?gpu=H100"))
    assert "For all" in page and "For everybody" not in page and "Rename" not in page
    for act in ("rename", "update", "delete"):
        assert viewer.post(f"/views/{view.pk}/{act}/?gpu=L40S", {"name": "x"}).status_code == 404
    assert viewer.post(f"/views/{view.pk}/default/", {"on": "1"}).status_code == 303
    assert viewer.get("/").status_code == 302
    assert not saved(viewer, "?gpu=L40S", name="Hers").shared
    assert "Hers" not in text(ana.get("/"))


def test_everybodys_views_are_changed_by_any_member(ana: Client) -> None:
    view = saved_views.save("Ben's", "gpu=H100", person("ben"), shared=True)
    assert ana.post(f"/views/{view.pk}/rename/", {"name": "Ours"}).status_code == 303
    view.refresh_from_db()
    assert view.name == "Ours"
    assert ana.post(f"/views/{view.pk}/delete/").status_code == 302
    assert not SavedView.objects.exists()


def test_in_open_access_all_are_the_local_users(settings: Any) -> None:
    settings.ACCESS = "open"
    settings.MIDDLEWARE = [
        "dashboard.access.OpenAccessMiddleware" if each.endswith("SignInMiddleware") else each
        for each in settings.MIDDLEWARE
    ]
    client = Client()
    view = saved(client, "?gpu=H100", name="Mine")
    assert view.owner and view.owner.username == "local"
    assert "For everybody" not in text(client.get("/?gpu=L40S"))


def test_a_link_with_fixed_dates_is_offered_for_relative_ones_alone(ana: Client) -> None:
    store(answer())
    assert ana.get("/?created=2026-11-20").context["fixed_link"] == ""
    link = ana.get("/?created=7d&gpu=H100").context["fixed_link"]
    assert "gpu=H100&created=%3E%3D2" in link and link.startswith("http")


@pytest.mark.parametrize("query", ["cost=%3E1", "sort=-cost", "by=user_1"])
def test_who_is_a_viewer_by_now_sees_and_deletes_the_view_that_holds_the_name(query: str) -> None:
    vera = person("vera")
    client = Client()
    client.force_login(vera)
    view = saved_views.save("Mine", query, vera, shared=False)
    saved_views.set_default(view, vera, on=True)
    Person.objects.filter(user=vera).update(role=VIEWER)
    page = client.get("/", follow=True)
    assert page.context["open_view"].row == view and page.context["open_view"].may_change
    assert "for members alone" in text(page)
    assert client.post("/views/?gpu=H100", {"name": "Mine"}).status_code == 422
    assert client.post(f"/views/{view.pk}/delete/").status_code == 302
    assert saved(client, "?gpu=H100", name="Mine").query == "gpu=H100"
