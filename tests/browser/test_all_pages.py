"""Every page at every width, and axe on each state that its kind of page may have."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext

from dashboard.simulator import Simulator
from tests.browser import pages
from tests.browser.axe import found_at
from tests.browser.scenes import too_wide

NARROW = {"width": 360, "height": 844}


def test_axe_finds_nothing_on_lists_and_runs_in_other_states(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    states = other_states(pages.of_runs(upstream))
    assert found_at(signed_in(bypass_csp=True), site, states) == {}


def test_axe_finds_nothing_on_pages_of_people_and_links_in_other_states(
    signed_in: Callable[..., BrowserContext], site: str
) -> None:
    for name, addresses in pages.of_people().readers():
        assert found_at(signed_in(name, bypass_csp=True), site, other_states(addresses)) == {}


def other_states(addresses: dict[str, str]) -> dict[str, str]:
    kept = {name: path for name, path in addresses.items() if name not in pages.KINDS}
    assert kept
    return kept


def test_no_list_or_run_scrolls_sideways(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    assert sideways(signed_in(viewport=NARROW), site, pages.of_runs(upstream)) == {}


def test_no_page_of_people_and_links_scrolls_sideways(
    signed_in: Callable[..., BrowserContext], site: str
) -> None:
    for name, addresses in pages.of_people().readers():
        assert sideways(signed_in(name, viewport=NARROW), site, addresses) == {}


def sideways(
    context: BrowserContext, site: str, addresses: dict[str, str]
) -> dict[str, dict[int, int]]:
    page, wide = context.new_page(), {}
    for name, path in addresses.items():
        page.goto(site + path)
        wide[name] = too_wide(page)
    return {name: over for name, over in wide.items() if over}
