"""Tabs of one run: title, icon, and the one notice when it ends."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.simulator import Simulator
from tests.builders import answer, body, running, store, waiting

# Chromium without a screen shows no notices: what would be shown is written down instead.
NOTICES = """
    window.shown = [];
    window.Notification = class {
        static permission = "default";
        static async requestPermission() { window.asked = true; return (this.permission = "%s"); }
        constructor(title, options) { window.shown.push([title, options.tag]); }
        close() {}
    };
"""


class Story:
    """A run whose end comes when the test says so."""

    def __init__(self, site: str, upstream: Simulator) -> None:
        self.run_id, self.upstream = uuid4(), upstream
        self.url = f"{site}/runs/{self.run_id}/"
        self.created = datetime.now(UTC)
        upstream.script(self.run_id, [body(running(self.run_id, created=self.created))])

    def end(self, status: str = "success") -> None:
        made = answer(self.run_id, created=self.created, status=status)
        self.upstream.script(self.run_id, [body(made)])


@pytest.fixture
def story(site: str, upstream: Simulator) -> Story:
    return Story(site, upstream)


def bell(page: Page) -> None:
    page.get_by_role("button", name="Notify me").click()


def wait_for_end(page: Page) -> None:
    expect(page.locator("#live")).to_have_attribute("data-ended", "")


def pair(signed_in: Callable[..., BrowserContext], story: Story, answer: str) -> tuple[Page, Page]:
    context = signed_in()
    context.add_init_script(NOTICES % answer)
    one, other = context.new_page(), context.new_page()
    for page in (one, other):
        page.goto(story.url)
        # Each tab believes that it is looked at, so that both ask at their full pace.
        page.evaluate("() => Object.defineProperty(document, 'hidden', {get: () => false})")
    return one, other


def test_leave_is_asked_for_on_a_click_only(
    signed_in: Callable[..., BrowserContext], story: Story
) -> None:
    one, _ = pair(signed_in, story, "granted")
    one.mouse.move(200, 200)
    one.wait_for_selector(".tip", state="attached")
    assert one.evaluate("window.asked") is None
    bell(one)
    expect(one.locator(".note")).to_contain_text("You'll be notified when it ends.")
    assert one.evaluate("window.asked") is True


def test_one_notice_over_all_tabs_and_after_a_reload(
    signed_in: Callable[..., BrowserContext], story: Story
) -> None:
    one, other = pair(signed_in, story, "granted")
    other.mouse.move(200, 200)
    other.wait_for_selector(".tip", state="attached")
    bell(one)
    pressed = other.get_by_role("button", name="Notify me")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    one.reload()
    expect(one.get_by_role("button", name="Notify me")).to_have_attribute("aria-pressed", "true")
    one.evaluate("Notification.permission = 'granted'")
    story.end()
    for page in (one, other):
        wait_for_end(page)
    for page in (one, other):  # whoever tells holds a lock: what was to be told is told
        page.evaluate("navigator.locks.request(`runboard:tell:${location.pathname}`, () => {})")
    shown = [*one.evaluate("window.shown"), *other.evaluate("window.shown")]
    assert len(shown) == 1
    assert shown[0][0].endswith(": Done.")
    expect(one.get_by_role("button", name="Notify me")).to_have_count(0)


def test_a_bell_is_on_in_a_tab_that_no_hand_has_touched(
    signed_in: Callable[..., BrowserContext], story: Story
) -> None:
    one, other = pair(signed_in, story, "granted")
    bell(one)
    pressed = other.get_by_role("button", name="Notify me")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    bell(other)
    expect(other.locator(".note")).to_contain_text("Notification off.")


def test_a_bell_that_was_turned_off_tells_nothing(
    signed_in: Callable[..., BrowserContext], story: Story
) -> None:
    one, other = pair(signed_in, story, "granted")
    bell(one)
    expect(one.locator(".note")).to_be_visible()
    bell(one)
    expect(one.locator(".note")).to_contain_text("Notification off.")
    story.end()
    wait_for_end(one)
    assert one.evaluate("window.shown") == []


def test_where_notices_are_blocked_the_title_tells(
    signed_in: Callable[..., BrowserContext], story: Story
) -> None:
    one, _ = pair(signed_in, story, "denied")
    bell(one)
    expect(one.locator(".note")).to_contain_text("This browser blocks notifications from Runboard.")
    one.evaluate("() => { document.hasFocus = () => false; }")
    story.end("failed")
    wait_for_end(one)
    expect(one).to_have_title(re.compile("^Ended · "))
    one.mouse.move(10, 10)
    expect(one).to_have_title(re.compile("^✕"))
    assert one.evaluate("window.shown") == []


def test_plain_http_says_why_and_flashes_the_title(
    signed_in: Callable[..., BrowserContext], story: Story
) -> None:
    context = signed_in()
    context.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    page = context.new_page()
    page.goto(story.url)
    bell(page)
    note = "Notifications need HTTPS. The tab title will change instead."
    expect(page.locator(".note")).to_have_text(note)
    page.evaluate("() => { document.hasFocus = () => false; }")
    story.end()
    wait_for_end(page)
    expect(page).to_have_title(re.compile("^Ended · "))


def test_an_end_that_was_none_leaves_a_bell_that_can_ring(page: Page, story: Story) -> None:
    page.goto(story.url)
    page.evaluate("localStorage.setItem(`runboard:tell:${location.pathname}`, 'ended')")
    page.reload()
    page.mouse.move(200, 200)
    page.wait_for_selector(".tip", state="attached")
    expect(page.locator("[data-bell]")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("localStorage.getItem(`runboard:tell:${location.pathname}`)") is None


def icon(page: Page) -> str:
    href = page.locator("#favicon").get_attribute("href") or ""
    return href.rsplit("/", 1)[-1].split(".")[0]


def test_every_tab_of_a_run_has_its_title_and_icon(
    signed_in: Callable[..., BrowserContext], story: Story
) -> None:
    one, other = pair(signed_in, story, "granted")
    for page in (one, other):
        assert page.title().startswith("43% ")
        assert icon(page) == "run-4"
    story.end()
    for page in (one, other):
        wait_for_end(page)
        assert page.title().startswith("✓ ")
        assert icon(page) == "done"
    one.get_by_role("link", name="Runs", exact=True).first.click()
    one.wait_for_url("**/")
    assert (one.title(), icon(one)) == ("Runboard", "idle")


@pytest.mark.parametrize(
    ("status", "title", "shape"),
    [
        ("failed", "✕ ", "fail"),
        ("timeout", "Timed out · ", "late"),
        ("cancelled", "Cancelled · ", "off"),
    ],
)
def test_each_end_has_its_own_title_and_shape(
    page: Page, site: str, status: str, title: str, shape: str
) -> None:
    run_id: UUID = store(answer(uuid4(), status=status)).uuid
    page.goto(f"{site}/runs/{run_id}/")
    assert page.title().startswith(title)
    assert icon(page) == shape


def test_a_waiting_run_says_so_first(page: Page, site: str, upstream: Simulator) -> None:
    run_id = uuid4()
    upstream.script(run_id, [body(waiting(run_id, created=datetime.now(UTC)))])
    page.goto(f"{site}/runs/{run_id}/")
    assert page.title().startswith("Waiting · ")
    assert icon(page) == "wait"
