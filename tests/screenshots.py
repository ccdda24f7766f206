"""`make screenshots`: each page of a demo in both themes and three widths, into var/screenshots."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

from tests.bench.server import free_port, wait_for
from tests.chromium import FLAGS, find_chromium

ROOT = Path(__file__).parent.parent
OUT = ROOT / "var" / "screenshots"
WIDTHS = (390, 1024, 1440)
THEMES = ("light", "dark")
SETTLE = 12.0


def main() -> int:
    chromium = find_chromium()
    if chromium is None:
        print("No Chromium on the PATH and CHROMIUM is not set.", file=sys.stderr)
        return 1
    port = free_port()
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    demo = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env={**kept, "PORT": str(port), "COMFYDEPLOY_API_KEY": ""},
    )
    try:
        wait_for(port)
        time.sleep(SETTLE)  # the demo fills itself
        site = f"http://127.0.0.1:{port}"
        OUT.mkdir(parents=True, exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            for name, path in pages(site).items():
                shoot(browser, name, site + path)
            browser.close()
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(20)
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT.relative_to(ROOT)}")
    return 0


def pages(site: str) -> dict[str, str]:
    """The list, the pages of what is not found, and a run of each status and start kind."""
    found = {"list": "/", "attention": "/?show=attention", "no-match": "/?q=zzzz"}
    found["unknown-run"] = "/runs/00000000-0000-4000-8000-000000000000/"
    listed = read(f"{site}/")
    for run_id in dict.fromkeys(re.findall(r"/runs/([0-9a-f-]{36})/", listed)):
        run = json.loads(read(f"{site}/runs/{run_id}.json"))
        found.setdefault(f"run-{run['status']}-{run['start_kind']}", f"/runs/{run_id}/")
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
            page.wait_for_timeout(1200)
            page.screenshot(path=OUT / f"{name}-{theme}-{width}.png", full_page=True)
            context.close()


if __name__ == "__main__":
    sys.exit(main())
