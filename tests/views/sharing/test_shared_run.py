"""A share link's page: what was ticked and nothing else, live, private, over when it is over."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest
from django.test import Client
from PIL import Image

from dashboard.models import Name, Run, Share, StoredFile, UpstreamUser
from dashboard.services import clock
from dashboard.services.runs import labels
from dashboard.services.sharing import share_links
from tests.builders import answer, body, element, person, running, store, waiting
from tests.stored_files import copy_all, on_disk, picture, prepare, run_with
from tests.wire import Wire
from tests.wire import answer as wired

pytestmark = pytest.mark.django_db
EVERYTHING = ("outputs", "times", "inputs", "names", "labels")
SECRETS = re.compile(r"webhook|user_alice|hook\.example|org_|test-key|sessionid", re.IGNORECASE)


def rich() -> Run:
    run = store(
        answer(
            outputs=[element()],
            webhook="https://hook.example/x?token=abc",
            workflow_inputs={"prompt": "a lighthouse at dusk", "seed": 481516234},
        )
    )
    Run.objects.filter(pk=run.pk).update(workflow_name="secret-project")
    Name.objects.filter(kind="workflow", upstream_id=run.workflow_id).update(text="secret-project")
    run.refresh_from_db()
    author = person("author-of-labels")
    labels.set_title(run, "Lighthouse, final", author)
    labels.add_tag(run, "for-client", author)
    labels.add_note(run, "Max likes the second one", author)
    run.refresh_from_db()
    return run


def link(run: Run, *scopes: str, **given: str) -> str:
    values = {"title": "", "life": "7", **given}
    author = person(f"author-{uuid4().hex[:6]}")
    return share_links.make(run, author, scopes=scopes, now=clock.now(), **values)[1]


def page(token: str, part: str = "", **headers: str) -> str:
    response = Client().get(f"/s/{token}/{part}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def main_of(text: str) -> str:
    """The page's own part, without the moment at which it was made."""
    return re.sub(r'data-now="[^"]*"', "", text.partition("<main")[2])


TRACES = {
    "outputs": ("ComfyUI_00001_.png",),
    "times": ("Cold start", "31.2", "H100", "12:00"),
    "inputs": ("a lighthouse at dusk", "481516234"),
    "labels": ("Lighthouse, final", "for-client", "Max likes the second one"),
    "names": ("secret-project", "bdd5303c", "5b0ac6d4", "148268de", "SaveImage"),
}


@pytest.mark.parametrize("scope", EVERYTHING)
def test_what_is_not_ticked_is_not_in_the_page(scope: str) -> None:
    run = rich()
    others = [name for name in EVERYTHING if name != scope]
    without, alone = page(link(run, *others)), page(link(run, *EVERYTHING))
    traces = [text for text in TRACES[scope] if text in alone]
    assert traces, "the page can show it"
    main = main_of(without)
    for text in traces:
        assert text not in main, (scope, text)
    if scope == "names":
        assert str(run.uuid) in alone
        assert str(run.uuid) not in without
        assert run.short_id not in without
    assert not SECRETS.search(alone)


def test_without_a_tick_only_the_state_is_told() -> None:
    run = rich()
    text = page(link(run))
    assert "Done" in text
    assert "Shared run" in text
    for traces in TRACES.values():
        assert not [one for one in traces if one in main_of(text)]


def test_the_owner_the_raw_answer_and_other_runs_are_never_there() -> None:
    run, other = rich(), store(answer())
    text = page(link(run, *EVERYTHING))
    assert not SECRETS.search(text)
    assert str(other.uuid) not in text
    assert "author-of-labels" not in text
    for address in ("/runs/", "/following/", "/account/", "/shares/", ".json"):
        assert f'href="{address}' not in text


@pytest.fixture
def with_files(settings: Any, tmp_path: Path) -> Run:
    """Two pictures of which there are copies."""
    with Wire(wired(picture()), wired(picture(32, 8))) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin)
        run = run_with(f"{origin}/a.png", f"{origin}/b.png")
        copy_all()
    return run


def test_its_answers_are_private_and_not_indexed(with_files: Run) -> None:
    token = link(with_files, "outputs", "times")
    kept = StoredFile.objects.all()[0]
    files = (f"files/{kept.pk}/a.png", f"files/{kept.pk}/a.png?download")
    for part in ("", "outputs/", "live/", "card.png", "outputs.zip", "pair/", *files):
        response = Client().get(f"/s/{token}/{part}")
        assert b"".join(response)
        assert response.status_code == 200, part
        assert "max-age=0" in response["Cache-Control"]
        assert "private" in response["Cache-Control"]
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert "noindex" in response["X-Robots-Tag"]
        assert not response.cookies
    text = page(token)
    assert '<meta name="robots" content="noindex, nofollow">' in text
    assert "Times in UTC" in text


def test_it_needs_no_account_and_reads_no_session(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    run = rich()
    token = link(run, "outputs", "times", "inputs")
    client = Client()
    client.force_login(person("ana"))
    with django_assert_max_num_queries(12) as asked:
        assert client.get(f"/s/{token}/").status_code == 200
    assert not [one for one in asked.captured_queries if "session" in one["sql"]]


@pytest.mark.parametrize("part", ["", "live/", "outputs/", "card.png"])
def test_a_revoked_or_ended_link_is_gone_at_once_and_gives_nothing_away(part: str) -> None:
    run = rich()
    revoked, ended = link(run, *EVERYTHING, title="Secret title"), link(run, *EVERYTHING, life="1")
    assert page(revoked, part) if part != "card.png" else True
    share_links.revoke(share_links.find(revoked) or pytest.fail(), None, clock.now())
    Share.objects.filter(pk=(share_links.find(ended) or pytest.fail()).pk).update(
        ends_at=clock.now() - timedelta(seconds=1)
    )
    for token in (revoked, ended):
        response = Client().get(f"/s/{token}/{part}")
        assert response.status_code == 410
        text = response.content.decode()
        assert "This link no longer works" in text
        for word in ("Secret title", "lighthouse", "secret-project", str(run.uuid), "Done", "31.2"):
            assert word not in text
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"


def test_what_was_never_a_link_is_not_found() -> None:
    response = Client().get(f"/s/{'x' * 32}/")
    assert response.status_code == 404
    assert "Link not found" in response.content.decode()


def test_only_reading_is_answered() -> None:
    token = link(rich(), "outputs")
    for method in ("post", "put", "delete", "patch"):
        assert getattr(Client(), method)(f"/s/{token}/").status_code == 405


def test_a_live_run_goes_on_by_its_part_and_an_unchanged_one_is_304(upstream) -> None:  # type: ignore[no-untyped-def]
    payload = running()
    upstream.script(UUID(payload["id"]), [(200, {}, body(payload))])
    run = store(payload)
    token = link(run, "times")
    first = page(token)
    assert f'hx-get="/s/{token}/live/"' in first
    assert "Running — 43" in first.replace("\u202f", " ")
    assert "KSampler" not in first, "a node is a name"
    tag = re.search(r'hx-ptag="([^"]+)"', first)
    assert tag
    Run.objects.filter(pk=run.pk).update(next_refresh_at=clock.now() + timedelta(hours=1))
    again = Client().get(f"/s/{token}/live/", headers={"HX-Request": "true", "HX-PTag": tag[1]})
    assert again.status_code == 304
    done = answer(run.uuid)
    upstream.script(run.uuid, [(200, {}, body(done))])
    Run.objects.filter(pk=run.pk).update(next_refresh_at=clock.now() - timedelta(seconds=1))
    after = Client().get(f"/s/{token}/live/", headers={"HX-Request": "true", "HX-PTag": tag[1]})
    assert after.status_code == 200
    assert "Cold start took" in after.content.decode()


def test_the_part_of_a_link_that_ended_reloads_the_page() -> None:
    token = link(rich(), "times")
    share_links.revoke(share_links.find(token) or pytest.fail(), None, clock.now())
    response = Client().get(f"/s/{token}/live/", headers={"HX-Request": "true"})
    assert response.status_code == 410
    assert response["HX-Refresh"] == "true"


def test_looking_at_it_is_looking_at_the_run() -> None:
    run = store(running())
    page(link(run, "times"))
    run.refresh_from_db()
    assert run.looked_at is not None


def test_views_count_people_not_previews() -> None:
    token = link(rich(), "times")
    page(token)
    for robot in ("Slackbot-LinkExpanding 1.0", "WhatsApp/2.23.20.0 A", "TelegramBot (like x)"):
        page(token, **{"User-Agent": robot})
    page(token, "live/")
    Client().head(f"/s/{token}/")
    found = share_links.find(token)
    assert found
    assert found.views == 1


def test_a_preview_tells_state_and_times_and_has_a_picture() -> None:
    run = rich()
    token = link(run, "outputs", "times", title="Lighthouse “1” <b>")
    text = page(token).replace("\u202f", " ")
    assert (
        'property="og:title" content="✓ Lighthouse “1” &lt;b&gt;, 44.9 s (cold start 31.2 s)"'
        in text
    )
    assert re.search(r'og:description" content="1 output. Shared until \d+ \w+\.', text)
    address = re.search(r'property="og:image" content="([^"]+)"', text)
    assert address and address[1].startswith("http")
    assert 'name="twitter:card" content="summary_large_image"' in text
    response = Client().get(f"/s/{token}/card.png")
    assert response["Content-Type"] == "image/png"
    assert Image.open(BytesIO(response.content)).size == (1200, 630)
    assert "44.9" not in page(link(run, "outputs")).partition("<body")[0]


def test_a_private_link_reveals_the_products_name_only() -> None:
    run = rich()
    response = Client().get(run.get_absolute_url(), follow=True)
    text = response.content.decode()
    assert 'property="og:title" content="Runboard"' in text
    for word in ("secret-project", "lighthouse", "Done", "31.2"):
        assert word not in text
    head = text.partition("<body")[0]
    assert str(run.uuid) not in head


def test_the_preview_shows_our_own_copy_of_a_picture_where_outputs_are_ticked(
    settings: Any, tmp_path: Path
) -> None:
    red = BytesIO()
    Image.new("RGB", (300, 200), (200, 30, 30)).save(red, "PNG")
    with Wire(wired(red.getvalue())) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin)
        run = run_with(f"{origin}/a.png")
        copy_all()

    def corner(*scopes: str) -> Any:
        response = Client().get(f"/s/{link(run, *scopes)}/card.png")
        return Image.open(BytesIO(response.content)).convert("RGB").getpixel((1190, 10))

    assert corner("outputs", "times") == (200, 30, 30)
    assert corner("times") == (14, 14, 14)
    for file in on_disk(tmp_path):
        file.write_bytes(b"no picture any more" * 20)
    assert corner("outputs") == (14, 14, 14), "a broken copy leaves the card without it"


def test_the_place_in_line_is_a_time() -> None:
    run = store(waiting(queue_position=3))
    assert "3 ahead" in page(link(run, "times"))
    for part in ("", "live/"):
        assert "ahead" not in page(link(run, "outputs", "inputs", "names", "labels"), part)


def unpacked(response: Any) -> bytes:
    """The body; of a zip, the names and bytes of its files, the manifest among them."""
    parts = response.streaming_content if response.streaming else [response.content]
    body = b"".join(parts)
    if not body.startswith(b"PK"):
        return body
    with ZipFile(BytesIO(body)) as archive:
        assert "manifest.json" in archive.namelist()
        return b"".join(name.encode() + archive.read(name) for name in archive.namelist())


@pytest.mark.parametrize("scopes", [(), *((one,) for one in EVERYTHING), EVERYTHING])
def test_no_scope_tells_who_started_the_run(
    scopes: tuple[str, ...], settings: Any, tmp_path: Path
) -> None:
    with Wire(wired(picture())) as wire:
        prepare(settings, tmp_path, wire.url.removesuffix("/api"))
        run = run_with(f"{settings.LOCAL_FILES_ORIGIN}/a.png")
        copy_all()
    UpstreamUser.objects.update(name="Mira Okafor", picture="UklGRg==", picture_digest="0f" * 8)
    member = Client()
    member.force_login(person("ana"))
    assert "Mira Okafor" in member.get(run.get_absolute_url()).content.decode()
    given = link(run, *(scopes or ("outputs",)))
    seen = 0
    for reader in (Client(), member):
        for part in ("", "live/", "outputs/", "outputs.zip", "card.png", "values/inputs/0/"):
            response = reader.get(f"/s/{given}/{part}")
            body = unpacked(response)
            seen += response.status_code == 200
            for trace in (b"Mira", b"0f" * 8, b"/people/pictures", b"user_alice", b"Started by"):
                assert trace not in body, part
        assert Client().get("/people/pictures/0f0f0f0f0f0f0f0f.webp").status_code == 302
    assert seen >= 4, "most parts are there"


def test_an_ended_run_whose_files_are_copied_has_the_page_of_an_ended_one(
    settings: Any, tmp_path: Path
) -> None:
    prepare(settings, tmp_path, "https://bucket.s3.us-east-2.amazonaws.com")
    run = store(answer(created=clock.now(), outputs=[element()]))
    _, token = share_links.make(
        run, person("sharer"), scopes=EVERYTHING, title="", life="7", now=clock.now()
    )
    page = Client().get(f"/s/{token}/").content.decode()
    assert f"/s/{token}/live/?still" in page, "its part is asked for while files are copied"
    assert 'class="shared-columns"' in page and page.count('class="phase-table') == 1
    part = Client().get(f"/s/{token}/live/?still").content.decode()
    assert 'aria-label="Phases"' not in part
    assert 'aria-label="Phases"' in Client().get(f"/s/{token}/live/").content.decode()
