"""`make screenshots`: each page of a demo in both themes and three widths, into var/screenshots."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.server import free_port, wait_for
from tests.chromium import FLAGS, find_chromium

ROOT = Path(__file__).parent.parent
OUT = ROOT / "var" / "screenshots"
WIDTHS = (390, 1024, 1440)
THEMES = ("light", "dark")
SETTLE = 12.0
LOADED = """() => {
  const late = new Promise((done) => setTimeout(done, 8000));
  const load = (image) => { image.loading = "eager"; return image.decode().catch(() => {}); };
  return Promise.race([late, Promise.all([...document.images].map(load))]);
}"""


def main(wanted: tuple[str, ...]) -> int:
    """Shoots all pages, or those whose names begin with one of `wanted`."""
    chromium = find_chromium()
    if chromium is None:
        print("No Chromium on the PATH and CHROMIUM is not set.", file=sys.stderr)
        return 1
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        with demo(DEBUG="on") as site:
            time.sleep(SETTLE)  # the demo fills itself
            found = pages(site)
            found["shared"] = share(browser, site + found["run-success-cold"])
            for name, path in found.items():
                if not wanted or name.startswith(wanted):
                    shoot(browser, name, site + path)
        with demo(ACCESS="login") as site:
            for name, path in {"sign-in": "/sign-in/", "no-link": "/s/none-of-ours/"}.items():
                shoot(browser, name, site + path)
        browser.close()
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT.relative_to(ROOT)}")
    return 0


@contextmanager
def demo(**given: str) -> Iterator[str]:
    """A demo as `make run` starts it, at a free port."""
    port = free_port()
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env={**kept, "PORT": str(port), "COMFYDEPLOY_API_KEY": "", **given},
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)


def share(browser: Browser, address: str) -> str:
    """The path of a link made by hand, with everything ticked."""
    page = browser.new_page()
    page.goto(f"{address}share/")
    for tick in page.locator("[type=checkbox][name=tick]").all():
        tick.check()
    page.get_by_label("Title", exact=True).fill("Lighthouse at dusk")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("The link", exact=True).input_value()
    page.close()
    return urlsplit(link).path


def pages(site: str) -> dict[str, str]:
    """The list, the pages of what is not found, and a run of each status and start kind."""
    found = {"list": "/", "attention": "/?show=attention", "no-match": "/?q=zzzz"}
    found["unknown-run"] = "/runs/00000000-0000-4000-8000-000000000000/"
    found |= {"following": "/following/", "people": "/people/", "audit": "/audit/"}
    found |= {"shares": "/shares/", "patterns": "/patterns/", "no-page": "/nowhere/"}
    listed = read(f"{site}/")
    for run_id in dict.fromkeys(re.findall(r"/runs/([0-9a-f-]{36})/", listed)):
        run = json.loads(read(f"{site}/runs/{run_id}.json"))
        found.setdefault(f"run-{run['status']}-{run['start_kind']}", f"/runs/{run_id}/")
    found["share"] = f"{found['run-success-cold']}share/"
    return found


def read(url: str) -> str:
    with urlopen(url, timeout=20) as response:
        return response.read().decode()


def shoot(browser: Browser, name: str, url: str) -> None:
    for theme in THEMES:
        for width in WIDTHS:
            context = browser.new_context(
                viewport={"width": width, "height": 844 if width < 600 else 900},
                color_scheme=theme,
            )
            page = context.new_page()
            page.goto(url)
            load_pictures(page)
            page.screenshot(path=OUT / f"{name}-{theme}-{width}.png", full_page=True)
            context.close()


def load_pictures(page: Page) -> None:
    """A picture of a whole page needs those that are far down too."""
    page.evaluate(LOADED)
    page.wait_for_timeout(500)


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:])))
