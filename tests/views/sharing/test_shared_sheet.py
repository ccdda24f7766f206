"""A sheet as its readers get it: what was ticked and nothing else, of its runs and no other."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from PIL import Image, PngImagePlugin

from dashboard.domain.sharing import ALL_SCOPES
from dashboard.models import Name, Run, Share
from dashboard.services import clock
from dashboard.services.machines import prices
from dashboard.services.runs import labels
from dashboard.services.sharing import share_links
from tests.builders import NOON, answer, element, person, running, store
from tests.markup import one_line
from tests.stored_files import picture, run_kept
from tests.views.runs.test_archive import unpacked

pytestmark = pytest.mark.django_db
PARTS = ("", "outputs/", "outputs.zip", "card.png", "values/inputs/0-all/")
TRACES = {
    "outputs": ("CanaryFile",),
    "times": ("44.9", "31.2", "GPU-CANARY", "2026-11-23T12:00:00"),
    "inputs": ("a canary at dusk",),
    "names": ("canary-workflow", "KSamplerCanary"),
    "labels": ("Canary title", "canary-tag", "Canary note", "Starred"),
    "cost": ("$0.",),
}
NEVER = re.compile(
    r"user_alice|Mira|author-of-labels|CanaryError|hook\.example|org_|sessionid"
    r'|="/runs/|="/following/|="/account/',
)


@pytest.fixture
def author() -> User:
    return person("author-of-labels")


@pytest.fixture
def rich(author: User) -> Run:
    """A failed run with a canary in each field."""
    prices.store({"GPU-CANARY": Decimal("0.001")}, NOON - timedelta(days=9))
    made = element("CanaryFile.png", node_meta={"node_id": "9", "node_class": "KSamplerCanary"})
    run = store(
        answer(
            status="failed",
            gpu="GPU-CANARY",
            outputs=[made],
            webhook="https://hook.example/x?token=abc",
            workflow_inputs={"prompt": "a canary at dusk", "seed": 481516234},
        )
    )
    error = {"message": "CanaryError", "node_id": "9", "node_type": "KSamplerCanary"}
    Run.objects.filter(pk=run.pk).update(workflow_name="canary-workflow", list_error=error)
    Name.objects.filter(kind="workflow", upstream_id=run.workflow_id).update(text="canary-workflow")
    run.refresh_from_db()
    labels.set_title(run, "Canary title", author)
    labels.add_tag(run, "canary-tag", author)
    labels.add_note(run, "Canary note", author)
    labels.set_star(run, True, author)
    run.refresh_from_db()
    return run


def link(runs: list[Run], *scopes: str, **given: str) -> str:
    values = {"title": "", "life": "7", **given}
    return share_links.make_sheet(runs, None, scopes=scopes, now=clock.now(), **values)[1]


def page(token: str, part: str = "") -> str:
    response = Client().get(f"/s/{token}/{part}")
    assert response.status_code == 200
    return response.content.decode()


def main_of(text: str) -> str:
    """The page's own part, without the moment at which it was made."""
    return re.sub(r'data-now="[^"]*"', "", text.partition("<main")[2]).replace("\u202f", " ")


@pytest.mark.parametrize("scopes", list(product((False, True), repeat=len(ALL_SCOPES))))
def test_each_scope_gives_its_own_and_nothing_else(rich: Run, scopes: tuple[bool, ...]) -> None:
    ticked = [name for name, on in zip(ALL_SCOPES, scopes, strict=True) if on]
    other = store(answer(outputs=[element()]))
    text = page(link([other, rich], *ticked))
    main = main_of(text)
    for scope, traces in TRACES.items():
        for trace in traces:
            needs = {scope, "outputs"} if trace == "KSamplerCanary" else {scope}
            assert (trace in main) == (needs <= set(ticked)), (scope, trace)
    assert ("481516234" in main) is False, "inputs are a part of their own"
    assert ("names" in ticked) == (str(rich.uuid) in text)
    assert rich.short_id not in text or "names" in ticked
    assert not NEVER.search(main)
    assert "Failed" in main
    assert "Done" in main


@pytest.mark.parametrize("scope", ALL_SCOPES)
def test_whole_values_and_files_need_their_scope(rich: Run, scope: str) -> None:
    token = link([rich], scope)
    inputs = Client().get(f"/s/{token}/values/inputs/0-all/", {"part": ""})
    assert inputs.status_code == (200 if scope == "inputs" else 404)
    assert ("481516234" in inputs.content.decode()) == (scope == "inputs")
    names = ("1-all", "9-0", "-", "all", "0", "99999-0", "x-0", "0-x", "٣-0")
    outside = [f"values/{kind}/{name}/" for kind in ("inputs", "texts", "x") for name in names]
    for part in (*outside, "live/", "pair/"):
        assert Client().get(f"/s/{token}/{part}").status_code == 404, part


def test_a_text_is_read_whole_by_its_run_and_no_other(author: User) -> None:
    said = [{"data": {"text": [word * 900]}, "node_meta": None} for word in ("first ", "second ")]
    runs = [store(answer(outputs=[one])) for one in said]
    token = link(runs, "outputs")
    for position, word in enumerate(("first", "second")):
        identity = runs[position].outputs.get().identity
        assert f'id="o-{position}-{identity}"' in page(token)
        whole = Client().get(f"/s/{token}/values/texts/{position}-{identity}/?part")
        assert whole.content.decode().count(word) == 900
        assert f'id="m-{position}-{identity}"' in whole.content.decode()
        wrong = Client().get(f"/s/{token}/values/texts/{1 - position}-{identity}/")
        assert wrong.status_code == 404
        closed = link(runs, "times")
        assert Client().get(f"/s/{closed}/values/texts/{position}-{identity}/").status_code == 404


def png_with_prompt() -> bytes:
    out, told = BytesIO(), PngImagePlugin.PngInfo()
    told.add_text("prompt", "canary prompt")
    Image.new("RGB", (24, 16), "teal").save(out, "PNG", pnginfo=told)
    return out.getvalue()


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> list[Run]:
    """Two runs with copies of their files, of which the first holds its prompt."""
    return [
        run_kept(settings, tmp_path, ("a.png", png_with_prompt())),
        run_kept(settings, tmp_path, ("a.png", picture(32, 8)), ("b.svg", b"<svg xmlns='x'/>")),
    ]


def test_files_are_those_of_its_runs_and_clean(kept: list[Run]) -> None:
    first, second = (run.stored_files.order_by("pk")[0] for run in kept)
    token = link(kept[:1], "outputs")
    mine = Client().get(f"/s/{token}/files/{first.pk}/a.png")
    assert b"canary prompt" not in b"".join(mine)
    told = Client().get(f"/s/{link(kept[:1], 'outputs', 'inputs')}/files/{first.pk}/a.png")
    assert b"canary prompt" in b"".join(told)
    assert Client().get(f"/s/{token}/files/{second.pk}/a.png").status_code == 404
    closed = link(kept, *(name for name in ALL_SCOPES if name != "outputs"))
    assert Client().get(f"/s/{closed}/files/{first.pk}/a.png").status_code == 404
    Run.objects.filter(pk=kept[0].pk).delete()
    assert Client().get(f"/s/{token}/files/{first.pk}/a.png").status_code == 404


def test_the_zip_has_a_folder_a_run(kept: list[Run]) -> None:
    token = link([store(answer()), *kept], "outputs", title="For Max")
    assert f'href="/s/{token}/outputs.zip"' in page(token)
    response = Client().get(f"/s/{token}/outputs.zip")
    assert "For-Max.zip" in response["Content-Disposition"]
    files = unpacked(response)
    told = json.loads(files.pop("manifest.json"))
    assert list(files) == ["02-Run-2/02-Run-2-01.png", "03-Run-3/03-Run-3-01.png"]
    assert b"canary prompt" not in b"".join(files.values())
    assert [(run["folder"], run["title"]) for run in told["runs"]] == [
        (f"0{n}-Run-{n}", f"Run {n}") for n in (1, 2, 3)
    ]
    assert [len(run["files"]) for run in told["runs"]] == [0, 1, 2]
    assert "missing" in told["runs"][2]["files"][1], "a drawing cannot be cleaned"
    assert not {"id", "inputs", "durations"} & set(told["runs"][1])
    named = unpacked(Client().get(f"/s/{link(kept, 'outputs', 'inputs')}/outputs.zip"))
    assert "01-a-cat/01-a-cat-01.png" in named
    for scopes in ((), ("inputs", "names")):
        assert Client().get(f"/s/{link(kept, *scopes)}/outputs.zip").status_code == 404
    assert Client().get(f"/s/{link([store(answer())], 'outputs')}/outputs.zip").status_code == 404


@pytest.mark.parametrize("part", PARTS)
def test_a_revoked_or_ended_link_is_gone_and_gives_nothing_away(rich: Run, part: str) -> None:
    revoked, ended = (link([rich], *ALL_SCOPES, title="Secret title") for _ in range(2))
    share_links.revoke(share_links.find(revoked) or pytest.fail(), None, clock.now())
    Share.objects.filter(revoked_at=None).update(ends_at=clock.now() - timedelta(seconds=1))
    for token in (revoked, ended):
        response = Client().get(f"/s/{token}/{part}")
        assert response.status_code == 410
        text = response.content.decode()
        assert "This link no longer works" in text
        for word in ("Secret title", "anary", str(rich.uuid), "Failed"):
            assert word not in text


def test_removed_runs_drop_out_until_none_is_left(rich: Run) -> None:
    other = store(answer())
    token = link([rich, other], "outputs", "inputs")
    rich.delete()
    text = page(token)
    assert "canary" not in text
    assert "1 run<" in one_line(text)
    other.delete()
    assert "have been removed from Runboard" in page(token)
    assert Client().get(f"/s/{token}/card.png").status_code == 200


@pytest.mark.parametrize("start", ["1.0", "0.7", "9999.9"])
def test_past_its_end_a_sheet_says_so_and_leads_back(rich: Run, start: str) -> None:
    token = link([rich], "outputs")
    shown = page(token, f"?from={start}")
    assert "ends before here" in shown and 'href="."' in shown
    assert "have been removed" not in shown
    Run.objects.all().delete()
    assert "have been removed from Runboard" in page(token, f"?from={start}")


def test_live_runs_and_runs_without_files_say_so_and_nothing_polls() -> None:
    runs = [store(running()), store(answer()), store(answer(status="cancelled"))]
    text = one_line(page(link(runs, "outputs", "times")))
    assert "Running 43 %" in text
    assert "1 run is still going." in text
    assert "Outputs appear here as they finish." in text
    assert "Finished without outputs." in text
    assert "No outputs before the run ended." in text
    assert "every " not in re.findall(r'hx-trigger="([^"]*)"', text)
    assert "KSampler" not in text


def test_an_unsafe_file_is_not_linked() -> None:
    bad = element("x.png")
    bad["data"]["images"][0]["url"] = "javascript:alert(1)"
    text = page(link([store(answer(outputs=[bad]))], *ALL_SCOPES))
    assert "Not linked" in text
    assert "javascript:" not in text


def many(count: int, outputs: int) -> list[Run]:
    made = [element(f"{n}.png") for n in range(outputs)]
    return [store(answer(outputs=made)) for _ in range(count)]


def test_the_first_200_outputs_come_at_once_and_the_rest_when_asked_for() -> None:
    runs = many(3, 90)
    token = link(runs, "outputs", "names", "inputs")
    first = page(token)
    assert first.count('class="tile ') == 200
    assert "3 runs, 270 outputs" in first
    asked = re.search(r'hx-get="(/s/[^"]+/outputs/\?from=2\.20)"', first)
    assert asked
    rest = Client().get(asked[1]).content.decode()
    assert rest.count('class="tile ') == 70
    assert "continued" in rest
    assert "Show more" not in rest
    ids = re.findall(r' id="([^"]+)"', first) + re.findall(r' id="([^"]+)"', rest)
    assert len(set(ids)) == len(ids), "a run that goes on has an anchor of its own"
    plain = page(token, "?from=2.20")
    assert plain.count('class="tile ') == 70
    assert page(token, "?from=nonsense").count('class="tile ') == 200
    closed = link(runs, "times")
    assert "270" not in page(closed)
    assert 'class="tile ' not in page(closed, "outputs/")


def test_it_asks_the_same_for_200_runs_as_for_two(django_assert_num_queries: Any) -> None:
    runs = many(1, 1)
    whole = runs + [
        Run.objects.create(
            uuid=f"00000000-0000-4000-8000-{n:012}",
            **{name: getattr(runs[0], name) for name in (
                "status", "finished", "total", "cold_start", "gpu", "created_at", "prompt",
                "inputs", "first_seen_at", "sorted_at", "observed_at", "run",
            )},
        )
        for n in range(199)
    ]  # fmt: skip
    few, all_of_them = link(whole[:2], *ALL_SCOPES), link(whole, *ALL_SCOPES)
    for token, groups in ((few, 2), (all_of_them, 200)):
        with django_assert_num_queries(11):
            assert page(token).count('class="sheet-run"') == groups


def test_a_preview_tells_the_title_and_what_there_is(kept: list[Run]) -> None:
    token = link(kept, "outputs", title="Lighthouse <b>")
    text = page(token)
    assert 'property="og:title" content="Lighthouse &lt;b&gt;"' in text
    assert re.search(r'og:description" content="2 runs. 3 outputs. Shared until \d+ \w+\."', text)
    assert '<meta name="robots" content="noindex, nofollow">' in text
    with_picture = Client().get(f"/s/{token}/card.png").content
    without = Client().get(f"/s/{link(kept, 'times', title='Lighthouse <b>')}/card.png").content
    assert Image.open(BytesIO(with_picture)).size == (1200, 630)
    assert Image.open(BytesIO(with_picture)).getpixel((1100, 600)) != Image.open(
        BytesIO(without)
    ).getpixel((1100, 600))
    assert "outputs" not in page(link(kept, "times")).partition("<body")[0]


def test_answers_are_private_and_views_count_people(kept: list[Run]) -> None:
    token = link(kept, *ALL_SCOPES)
    file = kept[0].stored_files.get()
    parts = ("", "outputs/", "outputs.zip", "card.png", f"files/{file.pk}/a.png")
    for part in parts:
        response = Client().get(f"/s/{token}/{part}")
        assert b"".join(response)
        assert response.status_code == 200, part
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert not response.cookies
    Client().get(f"/s/{token}/", headers={"User-Agent": "Slackbot-LinkExpanding 1.0"})
    Client().head(f"/s/{token}/")
    assert Share.objects.get().views == 1
    assert Client().post(f"/s/{token}/").status_code == 405
