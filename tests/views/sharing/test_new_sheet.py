"""Making one link to several runs."""

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from dashboard.models import AuditEntry, Person, Run, Share
from dashboard.services import clock
from dashboard.services.runs.pasted import pack
from dashboard.services.sharing import share_links, sheets
from tests.builders import answer, element, person, store
from tests.markup import one_line

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r"/s/([A-Za-z0-9_-]{22,})/")


@pytest.fixture
def runs() -> list[Run]:
    return [store(answer(outputs=[element()])) for _ in range(3)]


def packed(runs: list[Run], *more: UUID) -> str:
    return pack([*(run.uuid for run in runs), *more])


def test_a_member_makes_one_link_to_all_of_them(ana: Client, runs: list[Run]) -> None:
    ids = packed(runs)
    form = one_line(ana.get("/shares/new/", {"ids": ids}).content.decode())
    assert "One link to 3 runs, 3 outputs." in form
    assert re.findall(r'name="tick" value="(\w+)" checked', form) == ["outputs", "times"]
    assert 'name="life" value="7" checked' in form
    assert not Share.objects.exists(), "looking makes nothing"

    given = {"ids": ids, "tick": ["outputs"], "title": "For Max", "life": "30"}
    answered = ana.post("/shares/new/", given)
    tokens = set(TOKEN.findall(answered.content.decode()))
    assert len(tokens) == 1
    link = share_links.find(tokens.pop())
    assert link
    assert (link.title, link.scopes, link.life) == ("For Max", {"outputs"}, "30")
    assert sheets.ids_of(link) == [run.uuid for run in runs]
    assert AuditEntry.objects.filter(action="share.made").count() == 1
    listed = one_line(ana.get("/shares/").content.decode())
    assert listed.count('class="row-line share-row') == 1
    assert "3 runs" in listed


def test_in_a_dialog_only_its_content_is_answered(ana: Client, runs: list[Run]) -> None:
    asked = {"ids": packed(runs)}
    part = ana.get("/shares/new/", asked, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="share-form"' in part
    assert 'method="dialog"' in part


def test_the_preview_follows_the_ticks(ana: Client, runs: list[Run]) -> None:
    asked: dict[str, Any] = {"ids": packed(runs), "title": "A <b>", "life": "never"}
    headers = {"HX-Request": "true", "HX-Target": "figure#share-preview"}
    bare = ana.get("/shares/new/", asked, headers=headers).content.decode()
    assert "A &lt;b&gt;" in bare
    assert "3 runs. Shared." in bare
    full = ana.get("/shares/new/", {**asked, "tick": "outputs"}, headers=headers).content.decode()
    assert "3 runs. 3 outputs. Shared." in full
    card = re.search(r'src="(/shares/new/card.png[^"]+)"', full)
    assert card
    image = ana.get(card[1].replace("&amp;", "&"))
    assert image.content.startswith(b"\x89PNG")
    assert not Share.objects.exists()


def test_runs_that_are_not_here_are_left_out_and_counted(ana: Client, runs: list[Run]) -> None:
    asked = {"ids": packed(runs[:1], uuid4(), uuid4())}
    form = one_line(ana.get("/shares/new/", asked).content.decode())
    assert "One link to 1 run, 1 output." in form
    assert "2 of the selected runs aren't in Runboard and are left out." in form


@pytest.mark.parametrize("ids", ["", "x", "....", "\0", "AAAA", "é" * 22, pack([UUID(int=5)])])
def test_where_there_is_no_run_there_is_no_form_and_no_link(ana: Client, ids: str) -> None:
    for asked in (ana.get, ana.post):
        assert asked("/shares/new/", {"ids": ids, "title": "A"}).status_code == 404
    assert ana.get("/shares/new/card.png", {"ids": ids}).status_code == 404
    assert not Share.objects.exists()


def test_hostile_values_make_a_link_that_gives_nothing_more(ana: Client, runs: list[Run]) -> None:
    bad = {"ids": packed(runs), "tick": ["everything", "\0"], "title": "\0" * 9, "life": "9999"}
    assert ana.post("/shares/new/", bad).status_code == 200
    link = Share.objects.get()
    assert (link.scopes, link.title, link.life) == (set(), "Shared runs", "7")


def test_a_viewer_may_not(runs: list[Run]) -> None:
    client = Client()
    client.force_login(person("vera", "viewer"))
    for asked in (client.get, client.post):
        assert asked("/shares/new/", {"ids": packed(runs)}).status_code == 403
    assert client.get("/shares/new/card.png", {"ids": packed(runs)}).status_code == 403
    assert not Share.objects.exists()


def made_by(name: str, runs: list[Run]) -> Share:
    given = {"scopes": {"names", "labels"}, "title": "For Kim", "life": "30"}
    return share_links.make_sheet(runs, person(name), now=clock.now(), **given)[0]  # type: ignore[arg-type]


def test_a_new_link_gives_what_the_lost_one_gave(ana: Client, runs: list[Run]) -> None:
    ana.post("/shares/new/", {"ids": packed(runs), "tick": "names", "title": "Mine", "life": "1"})
    old = Share.objects.get()
    listed = one_line(ana.get("/shares/").content.decode())
    again = re.search(r'href="(/shares/new/\?like=\d+)"', listed)
    assert again
    form = one_line(ana.get(again[1]).content.decode())
    assert re.findall(r'name="tick" value="(\w+)" checked', form) == ["names"]
    assert 'value="Mine"' in form
    assert 'name="life" value="1" checked' in form
    assert packed(runs) in form
    assert Share.objects.get() == old


@pytest.mark.parametrize("like", ["0", "x", "-1", "9" * 40, "other", "single"])
def test_only_a_sheet_that_one_sees_is_shared_again(
    ana: Client, runs: list[Run], like: str
) -> None:
    other = made_by("ben", runs)
    single, _ = share_links.make(
        runs[0],
        Person.objects.get(user__username="ana").user,
        scopes=set(),
        title="",
        life="1",
        now=clock.now(),
    )
    pk = {"other": other.pk, "single": single.pk}.get(like, like)
    assert ana.get("/shares/new/", {"like": pk}).status_code == 404


def test_an_admin_sees_and_revokes_every_sheet(ana: Client, runs: list[Run]) -> None:
    of_ben = made_by("ben", runs)
    assert ana.post(f"/shares/{of_ben.pk}/revoke/").status_code == 404
    eva = Client()
    eva.force_login(person("eva", "admin"))
    assert "by ben" in eva.get("/shares/").content.decode()
    row = eva.post(f"/shares/{of_ben.pk}/revoke/", headers={"HX-Request": "true"})
    assert "revoked by eva" in one_line(row.content.decode())
    assert eva.get("/shares/new/", {"like": of_ben.pk}).status_code == 200


def test_the_list_asks_no_more_for_more_sheets(
    ana: Client, runs: list[Run], django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        ana.post("/shares/new/", {"ids": packed(runs)})
    with django_assert_max_num_queries(7):
        assert ana.get("/shares/").content.decode().count("3 runs") == 12


def test_a_sheet_without_runs_left_is_offered_no_new_link(ana: Client, runs: list[Run]) -> None:
    ana.post("/shares/new/", {"ids": packed(runs)})
    Run.objects.all().delete()
    listed = one_line(ana.get("/shares/").content.decode())
    assert "0 runs" in listed
    assert "Create new link" not in listed


def test_more_runs_than_a_link_takes_are_told(ana: Client, runs: list[Run]) -> None:
    ids = packed(runs, *(uuid4() for _ in range(200)))
    form = one_line(ana.get("/shares/new/", {"ids": ids}).content.decode())
    assert "A link takes up to 200 runs. 3 more of the selected runs are left out." in form
    assert "A link takes" not in ana.get("/shares/new/", {"ids": packed(runs)}).content.decode()
