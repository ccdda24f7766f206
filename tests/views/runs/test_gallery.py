"""The list's runs as a gallery: its addresses, what is shown and hidden, and for whom."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.domain.roles import VIEWER
from dashboard.models import Output, Run, StoredFile
from dashboard.services.runs import gallery, history, pasted, picks
from tests.builders import NOON, answer, element, person, stamp, store
from tests.markup import one_line

pytestmark = pytest.mark.django_db
ALL = "/?view=gallery"


def page(client: Client, query: str = "") -> str:
    return one_line(client.get(f"{ALL}{query}").content.decode())


def shots(text: str) -> list[str]:
    return re.findall(r'<li class="shot [^>]*>', text)


def made(at: datetime = NOON, *names: str, **given: Any) -> Run:
    return store(answer(created=at, outputs=[element(name) for name in names], **given))


def test_files_of_the_filters_runs_hang_under_their_day(ana: Client) -> None:
    run = made(NOON, "a.png", "b.png", gpu="H100")
    made(NOON, "c.png", gpu="A10G")
    made(NOON, gpu="H100")
    text = page(ana, "&gpu=H100")
    assert {re.search(r'data-name="(.)', one)[1] for one in shots(text)} == {"a", "b"}  # type: ignore[index]
    assert "2 files from 1 run" in text and "1 more run made no files" in text
    output = run.outputs.get(filename="a.png")
    assert f'href="{run.get_absolute_url()}#o-{output.identity}"' in text
    assert '<span class="sr">a.png, a cat</span>' in text


def test_tabs_chips_and_csv_keep_the_view(ana: Client) -> None:
    made(NOON, "a.png", status="failed")
    text = page(ana, "&gpu=H100&stack=0&zone=Europe/Berlin")
    kept = "view=gallery&amp;stack=0&amp;zone=Europe%2FBerlin"
    for link in (
        f"/?status=attention&amp;gpu=H100&amp;{kept}",
        f"/?{kept}",
        "/runs.csv?gpu=H100&amp;zone=Europe%2FBerlin",
    ):
        assert f'href="{link}"' in text
    assert ana.get(f"/runs.csv?gpu=H100&{kept}".replace("&amp;", "&")).status_code == 200


def test_the_list_and_the_gallery_lead_to_each_other(ana: Client) -> None:
    made(NOON, "a.png")
    assert 'href="/?gpu=H100&amp;view=gallery" title="Gallery"' in one_line(
        ana.get("/?gpu=H100").content.decode()
    ).replace("  ", " ").replace('" title', '" title')
    assert 'href="/?gpu=H100" title="List"' in page(ana, "&gpu=H100")


@pytest.mark.parametrize("cookie", ["", "compact"])
@pytest.mark.parametrize(("view", "compact"), [("rows", False), ("compact", True)])
def test_rows_stand_as_the_address_says(ana: Client, cookie: str, view: str, compact: bool) -> None:
    made(NOON)
    ana.cookies["rows"] = cookie
    text = ana.get(f"/?view={view}").content.decode()
    assert ('class="rows is-compact"' in text) is compact
    assert "Left out of the filter" not in text


def test_a_view_that_there_is_not_is_named(ana: Client) -> None:
    made(NOON)
    text = one_line(ana.get("/?view=wall").content.decode())
    assert "view “wall” (not a view)" in text
    assert 'class="rows"' in text


def test_seed_only_variants_are_stacked_until_they_are_not(ana: Client) -> None:
    for seed in (1, 2, 3):
        made(NOON, "a.png", workflow_inputs={"prompt": "a cat", "seed": seed})
    made(NOON, "a.png", workflow_inputs={"prompt": "a dog", "seed": 1})
    text = page(ana)
    assert ["hidden" in one for one in shots(text)].count(True) == 2
    assert text.count('<span data-pile="badge">3 seeds</span>') == 1
    spread = page(ana, "&stack=0")
    assert len(shots(spread)) == 4 and "hidden" not in "".join(shots(spread))
    assert 'aria-checked="false"' in spread


def test_what_a_tile_tells_of_its_run(ana: Client) -> None:
    made(NOON, "a.png", workflow_inputs={"seed": 481516234})
    text = page(ana)
    assert "seed 481516234" in text and "44.9\u202fs, of it cold start 31.2\u202fs" in text


def test_pictures_come_as_thumbnails(ana: Client) -> None:
    run = made(NOON, "a.png")
    identity = run.outputs.all()[0].identity
    kept = {"reason": "", "type": "image/png", "inline": True, "width": 640, "height": 480}
    StoredFile.objects.create(run=run, identity=identity, place="x", thumb_size=9, **kept)
    text = page(ana)
    assert re.findall(r'<img src="([^"]+)"', text) == [
        re.search(rf"/runs/{run.uuid}/files/\d+/small.webp\?small", text)[0]  # type: ignore[index]
    ]
    assert "sized r1 t3 h3" in text


def test_an_unsafe_file_is_hidden_and_a_lost_one_dashed(ana: Client) -> None:
    bad = element("bad.png")
    bad["data"]["images"][0]["url"] = "javascript:alert(1)"
    run = store(answer(outputs=[bad, element("gone.png")]))
    Output.objects.filter(run=run, filename="gone.png").update(expires_at=NOON)
    text = page(ana)
    assert "javascript" not in text and "Not linked" in text
    assert "data-opens" not in text and "data-link" not in text
    assert "shot-missing" in text


def test_names_from_elsewhere_are_escaped(ana: Client) -> None:
    made(NOON, '"><script>.png', workflow_inputs={"prompt": "<b>&"})
    text = ana.get(ALL).content.decode()
    assert "<script>." not in text and "<b>&" not in text


def test_viewers_see_it_and_strangers_do_not(client: Client) -> None:
    made(NOON, "a.png")
    assert client.get(ALL).status_code == 302
    client.force_login(person("vic", VIEWER))
    text = page(client)
    assert len(shots(text)) == 1 and "user_alice" not in text


def marked(member: User) -> Run:
    """A run with a picked and rated, a rejected and an unmarked file."""
    run = made(NOON, "a.png", "b.png", "c.png")
    first, second, _ = run.outputs.all()
    picks.mark(run, first.pk, member, NOON, choice="picked", rating=4)
    picks.mark(run, second.pk, member, NOON, choice="rejected")
    return run


def test_members_see_marks_and_may_mark(ana: Client) -> None:
    run = marked(person("mira"))
    text = page(ana)
    first, *_ = run.outputs.all()
    assert text.count('class="mark is-picked"') == text.count('class="mark is-rejected"') == 1
    assert f'id="mark-{run.pk}-{first.identity}"' in text
    assert 'title="Picked, rated 4 of 5, by mira"' in text
    assert ">1 picked<" in text
    assert len(re.findall('data-mark="', text)) == 3
    assert text.count('class="marking"') == 1, "buttons are made for the chosen tile alone"


def test_viewers_see_marks_without_names_and_have_no_controls(client: Client) -> None:
    marked(person("mira"))
    client.force_login(person("vic", VIEWER))
    text = page(client)
    assert text.count('class="mark is-') == 2 and ">1 picked<" in text
    for hidden in ("mira", "data-mark=", "marking", "mark-form", "<kbd>p</kbd>"):
        assert hidden not in text


def test_an_answer_holds_the_mark_for_its_tile(ana: Client) -> None:
    run = made(NOON, "a.png")
    output = run.outputs.get()
    url = f"{run.get_absolute_url()}outputs/{output.pk}/mark/"
    answered = ana.post(url, {"choice": "picked"}, headers={"HX-Request": "true"})
    assert f'id="mark-{run.pk}-{output.identity}"' in answered.content.decode()


def test_picked_runs_alone(ana: Client) -> None:
    marked(person("mira"))
    made(NOON, "d.png")
    text = page(ana, "&picked=1")
    assert len(shots(text)) == 1 and "Picked" in text
    assert len(shots(page(ana, "&picked!=1"))) == 1


def test_older_pages_follow_under_the_same_filter(
    ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "PAGE_RUNS", 2)
    for n in range(3):
        made(NOON - timedelta(days=n), f"{n}.png")
    first = ana.get(f"{ALL}&gpu=H100&stack=0")
    older = first.context["gallery_older"]
    assert older.startswith("/?gpu=H100&view=gallery&stack=0&after=")
    second = ana.get(older)
    assert [len(shots(one_line(each.content.decode()))) for each in (first, second)] == [2, 1]
    assert second.context["gallery_older"] is None
    assert "Newest" in second.content.decode()


@pytest.mark.parametrize("key", ["x", "1_", "9" * 17 + "_1", "-9_9", "9" * 18 + "_1"])
def test_a_broken_key_is_no_error(ana: Client, key: str) -> None:
    made(NOON, "a.png")
    assert ana.get(f"{ALL}&after={key}").status_code == 200


def test_what_is_said_where_there_is_nothing(ana: Client) -> None:
    made(NOON)
    assert "No files in these runs." in page(ana)
    assert "No run matches" in page(ana, "&gpu=none")
    assert "No older runs" in page(ana, "&after=1_1")


def test_the_number_of_queries_does_not_grow_with_files(ana: Client) -> None:
    def queries() -> int:
        history.forget()
        with CaptureQueriesContext(connection) as captured:
            ana.get(ALL)
        return len(captured)

    made(NOON, "a.png")
    one = queries()
    for n in range(1, 12):
        made(NOON - timedelta(hours=9 * n), "a.png", "b.png")
    assert queries() == one


@pytest.mark.parametrize("sort", ["-total", "total", "created", "-queue"])
def test_the_gallery_has_the_order_of_the_list(
    ana: Client, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    monkeypatch.setattr(gallery, "PAGE_RUNS", 2)
    for n in range(5):
        run = made(NOON - timedelta(hours=n), f"{n}.png")
        Run.objects.filter(pk=run.pk).update(total=n * 3 % 5)
    seen: list[str] = []
    address = f"/?view=gallery&sort={sort}&stack=0"
    while address:
        found = ana.get(address)
        names = re.findall(r'data-name="([^"]+)"', found.content.decode())
        assert names and not set(names) & set(seen)
        seen += names
        address = found.context["gallery_older"]
    listed = ana.get(f"/runs.json?sort={sort}").json()["runs"]
    runs = {str(run.uuid): run for run in Run.objects.all()}
    assert seen == [runs[one["id"]].outputs.get().filename for one in listed]


def test_pasted_runs_have_a_gallery(ana: Client) -> None:
    runs = [made(NOON - timedelta(hours=n), f"{n}.png") for n in range(3)]
    ids = pasted.pack([runs[0].uuid, runs[2].uuid])
    text = ana.get(f"/?ids={ids}&view=gallery").content.decode()
    assert re.findall(r'data-name="([^"]+)"', text) == ["0.png", "2.png"]
    listed = ana.get(f"/?ids={ids}").context["choice"]
    assert len(shots(page(ana, f"&{listed.gallery_url.partition('?')[2]}"))) == 2


def test_a_gallery_of_picks_shows_the_picked_files_alone(ana: Client) -> None:
    run = made(NOON, "a.png", "b.png")
    made(NOON, "c.png")
    picks.mark(run, run.outputs.get(filename="b.png").pk, None, NOON, choice="picked")
    assert re.findall(r'data-name="(.)', page(ana, "&picked=1&stack=0")) == ["b"]
    assert "1 file from 1 run" in page(ana, "&picked=1")
    assert len(shots(page(ana, "&picked!=1"))) == 1 and len(shots(page(ana))) == 3


def test_versions_of_a_workflow_do_not_stack(ana: Client) -> None:
    for number in range(2):
        made(NOON, f"{number}.png", workflow_version_id=str(UUID(int=number + 1)))
    assert not re.search(r"is-stack", page(ana))


def headings(text: str) -> list[str]:
    return re.findall(r'<h2> ?<bdi title="([^"]*)"', text)


def test_sections_are_prompts_or_workflows_in_the_order_of_the_list(ana: Client) -> None:
    for n, prompt in enumerate(("a fox", "a cat", "a fox")):
        made(NOON - timedelta(days=n), f"{n}.png", workflow_inputs={"prompt": prompt, "steps": n})
    made(NOON - timedelta(days=3), workflow_inputs={"prompt": "a fox"})
    text = page(ana, "&group=prompt")
    assert headings(text) == ["a fox", "a cat"]
    assert re.findall(r'data-name="(.)', text) == ["0", "2", "1"]
    assert "2 files from 2 runs" in text and "1 more run made no files" in text
    Run.objects.filter(outputs__filename="1.png").update(workflow_id="12345678-9", workflow_name="")
    Run.objects.filter(outputs__filename="2.png").update(workflow_id=None, workflow_name="")
    first = Run.objects.get(outputs__filename="0.png").workflow_name or "Workflow"
    found = headings(page(ana, "&group=workflow"))
    assert found[0].startswith(first) and found[1:] == ["Workflow 12345678", "No workflow"]


def test_runs_under_headings_without_files_are_told_of_together(ana: Client) -> None:
    for n, prompt in enumerate("abc"):
        made(
            NOON - timedelta(hours=n), *(["a.png"] if not n else []), workflow_inputs={"p": prompt}
        )
    text = page(ana, "&group=prompt")
    assert headings(text) == ["a", "No files"] and "2 runs made no files" in text
    Run.objects.filter(output_count=1).delete()
    assert "No files in these runs." in page(ana, "&group=prompt")


def test_a_page_of_groups_without_files_still_leads_to_older_ones(
    ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "PAGE_RUNS", 1)
    made(NOON, "a.png", gpu="H100")
    made(NOON + timedelta(hours=1), gpu="H100", status="running", ended_at=None)
    found = ana.get(f"{ALL}&group=prompt&gpu=H100")
    assert found.context["gallery_older"].startswith("/?gpu=H100&view=gallery&group=prompt&after=")
    assert headings(one_line(found.content.decode())) == ["No files"]


def test_prompts_are_masked_and_escaped(ana: Client) -> None:
    made(NOON, "a.png", workflow_inputs={"prompt": "<b>&"})
    made(NOON, "b.png", workflow_inputs={"prompt": "use sk-FAKE-not-a-real-key-000000"})
    text = page(ana, "&group=prompt")
    assert "<b>&" not in text and "sk-FAKE" not in text
    assert "&lt;b&gt;&amp;" in headings(text)


def test_the_group_stays_in_the_gallery_alone(ana: Client) -> None:
    made(NOON, "a.png", status="failed")
    text = page(ana, "&gpu=H100&stack=0&group=workflow")
    kept = "view=gallery&amp;stack=0&amp;group=workflow"
    assert f'href="/?status=attention&amp;gpu=H100&amp;{kept}"' in text
    assert f'href="/?gpu=H100&amp;{kept}" aria-current="true">Workflow</a>' in text
    assert 'href="/?gpu=H100&amp;view=gallery&amp;stack=0">Day</a>' in text
    assert 'href="/?gpu=H100" title="List"' in text
    assert 'href="/runs.csv?gpu=H100"' in text
    assert ana.get("/?group=workflow").context["choice"].url == "/"


def test_a_group_that_there_is_not_is_named(ana: Client) -> None:
    made(NOON, "a.png")
    text = page(ana, "&group=mood")
    assert "group “mood” (not a grouping)" in text
    assert 'aria-current="true">Day</a>' in text
    assert "Left out" not in page(ana, "&group=day")


def test_groups_count_no_days(ana: Client) -> None:
    def asked(query: str) -> list[str]:
        with CaptureQueriesContext(connection) as captured:
            page(ana, query)
        return [
            one["sql"] for one in captured if "TruncDate" in one["sql"] or 'AS "day"' in one["sql"]
        ]

    made(NOON, "a.png")
    assert asked("") and not asked("&group=prompt") and not asked("&group=workflow")


def test_links_to_files_that_the_runs_page_holds_back_ask_for_all(ana: Client) -> None:
    run = made(NOON, *(f"{n}.png" for n in range(41)))
    links = re.findall(rf'href="({run.get_absolute_url()}[^"]*#o-[^"]*)"', page(ana, "&stack=0"))
    assert ["?outputs=all" in one for one in links] == [False] * 40 + [True]
    path, _, name = links[-1].partition("#")
    whole, first = (ana.get(each).content.decode() for each in (path, run.get_absolute_url()))
    assert f'id="{name}"' in whole and f'id="{name}"' not in first
    own = [re.findall(r'data-page="([^"]+)"', each)[0] for each in (whole, first)]
    assert own == [f"{settings.PUBLIC_URL}{each}" for each in (path, run.get_absolute_url())]


def in_order(*names: str, **given: Any) -> Run:
    """A run whose files were made one after another."""
    times = (stamp(NOON + timedelta(seconds=n)) for n in range(len(names)))
    outputs = [element(name, created_at=at) for name, at in zip(names, times, strict=True)]
    return store(answer(outputs=outputs, **given))


def pick(run: Run, *names: str) -> None:
    for name in names:
        picks.mark(run, run.outputs.get(filename=name).pk, None, NOON, choice="picked")


def test_a_pick_is_shown_wherever_it_stands_among_its_runs_files(
    ana: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "MOST_OF_RUN", 2)
    run = in_order(*(f"{n}.png" for n in range(6)))
    pick(run, "3.png", "5.png")
    text = page(ana, "&picked=1")
    assert re.findall(r'data-name="(.)', text) == ["3", "5"]
    assert "2 files from 1 run" in text and "more files on the run" not in text
    pick(run, "1.png")
    text = page(ana, "&picked=1")
    assert re.findall(r'data-name="(.)', text) == ["1", "3"] and "1 more file on" in text


def test_picks_from_different_places_of_runs_are_no_stack(ana: Client) -> None:
    for seed in (1, 2):
        run = in_order("a.png", "b.png", workflow_inputs={"prompt": "x", "seed": seed})
        pick(run, "ab"[seed - 1] + ".png")
    assert not re.search("is-stack", page(ana, "&picked=1"))
    pick(run, "a.png")
    text = page(ana, "&picked=1")
    assert len(re.findall(r'data-pile="badge">2 seeds', text)) == 1 and len(shots(text)) == 3
