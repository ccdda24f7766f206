"""How much later the first tile of a run stands when the run has 400 pictures, not one."""

import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings

from dashboard.presentation.run.contact_sheet import FIRST
from tests.bench.musts import must
from tests.bench.server import granian
from tests.chromium import FLAGS, find_chromium

MANY, VISITS, MAX = 400, 9, 150


def report(cookie: str) -> None:
    """Visits runs whose pictures are linked, and runs whose pictures are kept."""
    chromium = find_chromium()
    if chromium is None:
        print("the first of 400 pictures: no Chromium found")
        return
    from playwright.sync_api import sync_playwright

    from dashboard.simulator import Simulator

    with Simulator(port=0, key="bench") as simulator:
        runs = {"linked": _linked(simulator), "kept": _kept()}
        served = {
            "COMFYDEPLOY_API_URL": simulator.url,
            "FILES_FOLDER": str(settings.FILES_FOLDER),
            "KEEP_OUTPUTS": "all",
        }
        with (
            granian("dashboard.wsgi:application", served) as server,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            for how, addresses in runs.items():
                late = _delay(_signed_in(browser, server.port, cookie), addresses)
                name = f"{MANY} {how} pictures delay the first by"
                print(f"{name} {late:.3g} ms ({must(name, late, MAX, ' ms')})")
            browser.close()


def _linked(simulator: Any) -> dict[int, str]:
    from tests.browser.scenes import picture_of
    from tests.builders import answer, store

    settings.LOCAL_FILES_ORIGIN, addresses = simulator.url.removesuffix("/api"), {}
    for many in (1, MANY):
        run_id = uuid4()
        outputs = [picture_of(simulator, run_id, f"dunes_{n:03}.png") for n in range(many)]
        addresses[many] = store(answer(run_id, outputs=outputs)).get_absolute_url()
    return addresses


def _kept() -> dict[int, str]:
    from dashboard.models import StoredFile
    from dashboard.services.files import download
    from tests.stored_files import picture, run_kept

    body, addresses = picture(320, 240), {}
    for many in (1, MANY):
        download.fetcher.cache_clear()  # it knows one address, and each run's files have their own
        files = ((f"dunes_{n:03}.png", body) for n in range(many))
        addresses[many] = run_kept(settings, Path(settings.FILES_FOLDER), *files).get_absolute_url()
    assert StoredFile.objects.filter(reason="").count() == 1 + MANY
    return addresses


def _signed_in(browser: Any, port: int, cookie: str) -> Any:
    site, (name, _, value) = f"http://127.0.0.1:{port}", cookie.partition("=")
    context = browser.new_context(base_url=site, viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": name, "value": value, "url": site}])
    return context.new_page()


def _delay(page: Any, addresses: dict[int, str]) -> float:
    """Milliseconds between the best visits of the two."""
    took: dict[int, list[float]] = {many: [] for many in addresses}
    for _ in range(VISITS):
        for many, address in addresses.items():
            took[many].append(_first_tile(page, address))
            assert page.locator(".tile").count() == min(many, FIRST)
    return max(0.0, min(took[MANY]) - min(took[1])) * 1000


def _first_tile(page: Any, address: str) -> float:
    """Seconds from asking for a page to its first tile standing in its place."""
    start = time.monotonic()
    page.goto(address, wait_until="commit")
    tile = page.locator(".tile .mat").first
    tile.wait_for()
    assert tile.bounding_box()
    took = time.monotonic() - start
    page.wait_for_load_state()
    return took
