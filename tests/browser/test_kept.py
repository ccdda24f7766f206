"""Kept files in a browser: texts, 3D, sound and films from our copies alone."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import BrowserContext, Route, expect

from dashboard.simulator import Simulator
from tests.browser.conftest import DRAWS, Complaints, allow_files_from
from tests.browser.scenes import link_to, picture_of
from tests.builders import answer, store
from tests.gltf_models import vase
from tests.stored_files import copy_all, picture, prepare, run_kept, run_with
from tests.wire import Wire
from tests.wire import answer as sent

CLIPBOARD = ["clipboard-read", "clipboard-write"]
POEM = "\n".join(f"line {number}" for number in range(60))
TREE = json.dumps({"tags": ["cat", "hat"], "seed": 18446744073709551616, "fine": True})


def test_kept_texts_are_copied_folded_coloured_and_unfolded(
    signed_in: Callable[..., BrowserContext],
    site: str,
    settings: Any,
    tmp_path: Path,
    complaints: Complaints,
) -> None:
    files = (("poem.txt", POEM.encode()), ("tree.json", TREE.encode()))
    run = run_kept(settings, tmp_path, *files, created=datetime.now(UTC))
    page = signed_in(permissions=CLIPBOARD).new_page()
    page.goto(site + run.get_absolute_url())
    poem = page.locator(".tile-text").filter(has_text="poem.txt")
    short = poem.locator(".text-body").bounding_box()
    poem.get_by_text("Show all").click()
    expect(poem.get_by_text("Show less")).to_be_visible()
    tall = poem.locator(".text-body").bounding_box()
    assert short and tall and short["height"] < 260 < tall["height"]
    poem.get_by_role("button", name="Copy text").click()
    expect(poem.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == POEM

    tree = page.locator(".tile-text").filter(has_text="tree.json")
    colours = {
        kind: tree.locator(f".json-{kind}").first.evaluate("one => getComputedStyle(one).color")
        for kind in ("key", "string", "number", "word")
    }
    assert len(set(colours.values())) == 4, colours
    tree.locator("details details summary").click()
    expect(tree.get_by_text('"hat"', exact=True)).to_be_hidden()
    tree.get_by_role("button", name="Copy text").click()
    expect(tree.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == TREE
    with page.expect_download() as saved:
        tree.get_by_role("link", name="Download tree.json").first.click()
    assert saved.value.path().read_text() == TREE
    assert complaints == []


def test_a_gltf_with_all_in_it_is_shown(
    signed_in: Callable[..., BrowserContext],
    site: str,
    settings: Any,
    tmp_path: Path,
    complaints: Complaints,
) -> None:
    run = run_kept(settings, tmp_path, ("vase.gltf", vase(picture())))
    page = signed_in().new_page()
    page.goto(site + run.get_absolute_url())
    page.get_by_role("button", name="Show model").click()
    shown = page.locator("[data-model][data-shown] model-viewer")
    expect(shown).to_be_visible(timeout=DRAWS)
    assert shown.evaluate("one => one.getDimensions().y > 0")
    textured = (
        "one => one.model.materials[0].pbrMetallicRoughness.baseColorTexture.texture !== null"
    )
    assert shown.evaluate(textured)
    assert complaints.but_the_model_viewer() == []


def test_a_gltf_that_is_spread_over_files_says_so(
    signed_in: Callable[..., BrowserContext], site: str, settings: Any, tmp_path: Path
) -> None:
    body = b'{"asset": {"version": "2.0"}, "buffers": [{"uri": "vase.bin", "byteLength": 4}]}'
    run = run_kept(settings, tmp_path, ("vase.gltf", body))
    page = signed_in().new_page()
    page.goto(site + run.get_absolute_url())
    page.get_by_role("button", name="Show model").click()
    told = page.locator(".model-message")
    expect(told).to_contain_text("has several files", timeout=DRAWS)
    expect(told.get_by_role("link", name="Download")).to_be_visible()


def test_open_pages_take_over_the_copies_as_they_come(
    signed_in: Callable[..., BrowserContext],
    site: str,
    settings: Any,
    tmp_path: Path,
    upstream: Simulator,
    complaints: Complaints,
) -> None:
    prepare(settings, tmp_path, settings.LOCAL_FILES_ORIGIN)
    run_id = uuid4()
    notes = picture_of(upstream, run_id, "notes_00001_.txt")
    run = store(answer(run_id, created=datetime.now(UTC), outputs=[notes]))
    page, other = signed_in().new_page(), signed_in(None).new_page()
    page.goto(f"{site}{run.get_absolute_url()}")
    expect(page.locator(".fresh")).to_have_text("Ended, copying files")
    expect(page.locator(".tile")).to_contain_text("Runboard is copying this file.")
    other.goto(link_to(run, site))
    expect(other.locator(".tile")).to_contain_text("Runboard is copying this file.")
    copy_all()
    for one in page, other:
        expect(one.locator(".tile .text-body")).to_contain_text("Caption of")
        expect(one.locator("#live")).not_to_have_attribute("hx-trigger", re.compile(".*"))
    expect(page.locator(".fresh")).to_have_text("Ended, up to date")
    assert complaints == []


def test_a_copy_that_the_browser_cannot_play_is_offered_as_download(
    signed_in: Callable[..., BrowserContext], site: str, settings: Any, tmp_path: Path
) -> None:
    run = run_kept(settings, tmp_path, ("a.mp3", b"ID3" + bytes(2000)))
    page = signed_in().new_page()
    # The sound fails before the page's scripts are there.
    held: list[Route] = []
    page.route("**/js/ui*.js", lambda route: held.append(route))
    page.goto(site + run.get_absolute_url(), wait_until="commit")
    page.wait_for_function("() => document.querySelector('audio')?.error")
    for route in held:
        route.continue_()
    told = page.locator(".would-not")
    expect(told).to_contain_text("This browser can't show this file.")
    with page.expect_download() as saved:
        told.get_by_role("link", name="Download").click()
    assert saved.value.path().read_bytes() == b"ID3" + bytes(2000)


def test_a_picture_that_is_gone_says_so(
    signed_in: Callable[..., BrowserContext], site: str, settings: Any, tmp_path: Path
) -> None:
    with Wire(sent(b"", "404 Not Found")) as wire:
        origin = wire.url.removesuffix("/api")
        allow_files_from(settings, origin)
        prepare(settings, tmp_path, origin)
        run = run_with(f"{origin}/a.png")
        copy_all()
        page = signed_in().new_page()
        page.goto(site + run.get_absolute_url())
        told = page.locator(".would-not")
        expect(told).to_contain_text("File removed")
        expect(told).to_contain_text("ComfyDeploy's storage no longer has this file.")
        expect(told.get_by_role("link")).to_have_count(0)
