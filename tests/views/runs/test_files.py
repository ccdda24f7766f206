"""Kept files as they are served, and as pages show them."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dashboard.domain.media.gltf import glb_of
from dashboard.models import Output, Run, StoredFile
from dashboard.services.sharing import share_links
from tests.builders import person
from tests.conftest import SAMPLES
from tests.gltf_models import vase
from tests.markup import one_line
from tests.stored_files import (
    copy_all,
    counted,
    noise,
    on_disk,
    picture,
    prepare,
    run_kept,
    run_with,
    saved,
)
from tests.wire import Wire, answer

pytestmark = pytest.mark.django_db
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def kept(settings: Any, folder: Path, body: bytes, name: str = "a b.png") -> StoredFile:
    """A copy whose server is gone by now."""
    with Wire(answer(body)) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, folder, origin)
        run_with(f"{origin}/{name}")
        copy_all()
    return StoredFile.objects.get(reason="")


def address(one: StoredFile, name: str = "a%20b.png") -> str:
    assert one.run is not None
    return f"/runs/{one.run.uuid}/files/{one.pk}/{name}"


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_a_picture_is_served_where_nothing_of_it_runs(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    one = kept(settings, tmp_path, picture())
    response = ana.get(address(one))
    assert body_of(response) == picture()
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["Content-Disposition"] == "inline; filename*=UTF-8''a%20b.png"
    assert response.headers["Content-Length"] == str(one.size)
    again = ana.get(address(one), headers={"If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    download = ana.get(f"{address(one)}?download")
    assert download.headers["Content-Disposition"].startswith("attachment;")
    body_of(download)


@pytest.mark.parametrize("body", [SVG, b"<!doctype html><script>alert(1)</script>", b"%PDF-1.7"])
def test_whatever_could_run_is_a_download(
    settings: Any, tmp_path: Path, ana: Client, body: bytes
) -> None:
    response = ana.get(address(kept(settings, tmp_path, body)))
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert body_of(response) == body


@pytest.mark.parametrize(
    ("asked", "status", "range_", "told"),
    [
        ("bytes=0-3", 206, (0, 4), "bytes 0-3/10"),
        ("bytes=4-", 206, (4, 10), "bytes 4-9/10"),
        ("bytes=-3", 206, (7, 10), "bytes 7-9/10"),
        ("bytes=8-99", 206, (8, 10), "bytes 8-9/10"),
        ("bytes=10-", 416, (0, 0), "bytes */10"),
        ("bytes=-0", 416, (0, 0), "bytes */10"),
        ("bytes=5-4", 200, (0, 10), None),
        ("bytes=0-1,3-4", 200, (0, 10), None),
        ("lines=1-2", 200, (0, 10), None),
    ],
)
def test_ranges(
    settings: Any,
    tmp_path: Path,
    ana: Client,
    asked: str,
    status: int,
    range_: tuple[int, int],
    told: str | None,
) -> None:
    one = kept(settings, tmp_path, b"0123456789")
    response = ana.get(address(one), headers={"Range": asked})
    assert response.status_code == status
    assert response.headers.get("Content-Range") == told
    sent = body_of(response) if response.streaming else response.content
    assert sent == b"0123456789"[slice(*range_)]
    other = ana.get(address(one), headers={"Range": "bytes=0-3", "If-Range": '"another"'})
    assert (other.status_code, body_of(other)) == (200, b"0123456789")


def test_heads_are_told_without_the_file(settings: Any, tmp_path: Path, ana: Client) -> None:
    one = kept(settings, tmp_path, picture())
    head = ana.head(address(one))
    assert (head.status_code, body_of(head)) == (200, b"")
    assert head.headers["Content-Length"] == str(one.size)
    assert head.headers["Accept-Ranges"] == "bytes"
    part = ana.head(address(one), headers={"Range": "bytes=2-5"})
    assert (part.status_code, body_of(part)) == (206, b"")
    assert part.headers["Content-Range"] == f"bytes 2-5/{one.size}"
    on_disk(tmp_path)[0].unlink()
    assert ana.head(address(one)).status_code == 404


def test_a_folder_that_is_not_mounted_costs_no_copy(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    one = kept(settings, tmp_path, picture())
    away = tmp_path.rename(tmp_path.with_name("away"))
    for empty in (False, True):
        if empty:
            tmp_path.mkdir()
        assert ana.get(address(one)).status_code == 503
        one.refresh_from_db()
        assert one.reason == ""
    tmp_path.rmdir()
    away.rename(tmp_path)
    assert body_of(ana.get(address(one))) == picture()


def test_only_those_who_may_see_the_run_get_its_files(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    one = kept(settings, tmp_path, picture())
    assert Client().get(address(one)).status_code == 302
    other = run_with("https://bucket.example/b.png")
    assert ana.get(f"/runs/{other.uuid}/files/{one.pk}/a.png").status_code == 404


def test_with_the_bucket_gone_the_page_shows_the_copy(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    one = kept(settings, tmp_path, picture())
    page = ana.get(Run.objects.get().get_absolute_url()).content.decode()
    assert f'src="{address(one)}"' in page
    assert f'data-link="{address(one)}?download"' in page
    assert "The file is stored until the run is removed." in page
    assert Output.objects.get().url not in page.split('id="outputs"')[1].split("</section>")[0]


def test_a_share_link_opens_its_runs_files_and_no_others(settings: Any, tmp_path: Path) -> None:
    one = kept(settings, tmp_path, picture())
    run = Run.objects.get()
    now = timezone.now()
    _, token = share_links.make(
        run, person("ben"), scopes=frozenset({"times", "outputs"}), title="", life="1", now=now
    )
    page = Client().get(f"/s/{token}/").content.decode()
    assert f'src="/s/{token}/files/{one.pk}/a%20b.png"' in page
    assert f"/runs/{run.uuid}/files" not in page
    response = Client().get(f"/s/{token}/files/{one.pk}/a.png")
    assert body_of(response) == picture()
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    _, without = share_links.make(
        run, person("cem"), scopes=frozenset({"times"}), title="", life="1", now=now
    )
    assert Client().get(f"/s/{without}/files/{one.pk}/a.png").status_code == 404


def test_a_small_picture_is_loaded_in_the_tile_and_the_whole_one_opens(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    one = kept(settings, tmp_path, saved(noise(900, 600)), "a.png")
    page = ana.get(Run.objects.get().get_absolute_url()).content.decode()
    small = f"/runs/{Run.objects.get().uuid}/files/{one.pk}/small.webp?small"
    assert f'src="{small}"' in page
    assert f'href="{address(one, "a.png")}"' in page
    assert f'<span class="thumb"><img src="{small}"' in one_line(ana.get("/").content.decode())
    response = ana.get(small)
    assert response.headers["Content-Type"] == "image/webp"
    assert response.headers["Content-Length"] == str(one.thumb_size)
    assert body_of(response).startswith(b"RIFF")


def test_with_small_pictures_alone_the_page_says_so(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    with Wire(answer(saved(noise(900, 600)))) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin, KEEP_OUTPUTS="thumbnails")
        run = run_with(f"{origin}/a.png")
        copy_all()
    one = StoredFile.objects.get()
    page = ana.get(run.get_absolute_url()).content.decode()
    assert "Thumbnails are stored until the run is removed." in page
    assert "Only a thumbnail of this file is stored." in page
    assert ana.get(address(one, "a.png")).status_code == 404
    assert body_of(ana.get(f"{address(one, 'small.webp')}?small")).startswith(b"RIFF")


def test_a_copy_that_vanished_is_not_found_and_made_again(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    one = kept(settings, tmp_path, picture())
    on_disk(tmp_path)[0].write_bytes(b"half")
    assert ana.get(address(one)).status_code == 404
    one.refresh_from_db()
    assert one.reason == "gone" and one.next_at is not None


def test_a_file_that_is_not_kept_says_why(settings: Any, tmp_path: Path, ana: Client) -> None:
    with Wire(answer(b"", "404 Not Found")) as wire:
        origin = wire.url.removesuffix("/api")
        prepare(settings, tmp_path, origin)
        run = run_with(f"{origin}/a.zip")
        copy_all()
    page = ana.get(run.get_absolute_url()).content.decode()
    assert "ComfyDeploy&#x27;s storage no longer has this file." in page
    assert "stored" not in page


def test_a_gltf_is_given_as_glb_where_that_is_asked_for(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    one = kept(settings, tmp_path, vase(), "vase.gltf")
    page = ana.get(Run.objects.get().get_absolute_url()).content.decode()
    assert f'data-model="{address(one, "vase.gltf")}?glb"' in page
    response = ana.get(f"{address(one, 'vase.gltf')}?glb")
    assert body_of(response) == glb_of(vase())
    assert response.headers["Content-Type"] == "model/gltf-binary"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert body_of(ana.get(f"{address(one, 'vase.gltf')}?download")) == vase()


def test_a_gltf_that_needs_other_files_is_not_made_glb(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    one = kept(settings, tmp_path, b'{"buffers": [{"uri": "vase.bin"}]}', "vase.gltf")
    assert ana.get(f"{address(one, 'vase.gltf')}?glb").status_code == 404
    one.refresh_from_db()
    assert one.reason == ""


def test_the_page_says_until_when_and_that_a_starred_run_stays(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    kept(settings, tmp_path, picture())
    settings.KEEP_DAYS = 90.0
    Run.objects.update(sorted_at=datetime(2026, 11, 24, tzinfo=UTC))
    run = Run.objects.get()
    page = ana.get(run.get_absolute_url()).content.decode()
    assert "The file is stored until 22 Feb 2027. Starred runs stay." in page
    star = f"{run.get_absolute_url()}star/"
    told = ana.post(star, {"on": "1"}, headers={"HX-Request": "true"})
    assert "outputs-changed" in told.headers["HX-Trigger"]
    part = ana.get(f"{run.get_absolute_url()}outputs/").content.decode()
    assert "The file is stored as long as the run is starred." in part


def test_a_share_link_tells_of_no_star(settings: Any, tmp_path: Path) -> None:
    kept(settings, tmp_path, picture())
    settings.KEEP_DAYS = 90.0
    Run.objects.update(starred=True)
    _, token = share_links.make(
        Run.objects.get(),
        person("ben"),
        scopes=frozenset({"outputs"}),
        title="",
        life="1",
        now=timezone.now(),
    )
    page = Client().get(f"/s/{token}/").content.decode()
    assert "The file is stored." in page and "starred" not in page.casefold()


@pytest.mark.parametrize(
    ("keep", "live", "told"),
    [
        ("none", False, "Storing files is turned off."),
        ("all", True, "This file is copied once the run ends."),
        ("thumbnails", False, "Only thumbnails are stored, and this kind of file has none."),
    ],
)
def test_a_model_without_a_copy_says_why_it_is_not_shown(
    settings: Any, ana: Client, keep: str, live: bool, told: str
) -> None:
    settings.KEEP_OUTPUTS = keep
    status = {"status": "running", "ended_at": None} if live else {}
    run = run_with("https://bucket.example/vase.glb", **status)
    page = ana.get(f"{run.get_absolute_url()}outputs/").content.decode()
    assert "3D model, shown once copied" in page
    assert told in page


def test_a_small_picture_that_vanished_leaves_the_file(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    one = kept(settings, tmp_path, saved(noise(1200, 900)))
    assert one.thumb_size and counted() == one.size
    version = one.run.shown_version
    next(path for path in on_disk(tmp_path) if path.suffix == ".webp").unlink()
    assert ana.get(f"{address(one)}?small").status_code == 404
    length = one.length
    one = StoredFile.objects.select_related("run").get()
    assert (one.reason, one.thumb_size, one.size) == ("", 0, length)
    assert counted() == length and one.run.shown_version != version
    assert len(body_of(ana.get(address(one)))) == length


def test_what_was_put_off_by_a_setting_is_not_said_to_come(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    prepare(settings, tmp_path)
    run = run_with("https://bucket.example/a.bin")
    assert "Runboard is copying this file." in ana.get(run.get_absolute_url()).content.decode()
    settings.KEEP_OUTPUTS = "none"
    told = ana.get(f"{run.get_absolute_url()}outputs/").content.decode()
    assert "We are copying" not in told


def test_an_empty_file_says_so_whatever_its_name(
    settings: Any, tmp_path: Path, ana: Client
) -> None:
    empty = (SAMPLES / "files" / "empty.png").read_bytes()
    names = ("a.png", "b.mp4", "c.txt", "d.glb", "e.mp3", "f")
    run = run_kept(settings, tmp_path, *((name, empty) for name in names))
    page = ana.get(run.get_absolute_url()).content.decode()
    tiles = page.split('<li\n  class="tile ')[1:]
    assert len(tiles) == len(names)
    for tile in tiles:
        assert tile.startswith("tile-file")
        assert '<span class="dim">empty file, 0 B</span>' in re.sub(r"\s*\n\s*", "", tile)
        assert "no preview" not in tile


def test_an_avif_of_any_brand_is_shown(settings: Any, tmp_path: Path, ana: Client) -> None:
    body = (SAMPLES / "files" / "mif1.avif").read_bytes()
    miaf = body.replace(b"ftypmif1", b"ftypmiaf", 1)
    run = run_kept(settings, tmp_path, ("a.avif", body), ("b.png", miaf))
    for one in StoredFile.objects.all():
        assert (one.type, one.inline) == ("image/avif", True)
        response = ana.get(address(one))
        assert (response.status_code, response.headers["Content-Type"]) == (200, "image/avif")
    page = ana.get(run.get_absolute_url()).content.decode()
    assert page.count('class="tile tile-image') == 2
