"""What a page keeps to: nothing jumps; a phone, paper, touch, the keyboard, what is spoken."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.models import Deployment, Name, Run
from dashboard.services.runs import labels, pasted
from dashboard.services.runs.fetch import refresh_run, track_run
from dashboard.simulator import Simulator
from tests.browser.axe import violations
from tests.browser.pages import batch_of
from tests.browser.scenes import SHIFTS, ask, done_run, film, picture_of, shifted, stop_clock
from tests.builders import answer, body, element, running, store

INPUTS = {"prompt": "a cat", "seed": 42, "sizes": [1, 2], "image": "https://files.example/a.png"}
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_jumps_while_a_page_loads(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator, width: int
) -> None:
    run_id = done_run(upstream)
    for path in ("/", f"/runs/{run_id}/"):
        context = signed_in(viewport={"width": width, "height": 900})
        context.add_init_script(SHIFTS)
        page = context.new_page()
        page.goto(site + path)
        page.wait_for_load_state("networkidle")
        total, shifts = shifted(page)
        assert total <= 0.01, (path, shifts)


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_jumps_while_a_run_goes_on(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator, width: int
) -> None:
    run_id, created = uuid4(), datetime.now(UTC)
    steps = [body(running(run_id, created=created, progress=n / 10)) for n in range(1, 5)]
    upstream.script(run_id, steps)
    context = signed_in(viewport={"width": width, "height": 900})
    context.add_init_script(SHIFTS)
    page = context.new_page()
    page.goto(f"{site}/runs/{run_id}/")
    expect(page.locator("#live")).to_contain_text("40")
    total, shifts = shifted(page)
    assert total <= 0.01, shifts


def test_a_phone_has_its_places_at_the_bottom_of_lists(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    run_id = done_run(upstream)
    page = signed_in(viewport=PHONE).new_page()
    page.goto(site)
    box = page.locator(".places").bounding_box()
    assert box and box["y"] + box["height"] == PHONE["height"] and box["height"] == 80
    page.locator(".places").get_by_role("link", name="Following").click()
    page.wait_for_url("**/following/")
    page.goto(f"{site}/runs/{run_id}/")
    expect(page.locator(".places")).to_be_hidden()


def test_paper_is_light_has_no_buttons_and_unfolds(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    run_id = done_run(upstream)
    page = signed_in(color_scheme="dark").new_page()
    page.goto(f"{site}/runs/{run_id}/")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("#fields table")).to_be_visible()
    for hidden in (".actions", ".top", ".foot", ".fresh"):
        expect(page.locator(hidden)).to_be_hidden()
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == "rgb(250, 250, 250)"
    after = "getComputedStyle(document.querySelector('.tile[data-link]'), '::after').content"
    assert f"/media/{run_id}/" in page.evaluate(after)
    columns = page.locator(".side").bounding_box(), page.locator(".timing").bounding_box()
    assert columns[0] and columns[1] and columns[0]["y"] > columns[1]["y"]


def test_paper_shows_a_failed_run_whole_and_nothing_that_waits_for_a_hand(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    run_id = failed_run()
    page = signed_in().new_page()
    page.goto(f"{site}/runs/{run_id}/")
    expect(page.locator("#rename, .tag-add, #notes-part, #log, #raw")).to_have_count(5)
    page.emulate_media(media="print")
    expect(page.get_by_text("Traceback (most recent call last)", exact=True)).to_be_visible()
    expect(page.locator(".error-text")).to_have_text("CUDA out of memory")
    for hidden in ("#rename", ".tag-add", "#notes-part", "#log", "#raw"):
        expect(page.locator(hidden)).to_be_hidden()
    assert "Loading…" not in page.locator("main").inner_text()
    labels.add_note(Run.objects.get(uuid=run_id), "Too large", None)
    page.emulate_media(media="screen")
    page.reload()
    page.locator("#raw summary").click()
    page.wait_for_selector("#raw-text")
    page.emulate_media(media="print")
    expect(page.get_by_text("Too large")).to_be_visible()
    expect(page.locator("#raw-text")).to_be_hidden()  # it names a user


# WCAG 2.5.8: a link in a sentence is held by the line it stands in, so words beside it in the
# same paragraph exempt it. A row or card is one target, and so is what a label holds.
SMALL = """(least) => {
    const inSentence = (one) => {
        const text = one.matches('a') && getComputedStyle(one).display === 'inline'
            && one.closest('p, dd, li, summary, span');
        return text && text.textContent.trim() !== one.textContent.trim();
    };
    return [...document.querySelectorAll('a[href], button, summary, input, select, textarea')]
        .filter((one) => one.checkVisibility({visibilityProperty: true}))
        .filter((one) => !one.matches('.cover, .skip, .sr, .sr-focusable'))
        .filter((one) => !one.closest('.sr') && !inSentence(one))
        .map((one) => [one, (one.closest('label') ?? one).getBoundingClientRect()])
        .filter(([, box]) => box.width > 0 && Math.min(box.height, box.width) < least - 0.01)
        .map(([one, box]) => `${one.outerHTML.slice(0, 110)} ${box.width}x${box.height}`);
}"""


@pytest.mark.parametrize(("touch", "least"), [(False, 24), (True, 44)])
def test_targets_are_large_enough(
    signed_in: Callable[..., BrowserContext],
    site: str,
    upstream: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    touch: bool,
    least: int,
) -> None:
    for most in ("MAX_FAILURES", "MAX_ROWS"):
        monkeypatch.setattr(f"dashboard.views.runs.batch.{most}", 1)
    run_id, live_id, now = done_run(upstream), uuid4(), datetime.now(UTC)
    made = running(live_id, created=now, outputs=[film(upstream, live_id)])
    upstream.script(live_id, [body(made)])
    store(made)
    size = PHONE if touch else {"width": 1440, "height": 900}
    page = signed_in(viewport=size, has_touch=touch, is_mobile=touch).new_page()
    found = {}
    failed, lost = failed_run(), f"/runs/{uuid4()}/"
    batch = batch_of(upstream, now)
    runs = [f"/runs/{one}/" for one in (run_id, live_id, failed, named_run(batch))]
    more = ["/", "/?show=cold&q=zzz", f"/?ids={pasted.pack([uuid4(), uuid4()])}", "/?starred=1"]
    more += [f"/batches/{batch}/", f"/?batch={batch}&machine=-&version=v3"]
    for path in (*runs, *more, lost, f"/runs/{run_id}/share/", "/shares/", "/following/",
                 "/account/", "/account/password/"):  # fmt: skip
        page.goto(site + path)
        page.mouse.move(5, 5)
        page.wait_for_load_state("networkidle")
        if small := page.evaluate(SMALL, least):
            found[path] = small
    told = {one: path for path, small in found.items() for one in small}
    assert not told, "\n".join(f"{path}: {one}" for one, path in told.items())


def failed_run() -> UUID:
    """A run whose error is known, with its traceback and a note."""
    run = store(answer(created=datetime.now(UTC), status="failed", workflow_inputs=INPUTS))
    told = {"message": "CUDA out of memory", "node_type": "KSampler", "cause": "out-of-memory"}
    Run.objects.filter(pk=run.pk).update(
        log_error={**told, "traceback": "Traceback (most recent call last)", "node_id": "3"}
    )
    labels.add_tag(run, "v", None)
    return run.uuid


def named_run(batch: UUID) -> UUID:
    """A run of a batch, with a short version name and an environment."""
    run, deployment = store(answer(created=datetime.now(UTC))), uuid4()
    Run.objects.filter(pk=run.pk).update(deployment_id=str(deployment), batch_id=str(batch))
    Deployment.objects.create(uuid=deployment, environment="staging", seen_at=datetime.now(UTC))
    Name.objects.filter(upstream_id=run.workflow_version_id).update(text="v3")
    return run.uuid


def test_text_of_twice_the_size_stays_in_the_page(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    run_id = done_run(upstream)
    # A page at 200 % has half the room: 1,280 px become 640.
    page = signed_in(viewport={"width": 640, "height": 450}, device_scale_factor=2).new_page()
    for path in ("/", f"/runs/{run_id}/"):
        page.goto(site + path)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, path


def test_forced_colours_keep_bars_and_states_apart(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    run_id = done_run(upstream)
    page = signed_in(forced_colors="active").new_page()
    page.goto(f"{site}/runs/{run_id}/")
    expect(page.locator(".bar-legend")).to_be_visible()
    stroke = "getComputedStyle(document.querySelector('.bar-draw .fill')).strokeWidth"
    assert page.evaluate(stroke) == "1px"


MOVING = [".bar-draw .fill", ".progress-fill", ".button", ".fold > summary .icon"]
MOVING += [".tile-actions", ".tile[data-new]", ".tip"]
MOTIONS = """(parts) => Object.fromEntries(parts.map((part) => {
    const style = getComputedStyle(document.querySelector(part));
    return [part, `${style.animationName} ${style.transitionDuration}`];
}))"""


def test_reduced_motion_moves_nothing(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    run_id, created = uuid4(), datetime.now(UTC) - timedelta(seconds=40)
    made = running(run_id, created=created, outputs=[picture_of(upstream, run_id, "a.png")])
    upstream.script(run_id, [body(made)])
    for motion, still in (("no-preference", False), ("reduce", True)):
        page = signed_in(reduced_motion=motion).new_page()
        page.goto(f"{site}/runs/{run_id}/")
        page.locator(".run-sub time").first.focus()
        page.wait_for_selector(".tip:popover-open")
        page.evaluate("document.querySelector('.tile').dataset.new = ''")
        found = page.evaluate(MOTIONS, MOVING)
        assert [part for part in MOVING if found[part] != "none 0s"] == ([] if still else MOVING)
        assert ("." in page.locator(".elapsed-number").inner_text()) is not still


def test_the_keyboard_alone_goes_the_whole_way(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    run_id = done_run(upstream)
    context = signed_in()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/?show=cold")
    page.keyboard.press("/")
    page.keyboard.type(str(run_id))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/runs/{run_id}/")
    tab_to(page, "[data-copy-link]")
    page.keyboard.press("Enter")
    expect(page.locator("[data-copy-link]")).to_contain_text("Copied")
    assert f"/runs/{run_id}/" in page.evaluate("navigator.clipboard.readText()")
    tab_to(page, "#outputs a")
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"


def tab_to(page: Page, selector: str, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"no way to {selector} by Tab")


def test_only_states_are_spoken_and_a_failure_loudly(
    page: Page, site: str, upstream: Simulator
) -> None:
    run_id, created = uuid4(), datetime.now(UTC)
    steps = [body(running(run_id, created=created, progress=n / 10)) for n in (2, 4, 6)]
    failed = body(answer(run_id, created=created, status="failed"))
    upstream.script(run_id, [*steps, failed])
    page.goto(f"{site}/runs/{run_id}/")
    page.evaluate(
        """() => {
            window.spoken = [];
            for (const id of ['spoken', 'spoken-now']) {
                const place = document.getElementById(id);
                new MutationObserver(() => window.spoken.push([id, place.textContent]))
                    .observe(place, {childList: true, characterData: true, subtree: true});
            }
        }"""
    )
    expect(page.locator("#live")).to_have_attribute("data-ended", "")
    spoken = page.evaluate("window.spoken")
    assert [place for place, _ in spoken] == ["spoken-now"]
    assert "Failed" in spoken[0][1]
    assert (
        page.evaluate("document.querySelector('#live').contains(document.querySelector('#spoken'))")
        is False
    )


def test_outputs_that_arrive_one_by_one_are_told_together(
    page: Page, site: str, upstream: Simulator
) -> None:
    run_id, created = uuid4(), datetime.now(UTC)
    outputs = [element(f"{n}.png") for n in range(4)]

    def made(many: int) -> None:
        payload = running(run_id, created=created, outputs=outputs[:many])
        upstream.script(run_id, [body(payload)])
        refresh_run(track_run(run_id), on_demand=True)

    made(0)
    page.clock.install()
    page.goto(f"{site}/runs/{run_id}/")
    stop_clock(page)
    page.evaluate(SPOKEN)
    for many in range(1, 5):
        made(many)
        ask(page)
        expect(page.locator(".tile")).to_have_count(many)
        expect(page.locator("#spoken")).to_have_text("1 output.")
    page.clock.run_for(5000)
    expect(page.locator("#spoken")).to_have_text("4 outputs.")
    assert page.evaluate("window.spoken") == ["1 output.", "4 outputs."]


SPOKEN = """() => {
    window.spoken = [];
    const place = document.getElementById('spoken');
    new MutationObserver(() => window.spoken.push(place.textContent))
        .observe(place, {childList: true});
}"""


def test_axe_finds_nothing_on_the_sheet_a_tip_and_a_note(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    run_id = uuid4()
    made = running(run_id, created=datetime.now(UTC), outputs=[element()])
    upstream.script(run_id, [body(made)])
    page = signed_in(bypass_csp=True).new_page()
    page.goto(f"{site}/runs/{run_id}/")
    page.get_by_role("button", name="Notify me").click()
    page.keyboard.press("Tab")
    page.locator(".run-sub time").first.focus()
    expect(page.locator(".tip")).to_be_visible()
    page.wait_for_function("() => !document.getElementById('tip').getAnimations().length")
    assert violations(page) == []
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert violations(page) == []
