"""Making share links from a run's page, listing and revoking them."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db.models import F
from django.test import Client

from dashboard.models import AuditEntry, Person, Share
from dashboard.presentation.sharing.share_text import scopes_text
from dashboard.services import clock
from dashboard.services.sharing import share_links
from tests.builders import answer, element, person, store
from tests.markup import one_line

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r"/s/([A-Za-z0-9_-]{22,})/")


def signed_in(name: str, role: str) -> Client:
    client = Client()
    client.force_login(person(name, role))
    return client


def test_a_member_makes_a_link_and_sees_it_once(ana: Client) -> None:
    run = store(answer(outputs=[element()]))
    path = f"/runs/{run.uuid}/share/"
    assert f'href="{path}"' in ana.get(run.get_absolute_url()).content.decode()
    form = one_line(ana.get(path).content.decode())
    assert re.findall(r'name="tick" value="(\w+)" checked', form) == ["outputs", "times"]
    assert 'name="life" value="7" checked' in form
    assert not Share.objects.exists(), "looking makes nothing"

    asked = {"tick": ["outputs"], "title": "For Max", "life": "30"}
    answered = ana.post(path, asked)
    assert answered.status_code == 200
    tokens = set(TOKEN.findall(answered.content.decode()))
    assert len(tokens) == 1
    token = tokens.pop()
    link = share_links.find(token)
    assert link
    assert (link.title, link.scopes) == ("For Max", {"outputs"})
    assert link.ends_at
    assert (link.ends_at - link.made_at).days == 30
    assert Client().get(f"/s/{token}/").status_code == 200
    assert token not in ana.get(path).content.decode()
    assert AuditEntry.objects.get(action="share.made").subject == str(run.uuid)


def test_in_the_dialog_only_its_content_is_answered(ana: Client) -> None:
    run = store(answer())
    part = ana.get(f"/runs/{run.uuid}/share/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="share-form"' in part


def test_the_preview_follows_the_ticks(ana: Client) -> None:
    run = store(answer(outputs=[element()]))
    path = f"/runs/{run.uuid}/share/"
    preview = {"HX-Request": "true", "HX-Target": "figure#share-preview"}
    with_times = ana.get(path, {"tick": ["times"], "title": "A", "life": "1"}, headers=preview)
    assert "44.9" in with_times.content.decode()
    assert "csrf" not in with_times.content.decode()
    bare = ana.get(path, {"title": "A", "life": "never"}, headers=preview).content.decode()
    assert "44.9" not in bare
    assert "until it's revoked" in bare
    card = ana.get(f"{path}card.png", {"tick": "times", "title": "A"})
    assert card["Content-Type"] == "image/png"
    assert card.content.startswith(b"\x89PNG")
    assert not Share.objects.exists()


def test_hostile_values_make_a_link_that_gives_nothing_more(ana: Client) -> None:
    run = store(answer())
    bad = {"tick": ["outputs", "everything", "\0"], "title": "<script>\0" * 50, "life": "9999"}
    answered = ana.post(f"/runs/{run.uuid}/share/", bad)
    assert answered.status_code == 200
    link = Share.objects.get()
    assert link.scopes == {"outputs"}
    assert "<script>" not in answered.content.decode().partition("<main")[2].partition("</main")[0]
    assert link.ends_at
    assert (link.ends_at - link.made_at).days == 7


def test_a_viewer_neither_sees_the_button_nor_may_share() -> None:
    run = store(answer())
    client = signed_in("vera", "viewer")
    text = client.get(run.get_absolute_url()).content.decode()
    assert "may-share" not in text
    assert "share-dialog" not in text.partition("</main")[0].partition("</article")[2]
    path = f"/runs/{run.uuid}/share/"
    assert client.get(path).status_code == 403
    assert client.post(path, {}).status_code == 403
    assert "No links yet" in client.get("/shares/").content.decode()
    assert not Share.objects.exists()


def made_by(name: str) -> Share:
    author = person(name)
    run = store(answer())
    scopes = {"outputs"}
    return share_links.make(run, author, scopes=scopes, title="", life="7", now=clock.now())[0]


def test_a_member_sees_and_revokes_their_own_an_admin_all(ana: Client) -> None:
    of_ben = made_by("ben")
    assert "No links yet" in ana.get("/shares/").content.decode()
    assert ana.post(f"/shares/{of_ben.pk}/revoke/").status_code == 404
    assert of_ben.run.short_id not in ana.get("/shares/").content.decode()
    inside = ana.get(f"/runs/{of_ben.run.uuid}/share/").content.decode()
    assert "Other links" not in inside
    eva = signed_in("eva", "admin")
    listed = eva.get("/shares/").content.decode()
    assert "by ben" in listed
    assert eva.post(f"/shares/{of_ben.pk}/revoke/")["Location"] == "/shares/"
    assert "revoked by eva" in one_line(eva.get("/shares/").content.decode())
    of_ben.refresh_from_db()
    assert not of_ben.is_open(clock.now())


def test_who_may_share_no_more_is_offered_no_new_link() -> None:
    link = made_by("ben")
    Person.objects.filter(user__username="ben").update(role="viewer")
    client = Client()
    client.force_login(link.made_by)
    listed = client.get("/shares/").content.decode()
    assert scopes_text(link.scopes) in listed
    assert "Create new link" not in listed


def test_revoking_in_the_dialog_answers_the_row(ana: Client) -> None:
    run = store(answer())
    ana.post(f"/runs/{run.uuid}/share/", {"tick": "times", "life": "7"})
    link = Share.objects.get()
    answered = ana.post(f"/shares/{link.pk}/revoke/", headers={"HX-Request": "true"})
    text = one_line(answered.content.decode())
    assert "revoked by ana" in text
    assert ">Revoke<" not in text
    assert "Create new link" in text


def test_an_older_link_is_listed_with_what_is_known_of_it(ana: Client) -> None:
    run = store(answer())
    answered = ana.post(
        f"/runs/{run.uuid}/share/", {"tick": ["outputs", "inputs"], "title": "For Max"}
    )
    token = TOKEN.findall(answered.content.decode())[0]
    Client().get(f"/s/{token}/")
    text = ana.get(f"/runs/{run.uuid}/share/").content.decode()
    for words in (
        "Outputs, inputs",
        "“For Max”",
        "1 view, last",
        "expires",
        "Revoke",
        "Create new link",
    ):
        assert words in text
    assert token not in text


FORM = re.compile(r'<form [^>]*action="(/runs/[^"]+/share/)"[^>]*>(.*?)</form>', re.DOTALL)
FIELD = re.compile(r'<input type="hidden" name="(tick|title|life)" value="([^"]*)">')


@pytest.mark.parametrize("life", ["1", "7", "30", "never"])
def test_a_new_link_gives_what_the_lost_one_gave(ana: Client, life: str) -> None:
    run = store(answer())
    given = {"tick": ["outputs", "names", "labels"], "title": "For Max & Kim", "life": life}
    ana.post(f"/runs/{run.uuid}/share/", given)
    old = Share.objects.get()
    Share.objects.update(made_at=F("made_at") - timedelta(hours=5))  # its end moves along
    Share.objects.exclude(ends_at=None).update(ends_at=F("ends_at") - timedelta(hours=5))
    for path in ("/shares/", f"/runs/{run.uuid}/share/"):
        page = one_line(ana.get(path).content.decode())
        action, fields = next(one for one in FORM.findall(page) if "Create new link" in one[1])
        asked: dict[str, list[str]] = {}
        for name, value in FIELD.findall(fields):
            asked.setdefault(name, []).append(unescape(value))
        answered = ana.post(action, asked)
        assert TOKEN.search(answered.content.decode())
        new = Share.objects.latest("pk")
        assert (new.scopes, new.title, new.life) == (old.scopes, old.title, old.life)
        assert (new.ends_at is None) == (life == "never")
        if new.ends_at:
            assert new.ends_at - new.made_at == timedelta(days=int(life))
        new.delete()


def test_the_list_asks_no_more_for_more_links(ana: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    run = store(answer())
    for _ in range(30):
        ana.post(f"/runs/{run.uuid}/share/", {"tick": "times"})
    with django_assert_max_num_queries(7):
        ana.get("/shares/")


def test_a_run_that_was_never_seen_cannot_be_shared(ana: Client) -> None:
    path = "/runs/497f6eca-6276-4993-bfeb-53cbbbba6f08/share/"
    assert ana.get(path).status_code == 404
    assert ana.post(path).status_code == 404
