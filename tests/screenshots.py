"""`make screenshots`: each page in both themes and three widths, into var/screenshots.

The README's picture is taken too. Words after it choose pages by the beginning of their names:
`python -m tests.screenshots run-failed trouble`.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import stages
from tests.chromium import FLAGS, find_chromium

ROOT = Path(__file__).parent.parent
OUT = ROOT / "var" / "screenshots"
README = ROOT / ".github" / "run.png"
README_SIZE = {"width": 1440, "height": 1520}
WIDTHS = (390, 1024, 1440)
THEMES = ("light", "dark")
LOADED = """() => {
  const late = new Promise((done) => setTimeout(done, 8000));
  for (const mat of document.querySelectorAll(".mat")) mat.style.contentVisibility = "visible";
  const load = (image) => { image.loading = "eager"; return image.decode().catch(() => {}); };
  return Promise.race([late, Promise.all([...document.images].map(load))]);
}"""


class Camera:
    """Shoots pages by name, or only those whose names begin with one of `wanted`."""

    def __init__(self, browser: Browser, wanted: tuple[str, ...]) -> None:
        self.browser, self.wanted = browser, wanted
        self.cookies: list = []

    def wants(self, name: str) -> bool:
        return not self.wanted or name.startswith(self.wanted)

    def shoot(self, name: str, url: str, press: str = "") -> None:
        """Six pictures of a page; `press` names what is clicked before."""
        if not self.wants(name):
            return
        for theme in THEMES:
            for width in WIDTHS:
                size = {"width": width, "height": 844 if width < 600 else 900}
                context = self.context(viewport=size, color_scheme=theme)
                page = context.new_page()
                page.goto(url)
                load_pictures(page)
                if press:
                    page.locator(press).first.click()
                    page.wait_for_timeout(800)
                path = OUT / f"{name}-{theme}-{width}.png"
                page.screenshot(path=path, full_page=not press)
                context.close()

    def context(self, **options: object) -> BrowserContext:
        context = self.browser.new_context(**options)  # type: ignore[arg-type]
        context.add_cookies(self.cookies)
        return context


def main(wanted: tuple[str, ...]) -> int:
    chromium = find_chromium()
    if chromium is None:
        print("No Chromium on the PATH and CHROMIUM is not set.", file=sys.stderr)
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        camera = Camera(browser, wanted)
        shoot_runs(camera)
        shoot_troubles(camera)
        shoot_people(camera)
        browser.close()
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT.relative_to(ROOT)}")
    return 0


def shoot_runs(camera: Camera) -> None:
    """All that whoever sits at this computer sees."""
    with stages.standing() as simulator:
        given = stages.upstream(simulator)
        with stages.board(DEBUG="on", **given) as site:
            camera.shoot("empty", f"{site}/")
            found = stages.fill(site, simulator)
            for name, path in {**found, "list": "/"}.items():
                camera.shoot(name, site + path)
            readme(camera, site + found["run-cold"])
            for name, path in places(camera, site, found):
                camera.shoot(name, site + path)
            large = site + found["run-cold"]
            camera.shoot("large-view", large, press="#outputs .tile a.mat")
            camera.shoot("keys", large, press="[data-keys]")


def places(camera: Camera, site: str, found: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The pages beside the runs' own."""
    run = found["run-cold"]
    yield from {
        "attention": "/?show=attention",
        "no-match": "/?q=zzzz",
        "patterns": "/patterns/",
        "following": "/following/",
        "hook": "/settings/hook/",
        "share": f"{run}share/",
        "pair": f"{run}pair/",
        "remove": f"{run}delete/",
    }.items()
    yield "several-pasted", paste(camera, site, run)
    yield "shared", share(camera, site + run)
    yield "shared-live", share(camera, site + found["run-running"])
    yield "shared-unknown", "/s/none-of-ours/"
    yield "shared-revoked", revoke(camera, site, share(camera, site + run))
    yield "shares", "/shares/"


def shoot_troubles(camera: Camera) -> None:
    """What a reader meets for a run that ComfyDeploy does not give."""
    for name in filter(lambda name: camera.wants(f"trouble-{name}"), stages.WORDS):
        with stages.standing() as simulator, stages.board(**stages.upstream(simulator)) as site:
            path = stages.trouble(site, simulator, name)
            camera.shoot(f"trouble-{name}", site + path)
    if camera.wants("run-lost"):
        with stages.standing() as simulator, stages.board(**stages.upstream(simulator)) as site:
            camera.shoot("run-lost", site + stages.lost(site, simulator))


def shoot_people(camera: Camera) -> None:
    """The ways in and the pages of accounts, where people sign in."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{folder}/people.sqlite3"
        with stages.standing() as simulator:
            given = {**stages.upstream(simulator), "DATABASE_URL": database, "ACCESS": "login"}
            with stages.board(**given) as site:
                camera.shoot("welcome", f"{site}/welcome/")
                camera.shoot("no-page", f"{site}/nowhere/")
                camera.shoot("no-account", f"{site}/sign-in/")
                link = stages.sign_in_link(given)
                camera.shoot("sign-in-link", site + link)
                camera.shoot("sign-in", f"{site}/sign-in/")
                camera.shoot("link-over", f"{site}/sign-in/{'x' * 32}/")
                camera.cookies = signed_in(camera, site + link)
                invitation = invite(camera, site)
                for name in ("account", "account/password", "people", "audit", "shares"):
                    camera.shoot(name.replace("account/", ""), f"{site}/{name}/")
                camera.cookies = []
                camera.shoot("invitation", site + invitation)


def signed_in(camera: Camera, link: str) -> list:
    context = camera.context()
    page = context.new_page()
    page.goto(link)
    page.locator("main form button").click()
    page.wait_for_load_state("networkidle")
    cookies = context.cookies()
    context.close()
    return cookies


def invite(camera: Camera, site: str) -> str:
    """The path of an open invitation."""
    context = camera.context()
    page = context.new_page()
    page.goto(f"{site}/people/")
    page.get_by_role("button", name="Create invitation link").click()
    link = page.locator(".new-link [data-copy-text]").get_attribute("data-copy-text") or ""
    context.close()
    return urlsplit(link).path


def paste(camera: Camera, site: str, known: str) -> str:
    """The address to which a paste of several IDs leads: one is here, and some are not."""
    context = camera.context()
    page = context.new_page()
    page.goto(f"{site}/")
    page.locator("main #q").fill(" ".join([known, *(str(uuid4()) for _ in range(3))]))
    page.keyboard.press("Enter")
    page.wait_for_url("**/?ids=*")
    path = page.url.removeprefix(site)
    context.close()
    return path


def share(camera: Camera, address: str) -> str:
    """The path of a link made by hand, with everything ticked."""
    context = camera.context()
    page = context.new_page()
    page.goto(f"{address}share/")
    for tick in page.locator("[type=checkbox][name=tick]").all():
        tick.check()
    page.get_by_label("Title", exact=True).fill("Lighthouse at dusk")
    page.get_by_role("button", name="Create link").click()
    link = page.get_by_label("Share link", exact=True).input_value()
    context.close()
    return urlsplit(link).path


def revoke(camera: Camera, site: str, path: str) -> str:
    """The same path, when nobody can open it any more."""
    context = camera.context()
    page = context.new_page()
    page.goto(f"{site}/shares/")
    page.locator(".share-row .danger").first.click()
    page.locator(".share-row.is-off").wait_for()
    gone = page.goto(site + path)
    context.close()
    if gone is None or gone.status != 410:
        raise SystemExit(f"{path} can still be opened.")
    return path


def readme(camera: Camera, url: str) -> None:
    """The README's picture: a finished run with its outputs and strips, in true colours."""
    if not camera.wants("readme"):
        return
    context = camera.context(viewport=README_SIZE, color_scheme="light")
    page = context.new_page()
    page.goto(url)
    for _ in range(20):  # the shape of a picture is known once it was looked at
        if page.locator(".caption-pixels").count() == page.locator(".tile-image").count():
            break
        page.wait_for_timeout(1000)
        page.reload()
    load_pictures(page)
    if (
        not page.locator(".comparison-drawing").count()
        or not page.locator(".tile-image img").count()
    ):
        raise SystemExit("The README's run has no strips or no outputs.")
    page.screenshot(path=README)
    context.close()
    with Image.open(README) as shot:
        shot.convert("RGB").save(README, optimize=True)


def load_pictures(page: Page) -> None:
    """A picture of a whole page needs those that are far down too."""
    page.evaluate(LOADED)
    page.wait_for_timeout(500)


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
