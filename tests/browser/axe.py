"""axe-core on a page: what it finds at WCAG 2.2 AA in either theme, in words."""

from pathlib import Path

from playwright.sync_api import Page

SCRIPT = Path(__file__).parent / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Only what is wrong leaves the page: the list of all that passed is long, and slow to hand over.
RUN = """async (values) => {
    for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
    const runOnly = {type: "tag", values};
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
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)
        found += [f"{theme}: {one}" for one in page.evaluate(RUN, TAGS)]
    return found


def violations_at(page: Page, url: str) -> list[str]:
    """Of a page that is opened for it, and closed."""
    page.goto(url)
    found = violations(page)
    page.close()
    return found
