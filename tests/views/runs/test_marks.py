"""Picks and ratings of outputs: who may, what pages, JSON, archive and share links tell."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from dashboard.domain.run.marks import PICKED, REJECTED
from dashboard.domain.sharing import ALL_SCOPES, DEFAULT_SCOPES, OUTPUTS, PICKS
from dashboard.models import OutputMark, Run
from dashboard.services.runs import picks
from dashboard.services.runs.visibility import observe
from dashboard.services.sharing import share_links
from tests.builders import answer, element, person, store
from tests.markup import one_line
from tests.stored_files import picture, run_kept
from tests.views.runs.test_archive import unpacked

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture
def run() -> Run:
    return store(answer(outputs=[element("a.png"), element("b.png")]))


@pytest.fixture
def mira() -> User:
    return person("mira")


@pytest.fixture
def member(mira: User) -> Client:
    return client_of(mira)


@pytest.fixture
def vera() -> Client:
    return client_of(person("vera", "viewer"))


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(run: Run, at: int = 0) -> str:
    return f"{run.get_absolute_url()}outputs/{run.outputs.all()[at].pk}/mark/"


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return one_line(response.content.decode()).partition("<main")[2]


def test_the_part_answers_with_the_control(run: Run, member: Client) -> None:
    response = member.post(address(run), {"choice": PICKED, "rating": "4"}, headers=PART)
    part = one_line(response.content.decode())
    assert response.status_code == 200
    assert 'value="" data-word="picked" aria-pressed="true"' in part
    assert "Marked by <bdi>mira" in part
    assert 'value="0" data-word="4" aria-pressed="true"' in part and "Picked, rated 4 of 5" in part
    part = member.post(address(run), {"choice": ""}, headers=PART).content.decode()
    assert 'value="picked" data-word="picked" aria-pressed="false"' in one_line(part)
    assert list(OutputMark.objects.values_list("choice", "rating")) == [("", 4)]


def test_without_script_the_page_comes_back_to_the_output(run: Run, member: Client) -> None:
    response = member.post(address(run), {"choice": REJECTED})
    identity = run.outputs.all()[0].identity
    assert response.status_code == 303
    assert response["Location"] == f"{run.get_absolute_url()}#o-{identity}"


@pytest.mark.parametrize(
    "sent", [{}, {"choice": "liked"}, {"rating": "6"}, {"rating": "x"}, {"rating": "-1"}]
)
def test_nonsense_is_refused(run: Run, member: Client, sent: dict[str, str]) -> None:
    assert member.post(address(run), sent).status_code == 400
    assert not OutputMark.objects.exists()


def test_an_output_that_is_gone_or_anothers_is_not_found(run: Run, member: Client) -> None:
    other = store(answer(outputs=[element("c.png")]))
    of_other = other.outputs.all()[0].pk
    path = f"{run.get_absolute_url()}outputs/{of_other}/mark/"
    assert member.post(path, {"choice": PICKED}).status_code == 404
    gone = address(run)
    run.outputs.all().delete()
    assert member.post(gone, {"choice": PICKED}).status_code == 404


def test_viewers_see_marks_without_controls_or_names(
    run: Run, mira: User, member: Client, vera: Client
) -> None:
    text(vera, run.get_absolute_url())  # kept rendered from now on
    assert vera.post(address(run), {"choice": PICKED}).status_code == 403
    picks.mark(run, run.outputs.all()[0].pk, mira, timezone.now(), choice=PICKED, rating=3)
    for path in (run.get_absolute_url(), f"{run.get_absolute_url()}outputs/"):
        shown = one_line(vera.get(path).content.decode())
        assert "Picked, rated 3 of 5" in shown
        assert "mira" not in shown and "/mark/" not in shown
        assert "Picked, rated 3 of 5, by mira" in one_line(member.get(path).content.decode())


def test_the_json_tells_the_mark_and_members_whose_it_is(
    run: Run, mira: User, member: Client, vera: Client, now: datetime
) -> None:
    picks.mark(run, run.outputs.all()[0].pk, mira, now, choice=REJECTED)
    first, second = member.get(f"/runs/{run.uuid}.json").json()["outputs"]
    at = now.isoformat(timespec="microseconds").replace("+00:00", "Z")
    assert first["mark"] == {"choice": "rejected", "rating": None, "by": "mira", "at": at}
    assert second["mark"] is None
    assert vera.get(f"/runs/{run.uuid}.json").json()["outputs"][0]["mark"]["by"] is None


def test_a_polled_page_is_told_to_read_its_outputs_again(run: Run, mira: User) -> None:
    before = observe(run, timezone.now()).tag
    picks.mark(run, run.outputs.all()[0].pk, mira, timezone.now(), rating=1)
    assert observe(run, timezone.now()).tag.split(".")[1] not in before.split(".")


@pytest.mark.parametrize(
    ("scopes", "shown"),
    [(DEFAULT_SCOPES, False), (set(ALL_SCOPES) - {PICKS}, False), ({OUTPUTS, PICKS}, True)],
)
def test_a_share_link_shows_marks_only_where_ticked_and_never_whose(
    run: Run, mira: User, scopes: set[str], shown: bool
) -> None:
    now = timezone.now()
    picks.mark(run, run.outputs.all()[0].pk, mira, now, choice=PICKED, rating=3)
    _, token = share_links.make(run, None, scopes=scopes, title="", life="7", now=now)
    for path in (f"/s/{token}/", f"/s/{token}/outputs/"):
        page = one_line(Client().get(path).content.decode())
        assert ("Picked, rated 3 of 5" in page) == shown
        assert "mira" not in page and "/mark/" not in page


def test_picks_are_not_ticked_at_first(run: Run, member: Client) -> None:
    form = text(member, f"{run.get_absolute_url()}share/")
    assert 'value="picks"' in form and 'value="picks" checked' not in form


def in_archive(client: Client, path: str) -> tuple[object, ...]:
    """Choice and rating as the zip's manifest tells of its one file, and whether it does."""
    manifest = json.loads(unpacked(client.get(path))["manifest.json"])
    [run] = manifest.get("runs", [manifest])
    [line] = run["files"]
    return line.get("choice"), line.get("rating"), "choice" in line


def test_archives_tell_marks_to_members_and_where_ticked(
    member: Client, mira: User, settings: Any, tmp_path: Path
) -> None:
    run = run_kept(settings, tmp_path, ("one.png", picture()))
    now = timezone.now()
    picks.mark(run, run.outputs.all()[0].pk, mira, now, choice=PICKED, rating=2)
    for path in (f"/runs/{run.uuid}/outputs.zip", "/selection/outputs.zip"):
        assert in_archive(member, path) == (PICKED, 2, True)
    for scopes, told in (({OUTPUTS}, (None, None, False)), ({OUTPUTS, PICKS}, (PICKED, 2, True))):
        _, one = share_links.make(run, None, scopes=scopes, title="", life="7", now=now)
        _, sheet = share_links.make_sheet([run], None, scopes=scopes, title="", life="7", now=now)
        for token in (one, sheet):
            assert in_archive(Client(), f"/s/{token}/outputs.zip") == told
