"""Titles, stars, tags and notes on runs: who may, where they show, how they are found."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.domain.retention import RetentionLimits
from dashboard.models import Label, Run
from dashboard.services.ops import backup, restore, retention
from dashboard.services.runs import labels
from tests.builders import NOON, answer, person, running, store
from tests.markup import one_line
from tests.views.runs.test_run_list import ids_on

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture
def vera(db: None) -> Client:
    return signed_in("vera", "viewer")


def signed_in(name: str, role: str) -> Client:
    client = Client()
    client.force_login(person(name, role))
    return client


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return one_line(response.content.decode())


def put(client: Client, run: Run, what: str, **fields: str):
    return client.post(f"{run.get_absolute_url()}{what}/", fields)


def test_a_title_takes_the_place_of_the_name_everywhere(ana: Client) -> None:
    run = store(answer())
    page(ana, run.get_absolute_url())  # kept rendered from now on
    page(ana, "/")
    response = put(ana, run, "title", text="Coastal series, <b>hero</b> 🦊")
    assert (response.status_code, response["Location"]) == (303, run.get_absolute_url())
    shown = page(ana, run.get_absolute_url())
    assert "<h1>Coastal series, &lt;b&gt;hero&lt;/b&gt; 🦊</h1>" in shown
    assert "<title>✓ Coastal series" in shown
    assert "Coastal series" in page(ana, "/")
    put(ana, run, "title", text="  ")
    assert f"<h1>Run {run.short_id}</h1>" in page(ana, run.get_absolute_url())
    assert not Label.objects.exists()


def test_a_star_is_put_on_and_taken_off_and_shown_to_all(ana: Client, vera: Client) -> None:
    run, other = store(answer()), store(answer())
    assert put(ana, run, "star", on="1").status_code == 303
    star = Label.objects.get()
    assert (star.kind, star.author) == ("star", "ana")
    put(ana, run, "star", on="1")
    assert Label.objects.get() == star, "twice is once"
    assert ids_on(page(vera, "/?starred=1")) == [str(run.uuid)]
    assert "#starred" in page(vera, run.get_absolute_url())
    assert "#starred" not in page(vera, other.get_absolute_url())
    put(ana, run, "star", on="0")
    assert "No runs are starred yet" in page(ana, "/?starred=1")
    assert not Label.objects.exists()


def test_a_starred_live_run_is_in_the_starred_list(ana: Client) -> None:
    live, over = store(running()), store(answer(created=NOON - timedelta(days=1)))
    for run in (live, over):
        put(ana, run, "star", on="1")
    assert ids_on(page(ana, "/?starred=1")) == [str(live.uuid), str(over.uuid)]


def test_a_star_in_a_card_gives_the_cards_back(ana: Client) -> None:
    run = store(running())
    shown = page(ana, "/")
    assert f'id="star-form-{run.short_id}"' in shown
    path = f"{run.get_absolute_url()}star/"
    part = ana.post(path, {"on": "1", "from": "list"}, headers=PART).content.decode()
    assert one_line(part).startswith('<section id="now"')
    assert 'value="0" aria-pressed="true"' in one_line(part)
    assert ana.post(path, {"on": "0", "from": "list"})["Location"] == "/"


def test_a_star_on_the_page_gives_the_live_part_back(ana: Client) -> None:
    run = store(answer())
    path = f"{run.get_absolute_url()}star/"
    part = ana.post(path, {"on": "1"}, headers=PART).content.decode()
    assert part.startswith("<div")
    assert one_line(part).startswith('<div id="live"')
    assert 'form="star-form" name="on" value="0" aria-pressed="true"' in one_line(part)


def test_tags_are_added_once_shown_filtered_and_removed(ana: Client, vera: Client) -> None:
    run, other = store(answer()), store(answer())
    page(ana, "/")
    for text in ("Hero", "hero ", "shot/4 & more"):
        assert put(ana, run, "tags", text=text)["Location"].endswith("#tags-part")
    assert [tag.text for tag in labels.of_run(run).tags] == ["Hero", "shot/4 & more"]
    shown = page(vera, run.get_absolute_url())
    assert 'href="/?tag=shot%2F4%20%26%20more"' in shown
    assert "Remove tag" not in shown
    found = page(vera, "/?tag=HERO")
    assert ids_on(found) == [str(run.uuid)]
    assert '<span class="tag"><bdi>Hero</bdi></span>' in found
    tag = labels.of_run(run).tags[0]
    put(ana, other, f"tags/{tag.pk}/remove")
    assert Label.objects.filter(pk=tag.pk).exists(), "a tag goes by its own run alone"
    put(ana, run, f"tags/{tag.pk}/remove")
    assert "Without Tag there are 2." in " ".join(page(vera, "/?tag=hero").split())


def test_filters_add_up_and_a_tag_can_be_taken_off(ana: Client) -> None:
    both, starred, tagged = (store(answer()) for _ in range(3))
    for run in (both, starred):
        put(ana, run, "star", on="1")
    for run in (both, tagged):
        put(ana, run, "tags", text="a b")
    shown = page(ana, "/?starred=1&tag=a+b")
    assert ids_on(shown) == [str(both.uuid)]
    assert re.search(r'class="facet-remove"\s+href="/\?starred=1"', shown)


def test_notes_have_author_and_time_and_are_taken_back_by_their_author_or_an_admin(
    ana: Client, vera: Client
) -> None:
    run, ben = store(answer()), signed_in("ben", "member")
    put(ana, run, "notes", text="first line\r\n\r\nsecond <script>")
    put(ben, run, "notes", text="mine")
    shown = page(vera, run.get_absolute_url())
    assert "<strong>ana</strong>" in shown
    assert "first line second &lt;script&gt;" in shown
    whole = vera.get(run.get_absolute_url()).content.decode()
    assert "first line\n\nsecond &lt;script&gt;" in whole
    assert "Remove note" not in shown and 'name="text"' not in shown
    first, second = labels.of_run(run).notes
    assert page(ana, run.get_absolute_url()).count('aria-label="Remove note"') == 1
    refused = put(ana, run, f"notes/{second.pk}/remove")
    assert (refused.status_code, Label.objects.count()) == (403, 2)
    put(ana, run, f"notes/{first.pk}/remove")
    put(signed_in("eva", "admin"), run, f"notes/{second.pk}/remove")
    assert not Label.objects.exists()


@pytest.mark.parametrize("q", ["coast", "HERO", "needs a retake", "überall", "  coastal   SERIES "])
def test_the_search_box_finds_titles_tags_and_notes(ana: Client, q: str) -> None:
    run, _ = store(answer()), store(answer())
    put(ana, run, "title", text="Coastal series")
    put(ana, run, "tags", text="hero")
    put(ana, run, "notes", text="It needs\na retake. Überall!")
    assert ids_on(ana.get("/", {"q": q}).content.decode()) == [str(run.uuid)]


def test_what_is_typed_into_the_box_finds_labels_too(ana: Client) -> None:
    run = store(answer())
    put(ana, run, "tags", text="moodboard")
    response = ana.post("/runs/", {"q": "moodb"})
    assert (response.status_code, response["Location"]) == (303, "/?q=moodb")
    assert ids_on(ana.get(response["Location"]).content.decode()) == [str(run.uuid)]


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("title", {"text": "x"}),
        ("star", {"on": "1"}),
        ("tags", {"text": "x"}),
        ("notes", {"text": "x"}),
        ("tags/1/remove", {}),
        ("notes/1/remove", {}),
    ],
)
def test_a_viewer_sees_and_changes_nothing(vera: Client, what: str, fields: dict[str, str]) -> None:
    run = store(answer())
    assert put(vera, run, what, **fields).status_code == 403
    assert not Label.objects.exists()
    run.refresh_from_db()
    assert (run.label, run.starred) == ("", False)


def test_a_page_kept_rendered_for_a_member_shows_a_viewer_no_control(
    ana: Client, vera: Client
) -> None:
    run = store(answer())
    assert "Edit title" in page(ana, run.get_absolute_url())
    shown = page(vera, run.get_absolute_url())
    for control in ("Edit title", "star-form", "title-form", "tag-add", "Add a note for"):
        assert control not in shown


@pytest.mark.parametrize(("what", "length"), [("title", 121), ("tags", 41), ("notes", 2001)])
def test_what_is_too_long_is_refused_and_told(ana: Client, what: str, length: int) -> None:
    run = store(answer())
    response = put(ana, run, what, text="x" * length)
    assert response.status_code == 422
    assert f"This one has {length:,}" in response.content.decode()
    assert not Label.objects.exists()
    if what != "title":
        path = f"{run.get_absolute_url()}{what}/"
        part = ana.post(path, {"text": "x" * length}, headers=PART)
        assert (part.status_code, f"This one has {length:,}" in part.content.decode()) == (
            200,
            True,
        )


def test_tags_and_notes_are_bounded_in_number(ana: Client) -> None:
    run = store(answer())
    for n in range(20):
        put(ana, run, "tags", text=f"tag {n}")
    assert put(ana, run, "tags", text="one more").status_code == 422
    assert run.labels.count() == 20


def test_labels_go_with_their_run_and_stay_while_it_is_starred(ana: Client) -> None:
    run, plain = store(answer()), store(answer())
    for one in (run, plain):
        put(ana, one, "notes", text="a note")
    put(ana, run, "star", on="1")
    retention.carry_out(retention.plan(RetentionLimits(runs=0), NOON))
    assert list(Run.objects.all()) == [run]
    assert set(Label.objects.values_list("run", flat=True)) == {run.pk}
    retention.delete_run(run)
    assert not Label.objects.exists()


def test_an_answer_that_comes_later_leaves_labels_alone(ana: Client) -> None:
    run = store(running())
    put(ana, run, "title", text="Mine")
    put(ana, run, "star", on="1")
    store(answer(run.uuid))
    run.refresh_from_db()
    assert (run.status, run.title, run.starred) == ("success", "Mine", True)


def test_labels_outlive_a_backup_and_their_author(ana: Client, tmp_path) -> None:
    run = store(answer())
    put(ana, run, "title", text="Mine")
    put(ana, run, "tags", text="hero")
    backup.backup(tmp_path / "all.gz")
    restore.restore(tmp_path / "all.gz", replace=True)
    assert [label.author for label in Label.objects.order_by("id")] == ["ana", "ana"]
    assert Run.objects.get().title == "Mine"
    User.objects.get(username="ana").delete()
    assert Label.objects.filter(by=None).count() == 2


def test_json_tells_them(ana: Client) -> None:
    run = store(answer())
    put(ana, run, "tags", text="hero")
    put(ana, run, "star", on="1")
    told = ana.get(f"/runs/{run.uuid}.json").json()
    assert (told["label"], told["tags"], told["starred"]) == (None, ["hero"], True)


def test_an_open_page_is_told_when_a_label_changes(ana: Client) -> None:
    run = store(running())
    path = f"{run.get_absolute_url()}live/"
    tag = ana.get(path, headers=PART)["HX-PTag"]
    put(ana, run, "notes", text="look here")
    again = ana.get(path, headers={**PART, "HX-PTag": tag})
    assert (again.status_code, "run-changed" in again["HX-Trigger"]) == (200, True)
    assert "look here" in page(ana, f"{run.get_absolute_url()}notes/")


def test_tags_of_rows_cost_one_query_together(ana: Client) -> None:
    def queries(rows: int) -> int:
        for _ in range(rows):
            put(ana, store(answer()), "tags", text="hero")
        page(ana, "/")  # what is counted once in a while is counted
        with CaptureQueriesContext(connection) as captured:
            assert 'class="tag"' in page(ana, "/")
        return len(captured)

    assert queries(2) == queries(10)


def test_a_run_that_was_never_seen_takes_no_label(ana: Client) -> None:
    for what in ("title", "star", "tags", "notes"):
        assert ana.post(f"/runs/{uuid4()}/{what}/", {"text": "x", "on": "1"}).status_code == 404
