"""axe-core on a page: what it finds at WCAG 2.2 AA in either theme, in words."""

from pathlib import Path

from playwright.sync_api import BrowserContext, Page

SCRIPT = Path(__file__).parent / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# A theme changes colours and nothing else: the second one needs the rules of colours alone.
DARK = {"type": "tag", "values": TAGS}
LIGHT = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# Only what is wrong leaves the page: the list of all that passed is long, and slow to hand over.
RUN = """async (runOnly) => {
    for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
    const found = await axe.run({runOnly, resultTypes: ["violations"]});
    return found.violations.flatMap(({id, nodes}) => nodes.slice(0, 3).map(
        ({html, failureSummary}) => `${id}: ${html.slice(0, 120)} ${failureSummary.slice(0, 200)}`
    ));
}"""


def violations(page: Page) -> list[str]:
    """Of the page as it stands; its context needs `bypass_csp`."""
    if not page.evaluate("'axe' in window"):
        page.add_script_tag(path=SCRIPT)
    found = []
    for theme, rules in (("dark", DARK), ("light", LIGHT)):
        page.emulate_media(color_scheme=theme)
        found += [f"{theme}: {one}" for one in page.evaluate(RUN, rules)]
    return found


def violations_at(page: Page, url: str) -> list[str]:
    page.goto(url)
    return violations(page)


def found_at(context: BrowserContext, site: str, addresses: dict[str, str]) -> dict[str, list[str]]:
    """What is wrong at which of these addresses, one after the other in one tab."""
    page = context.new_page()
    found = {name: violations_at(page, site + path) for name, path in addresses.items()}
    page.close()
    return {name: told for name, told in found.items() if told}
