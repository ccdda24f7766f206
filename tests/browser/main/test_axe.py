"""axe finds nothing on any kind of page, in either theme."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext

from dashboard.simulator import Simulator
from tests.browser import pages
from tests.browser.axe import found_at


def test_on_lists_and_runs(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    kinds = of_kind(pages.of_runs(upstream))
    assert found_at(signed_in(bypass_csp=True), site, kinds) == {}


def test_on_pages_of_people_and_links(signed_in: Callable[..., BrowserContext], site: str) -> None:
    for name, addresses in pages.of_people().readers():
        assert found_at(signed_in(name, bypass_csp=True), site, of_kind(addresses)) == {}


def of_kind(addresses: dict[str, str]) -> dict[str, str]:
    kept = {name: path for name, path in addresses.items() if name in pages.KINDS}
    assert kept
    return kept
