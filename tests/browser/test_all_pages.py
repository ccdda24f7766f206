"""The pages of people and of links: axe finds nothing on them, and none scrolls sideways."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, expect

from dashboard.domain.sharing import ALL_SCOPES
from dashboard.services import clock
from dashboard.services.accounts import audit, invitations
from dashboard.services.runs import labels
from dashboard.services.sharing import share_links
from dashboard.simulator import Simulator
from tests.browser.axe import violations_at
from tests.browser.conftest import Complaints
from tests.browser.test_manner import done_run
from tests.browser.test_pages import too_wide
from tests.builders import answer, person, store

LONG = "A very long name of a person or a thing that goes on and on " * 2


class Pages:
    """Addresses by name, for each kind of reader."""

    def __init__(self) -> None:
        eva, now = person("eva", "admin"), clock.now()
        run = store(answer(created=now))
        labels.set_title(run, LONG[:110], eva)
        labels.add_tag(run, "hero", eva)
        labels.add_note(run, LONG, eva)
        audit.note(eva, "share.made", run.uuid, link=1)
        person("vera", "viewer")
        everything = ALL_SCOPES
        links = [
            share_links.make(run, eva, scopes=scopes, title=LONG[:100], life="7", now=now)
            for scopes in (everything, [], everything)
        ]
        share_links.revoke(links[2][0], eva, now)
        invited = invitations.make("member", eva, now)
        at = f"/runs/{run.uuid}/"
        self.admins = {
            "people": "/people/", "audit": "/audit/", "account": "/account/",
            "hook": "/settings/hook/", "shares": "/shares/", "share": f"{at}share/",
            "remove": f"{at}delete/", "run": at,
            "starred": "/?starred=1", "tag": "/?tag=hero",
        }  # fmt: skip
        self.viewers = {"forbidden": "/people/", "run": at, "several": f"/?q={uuid4()} {uuid4()}"}
        self.nobodys = {
            "shared": f"/s/{links[0][1]}/", "state only": f"/s/{links[1][1]}/",
            "revoked": f"/s/{links[2][1]}/", "no link": f"/s/{'x' * 32}/",
            "invitation": f"/invite/{invited}/", "invitation over": f"/invite/{'x' * 32}/",
            "link over": f"/sign-in/{'x' * 32}/", "sign-in": "/sign-in/", "welcome": "/welcome/",
        }  # fmt: skip


@pytest.fixture
def pages(site: str) -> Pages:
    return Pages()


def test_axe_finds_nothing_on_pages_of_people_and_links(
    signed_in: Callable[..., BrowserContext], site: str, pages: Pages
) -> None:
    found = {}
    for name, addresses in (("eva", pages.admins), ("vera", pages.viewers), (None, pages.nobodys)):
        context = signed_in(name, bypass_csp=True)
        for title, path in addresses.items():
            found[title] = violations_at(context.new_page(), site + path)
    assert {title: rules for title, rules in found.items() if rules} == {}


def test_no_page_of_people_and_links_scrolls_sideways(
    signed_in: Callable[..., BrowserContext], site: str, pages: Pages
) -> None:
    wide = {}
    for name, addresses in (("eva", pages.admins), ("vera", pages.viewers), (None, pages.nobodys)):
        page = signed_in(name, viewport={"width": 360, "height": 844}).new_page()
        for title, path in addresses.items():
            page.goto(site + path)
            wide[title] = too_wide(page)
    assert wide == dict.fromkeys(wide, {})


def test_paste_look_and_share_by_keyboard_alone(
    signed_in: Callable[..., BrowserContext],
    site: str,
    upstream: Simulator,
    complaints: Complaints,
) -> None:
    run_id = done_run(upstream)
    page = signed_in().new_page()
    page.goto(site)
    page.keyboard.press("/")
    page.keyboard.type(str(run_id))
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/runs/{run_id}/")
    expect(page.locator("#outputs img").first).to_be_visible()
    page.keyboard.press("]")
    page.wait_for_function("() => document.activeElement.closest('.tile')")
    page.keyboard.press("Space")
    expect(page.locator(".pswp--open .large-count")).to_have_text("1 of 2")
    page.wait_for_function("() => document.activeElement.closest('.pswp')")
    page.keyboard.press("Escape")
    expect(page.locator(".pswp")).to_have_count(0)
    page.keyboard.press("s")
    dialog = page.locator("#share-dialog")
    expect(dialog).to_be_visible()
    for _ in range(20):
        if page.evaluate("document.activeElement.textContent.includes('Make the link')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("The link", exact=True)).to_be_visible()
    assert complaints == []
