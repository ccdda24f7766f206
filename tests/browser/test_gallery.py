"""The gallery by keys, on a phone, across runs in the large view, and with very many files."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, Route, expect

from dashboard.domain.roles import VIEWER
from dashboard.models import OutputMark, Run
from dashboard.services.runs import gallery, picks
from dashboard.simulator import Simulator
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.scenes import film, picture_of
from tests.builders import answer, element, person, store

FOCUSED = "() => document.activeElement.closest('.shot')?.dataset.name"
LIGHT = (".gallery-section", ".shot-open")
SKIPS = "one => getComputedStyle(one).contentVisibility"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


def noon() -> datetime:
    """Yesterday's: all of a test's runs are of days that are over."""
    return datetime.now(UTC).replace(hour=12, minute=0) - timedelta(days=1)


def made(upstream: Simulator, number: int, name: str, **given: object) -> Run:
    """A run with one picture, so many minutes ago."""
    run_id, at = uuid4(), noon() - timedelta(minutes=number)
    outputs = [picture_of(upstream, run_id, name)]
    return store(answer(run_id, created=at, outputs=outputs, **given))


@pytest.fixture
def wall(upstream: Simulator) -> None:
    """Pictures a to c of three runs, and a stack of three seeds behind s1."""
    for n, name in enumerate("abc"):
        made(upstream, n, f"{name}.png", workflow_inputs={"prompt": name})
    for n in range(1, 4):
        made(upstream, 10 + n, f"s{n}.png", workflow_inputs={"prompt": "s", "seed": n})


def focused(page: Page) -> str:
    return str(page.evaluate(FOCUSED))


def shown(page: Page) -> list[str]:
    return [
        str(one.get_attribute("data-name")) for one in page.locator(".shot:not([hidden])").all()
    ]


@pytest.mark.usefixtures("wall")
def test_keys_move_open_and_close(page: Page, site: str, complaints: Complaints) -> None:
    page.goto(f"{site}/?view=gallery")
    expect(page.locator(".shot-open[tabindex='0']")).to_have_count(1)
    assert shown(page) == ["a.png", "b.png", "c.png", "s1.png"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert focused(page) == "b.png"
    told = page.locator(".shot:focus-within .shot-caption")
    expect(told).to_contain_text("of it cold start")
    page.keyboard.press("Space")
    expect(page.locator(".large-count")).to_have_text("2 of 4")
    expect(page.locator(".large-about")).to_contain_text("H100")
    page.wait_for_function("() => document.activeElement.closest('.pswp')")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".large-count")).to_have_text("3 of 4")
    run = Run.objects.get(outputs__filename="c.png")
    link = page.locator(".large-about a")
    expect(link).to_have_attribute("href", f"{site}{run.get_absolute_url()}#o-{identity(run)}")
    page.keyboard.press("Escape")
    expect(page.locator(".pswp")).to_have_count(0)
    assert focused(page) == "c.png"
    page.keyboard.press("g")
    expect(page.locator(".rows")).to_be_visible()
    assert complaints == []


def identity(run: Run) -> str:
    return run.outputs.values_list("identity", flat=True)[0]


def marks() -> set[tuple[str, int]]:
    return set(OutputMark.objects.values_list("choice", "rating"))


@pytest.mark.usefixtures("wall")
def test_keys_mark_the_tile_that_has_the_focus(
    page: Page, site: str, complaints: Complaints
) -> None:
    page.goto(f"{site}/?view=gallery")
    tile = page.locator(".shot").first
    page.keyboard.press("ArrowRight")
    page.keyboard.press("p")
    expect(tile.locator(".mark.is-picked")).to_be_visible()
    expect(page.locator("[data-picked]")).to_have_text("1 picked")
    expect(page.locator("#spoken")).to_have_text("Picked")
    page.keyboard.press("3")
    expect(tile.locator(".mark")).to_contain_text("3")
    assert marks() == {("picked", 3)}
    assert focused(page) == "a.png"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("r")
    page.keyboard.press("ArrowRight")  # an answer finds its tile also once the focus has gone on
    expect(page.locator(".shot:nth-child(2) .mark.is-rejected")).to_be_visible()
    faded = "one => getComputedStyle(one).opacity"
    assert page.locator(".shot:nth-child(2) img").evaluate(faded) == "0.38"
    assert marks() == {("picked", 3), ("rejected", 0)}
    page.keyboard.press("ArrowRight")
    expect(page.locator(".shot .marking")).to_have_count(1)
    page.reload()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("p")
    expect(page.locator("[data-picked]")).to_be_empty()
    assert marks() == {("", 3), ("rejected", 0)}
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Pick output")
    assert complaints == []


@pytest.mark.usefixtures("wall")
def test_keys_and_buttons_mark_in_the_large_view(
    signed_in: Callable[..., BrowserContext], site: str
) -> None:
    page = signed_in(bypass_csp=True).new_page()
    page.goto(f"{site}/?view=gallery")
    page.locator(".shot-open").first.click()
    expect(page.locator(".pswp--open .large-count")).to_have_text("1 of 4")
    page.wait_for_function("() => document.activeElement.closest('.pswp')")
    on = page.locator(".large-marking [aria-pressed=true]")
    page.keyboard.press("r")
    expect(on).to_have_attribute("data-word", "rejected")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".large-count")).to_have_text("2 of 4")
    expect(on).to_have_count(0)
    page.locator('.large-marking [data-word="picked"]').click()
    expect(on).to_have_attribute("data-word", "picked")
    page.keyboard.press("3")
    expect(on).to_have_count(2)
    assert marks() == {("rejected", 0), ("picked", 3)}
    page.keyboard.press("ArrowLeft")
    expect(on).to_have_attribute("data-word", "rejected")
    expect(page.locator(".large-marked")).to_contain_text("Rejected")
    assert violations(page) == []


@pytest.mark.usefixtures("wall")
def test_viewers_see_marks_and_have_no_keys_for_them(
    signed_in: Callable[..., BrowserContext], site: str
) -> None:
    run = Run.objects.get(outputs__filename="a.png")
    picks.mark(run, run.outputs.get().pk, person("mira"), noon(), choice="picked")
    person("vic", VIEWER)
    page = signed_in("vic").new_page()
    page.goto(f"{site}/?view=gallery")
    expect(page.locator(".shot .is-picked")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("p")
    page.keyboard.press("Space")
    expect(page.locator(".large-marked")).to_have_text("Picked")
    expect(page.locator(".large-marking button")).to_have_count(0)
    page.wait_for_function("() => document.activeElement.closest('.pswp')")
    page.keyboard.press("r")
    page.keyboard.press("Escape")
    expect(page.locator(".pswp")).to_have_count(0)
    assert marks() == {("picked", 0)}


@pytest.mark.usefixtures("wall")
def test_a_stack_opens_in_its_place_by_key_and_click(
    page: Page, site: str, complaints: Complaints
) -> None:
    page.goto(f"{site}/?view=gallery")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    assert focused(page) == "s1.png"
    page.keyboard.press("o")
    assert shown(page)[3:] == ["s1.png", "s2.png", "s3.png"]
    assert focused(page) == "s1.png"
    page.keyboard.press("o")
    assert shown(page)[3:] == ["s1.png"]
    page.locator(".is-stack .shot-open").click()
    assert shown(page)[3:] == ["s1.png", "s2.png", "s3.png"]
    page.get_by_role("switch").click()
    expect(page.locator(".is-stack")).to_have_count(0)
    assert len(shown(page)) == 6
    assert complaints == []


def test_a_stack_goes_on_with_the_next_page_and_tells_its_picks(
    page: Page,
    site: str,
    upstream: Simulator,
    complaints: Complaints,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gallery, "PAGE_RUNS", 3)
    for n in range(5):
        made(upstream, n, f"{n}.png", workflow_inputs={"prompt": "s", "seed": n})
    made(upstream, 6, "other.png", workflow_inputs={"prompt": "other"})
    page.goto(f"{site}/?view=gallery")
    expect(page.locator(".is-stack [data-pile=badge]")).to_have_text(["5 seeds"])
    expect(page.locator(".run-tick")).to_have_count(6)
    assert shown(page) == ["0.png", "other.png"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("o")
    assert shown(page) == [*(f"{n}.png" for n in range(5)), "other.png"]
    page.keyboard.press("ArrowRight")
    page.keyboard.press("p")
    expect(page.locator(".shot:focus-within .mark.is-picked")).to_be_visible()
    page.keyboard.press("o")
    expect(page.locator(".is-stack .shot-picks")).to_have_text("1")
    expect(page.locator(".is-stack .shot-open")).to_have_accessible_name(
        re.compile("5 seeds, 1 picked$")
    )
    page.reload()
    expect(page.locator(".is-stack .shot-picks")).to_have_text("1")
    assert complaints == []


def test_another_filter_is_shown_also_after_older_pages(
    page: Page, site: str, upstream: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "PAGE_RUNS", 2)
    for n in range(5):
        made(upstream, n * 2000, f"{n}.png", gpu="T4" if n == 1 else "H100")
    page.goto(f"{site}/?view=gallery")
    expect(page.locator(".gallery-page")).to_have_count(3)
    page.locator(".facet summary", has_text="GPU").click()
    page.get_by_label("T4").check()
    expect(page.locator(".shot")).to_have_count(1)
    assert shown(page) == ["1.png"]


def test_an_older_page_that_did_not_come_is_asked_for_again(
    page: Page, site: str, upstream: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "PAGE_RUNS", 2)
    for n in range(3):
        made(upstream, n * 2000, f"{n}.png")
    refused: list[str] = []

    def refuse(route: Route) -> None:
        refused.append(route.request.url)
        route.abort()

    page.route("**/*after=*", refuse, times=1)
    page.goto(f"{site}/?view=gallery")
    page.wait_for_timeout(300)
    page.keyboard.press("ArrowRight")
    expect(page.locator(".shot")).to_have_count(3)
    assert len(refused) == 1


@pytest.mark.usefixtures("wall")
def test_up_and_down_go_to_the_nearest_of_the_next_row(
    signed_in: Callable[..., BrowserContext], site: str
) -> None:
    page = signed_in(viewport={"width": 700, "height": 900}).new_page()
    page.goto(f"{site}/?view=gallery&stack=0")
    page.keyboard.press("ArrowRight")
    first = page.locator(".shot:focus-within").bounding_box()
    page.keyboard.press("ArrowDown")
    below = page.locator(".shot:focus-within").bounding_box()
    assert first and below
    assert below["y"] > first["y"] + first["height"] / 2
    page.keyboard.press("ArrowUp")
    assert focused(page) == "a.png"


def test_the_large_view_goes_on_into_the_next_page(
    page: Page,
    site: str,
    upstream: Simulator,
    complaints: Complaints,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gallery, "PAGE_RUNS", 2)
    for n in range(5):
        made(upstream, n * 2000, f"{n}.png")
    page.route("**/*after=*", lambda route: route.continue_())
    page.goto(f"{site}/?view=gallery")
    page.locator(".shot-open").first.click()
    for n in range(2, 6):
        page.wait_for_function("() => document.activeElement.closest('.pswp')")
        page.keyboard.press("ArrowRight")
        expect(page.locator(".large-head strong")).to_have_text(f"{n - 1}.png")
    expect(page.locator(".large-count")).to_have_text("5 of 5")
    page.keyboard.press("Escape")
    expect(page.locator(".pswp")).to_have_count(0)
    assert focused(page) == "4.png"
    assert complaints == []


def test_a_film_is_played_in_the_large_view(page: Page, site: str, upstream: Simulator) -> None:
    run_id = uuid4()
    store(answer(run_id, outputs=[film(upstream, run_id)]))
    page.goto(f"{site}/?view=gallery")
    page.locator(".shot-open").click()
    expect(page.locator(".pswp video[controls]")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.usefixtures("wall")
def test_a_phone_shows_the_wall_and_the_facts_in_the_large_view(
    signed_in: Callable[..., BrowserContext], site: str, theme: str, complaints: Complaints
) -> None:
    page = signed_in(**PHONE, color_scheme=theme).new_page()
    page.goto(f"{site}/?view=gallery")
    expect(page.locator(".view-switch a").first).to_be_visible()
    wide = "() => document.documentElement.scrollWidth <= innerWidth"
    assert page.evaluate(wide)
    page.locator(".shot-open").first.tap()
    expect(page.locator(".large-about")).to_contain_text("cold start")
    expect(page.locator(".shot > .shot-caption:visible")).to_have_count(0)
    assert page.evaluate(wide)
    assert complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.usefixtures("wall")
def test_the_gallery_is_clean_for_axe(
    signed_in: Callable[..., BrowserContext], site: str, theme: str
) -> None:
    page = signed_in(color_scheme=theme, bypass_csp=True).new_page()
    page.goto(f"{site}/?view=gallery")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    expect(page.locator(".shot-tick input:checked")).to_have_count(1)
    assert violations(page) == []


def test_two_thousand_files_stay_light(page: Page, site: str, complaints: Complaints) -> None:
    """Tiles out of sight are not drawn, and what is drawn of a tile is little."""
    now = noon()
    for n in range(100):
        outputs = [element(f"{n}-{file}.png") for file in range(20)]
        store(answer(created=now - timedelta(hours=n), outputs=outputs))
    page.route("https://bucket.s3.us-east-2.amazonaws.com/**", lambda route: route.abort())
    page.goto(f"{site}/?view=gallery&stack=0")
    for pages in range(2, 11):
        page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
        expect(page.locator(".gallery-page")).to_have_count(pages)
    expect(page.locator(".shot")).to_have_count(2000)
    assert page.evaluate("() => document.querySelectorAll('*').length") < 2000 * 4 + 1000
    assert [page.locator(part).first.evaluate(SKIPS) for part in LIGHT] == ["auto", "auto"]
    assert [one for one in complaints if "ERR_FAILED" not in one] == []


@pytest.mark.usefixtures("wall")
def test_tiles_select_their_runs(page: Page, site: str, complaints: Complaints) -> None:
    page.goto(f"{site}/?view=gallery")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("x")
    expect(page.locator("#selection")).to_contain_text("1 run")
    expect(page.locator("#selection")).to_contain_text("1 file")
    expect(page.locator(".shot.is-selected")).to_have_count(1)
    page.locator(".shot").nth(2).hover()
    page.locator(".shot-tick input").last.check()
    expect(page.locator("#selection")).to_contain_text("2 runs")
    page.get_by_role("button", name="All 6 matching").click()
    expect(page.locator("#selection")).to_contain_text("6 runs")
    expect(page.locator(".shot.is-selected")).to_have_count(6)
    page.keyboard.press("*")
    expect(page.locator("#selection")).to_contain_text("Starred 6 runs.")
    page.keyboard.press("Escape")
    expect(page.locator(".shot.is-selected")).to_have_count(0)
    assert complaints == []


@pytest.mark.usefixtures("wall")
def test_a_finger_that_stays_on_a_tile_selects_its_run(
    signed_in: Callable[..., BrowserContext], site: str
) -> None:
    page = signed_in(**PHONE).new_page()
    page.goto(f"{site}/?view=gallery")
    shot = page.locator(".shot-open").first
    box = shot.bounding_box()
    assert box
    touch = {
        "pointerType": "touch",
        "clientX": box["x"] + 9,
        "clientY": box["y"] + 9,
        "bubbles": True,
    }
    shot.dispatch_event("pointerdown", touch)
    expect(page.locator("#selection")).to_contain_text("1 run")
    expect(page.locator(".shot.is-selected")).to_have_count(1)


@pytest.mark.parametrize("way", ["pointer", "large"])
@pytest.mark.usefixtures("wall")
def test_a_tile_gives_the_link_to_its_file_on_the_runs_page(
    signed_in: Callable[..., BrowserContext], site: str, way: str
) -> None:
    context = signed_in()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/?view=gallery")
    tile = page.locator(".shot", has=page.get_by_text("b.png"))
    if way == "pointer":
        tile.hover()
        button = tile.get_by_role("button", name="Copy link to b.png", exact=True)
    else:
        tile.locator(".shot-open").click()
        button = page.locator(".pswp").get_by_role("button", name="Copy link to b.png")
    button.click()
    expect(page.locator("#spoken")).to_contain_text("Copied")
    run = Run.objects.get(outputs__filename="b.png")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{settings.PUBLIC_URL}{run.get_absolute_url()}#o-{identity(run)}"
    page.goto(site + copied.removeprefix(settings.PUBLIC_URL))
    expect(page.locator(f"#o-{identity(run)}")).to_be_visible()


@pytest.mark.usefixtures("wall")
def test_the_wall_is_grouped_by_prompt_and_by_workflow(
    signed_in: Callable[..., BrowserContext], site: str, complaints: Complaints
) -> None:
    page = signed_in(bypass_csp=True).new_page()
    page.goto(f"{site}/?view=gallery")
    groups = page.get_by_role("navigation", name="Group by")
    expect(groups.locator("[aria-current=true]")).to_have_text("Day")
    groups.get_by_role("link", name="Prompt").click()
    heads = page.locator(".gallery-head h2 bdi")
    expect(heads).to_have_text(["a", "b", "c", "s"])
    expect(page.locator(".gallery-section").last.locator(".is-stack")).to_have_count(1)
    expect(page.locator(".gallery-part:visible")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert focused(page) == "b.png"
    page.keyboard.press("p")
    second = page.locator(".gallery-section").nth(1)
    expect(second.locator("[data-picked]")).to_have_text("1 picked")
    assert violations(page) == []
    page.get_by_role("switch").click()
    expect(heads).to_have_count(4)
    groups.get_by_role("link", name="Workflow").click()
    expect(heads).to_have_count(1)
    expect(page.locator(".shot")).to_have_count(6)
    assert complaints == []


TOLD = """all => all.map((one) => [
    one.querySelector(".gallery-head").innerText, ...one.querySelectorAll(".shot:not([hidden])")
].map((part) => part.dataset?.name ?? part.replace(/\\s+/g, " ")).join(" | "))"""


def test_sections_go_on_or_are_continued_with_the_next_page(
    page: Page,
    site: str,
    upstream: Simulator,
    complaints: Complaints,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gallery, "PAGE_RUNS", 3)
    for n, prompt in enumerate("a-bba-a"):
        seeded = {"prompt": prompt * 5, "seed": n}
        if prompt == "-":
            store(answer(created=noon() - timedelta(minutes=n), workflow_inputs=seeded))
        else:
            made(upstream, n, f"{n}.png", workflow_inputs=seeded)
    page.goto(f"{site}/?view=gallery&group=prompt")
    expect(page.locator(".run-tick")).to_have_count(5)
    assert page.locator(".gallery-section").evaluate_all(TOLD) == [
        "aaaaa 1 file from 1 run | 0.png",
        "bbbbb 2 files from 2 runs | 2.png",
        "aaaaa continued 2 files from 2 runs | 4.png",
        "No files 2 runs made no files",
    ]
    expect(page.locator(".gallery-part:visible")).to_have_count(0)  # all is there
    page.locator(".is-stack .shot-open").last.click()
    assert shown(page) == ["0.png", "2.png", "4.png", "6.png"]
    assert complaints == []


def test_what_a_section_shows_so_far_is_said(
    page: Page, site: str, upstream: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gallery, "PAGE_RUNS", 1)
    for n in range(2):
        made(upstream, n, f"{n}.png", workflow_inputs={"prompt": f"same {n}"})
    held: list[Route] = []
    page.route("**/*after=*", lambda route: held.append(route))
    page.goto(f"{site}/?view=gallery&group=workflow")
    expect(page.locator(".gallery-head")).to_contain_text("1 file from 1 run shown")
    page.wait_for_timeout(300)
    for route in held:
        route.continue_()
    expect(page.locator(".shot")).to_have_count(2)
    expect(page.locator(".gallery-head")).to_contain_text("2 files from 2 runs")
    expect(page.locator(".gallery-part:visible")).to_have_count(0)


def test_a_phone_chooses_what_the_wall_is_grouped_by(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    made(upstream, 0, "a.png", workflow_inputs={"prompt": "word " * 40})
    page = signed_in(**PHONE, bypass_csp=True).new_page()
    page.goto(f"{site}/?view=gallery")
    page.get_by_role("link", name="Prompt").tap()
    expect(page.locator(".gallery-head h2")).to_contain_text("word word")
    for link in page.locator(".group-switch a").all():
        box = link.bounding_box()
        assert box and box["height"] >= 44
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_a_narrow_tiles_actions_stay_on_it_and_off_its_tick(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    made(upstream, 0, "a.png")
    page = signed_in(viewport={"width": 700, "height": 900}).new_page()
    page.goto(f"{site}/?view=gallery")
    tile = page.locator(".shot")
    tile.evaluate("one => one.style.setProperty('--ratio', 0.7)")
    tile.hover()
    boxes = {
        part: page.locator(part).bounding_box() for part in (".shot", ".shot-actions", ".shot-tick")
    }
    whole, actions, tick = (boxes[part] or {} for part in boxes)
    assert actions["x"] >= whole["x"] and actions["y"] + actions["height"] <= (
        whole["y"] + whole["height"]
    )
    assert tick["x"] + tick["width"] <= actions["x"]
