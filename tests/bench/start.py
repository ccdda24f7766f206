"""From the start to the first page, the memory of all processes, and a first visit in a browser."""

import os
import signal
import subprocess
import sys
import time
from urllib.request import urlopen

from dashboard.config import BASE_DIR
from tests.bench.musts import must
from tests.bench.server import family_of, free_port, memory_mb, proc
from tests.chromium import FLAGS, find_chromium

KEPT = ("PATH", "HOME")


def report() -> None:
    """A demo as `make run` starts it, on an installed checkout."""
    seconds = sorted(_start_once() for _ in range(3))[1]
    _told("from the start to the first page", seconds, 2, " s")
    port, demo = free_port(), None
    try:
        demo = _serve(port)
        _first_page(port)
        time.sleep(12)  # the demo fills itself
        _told("web and watcher together", _memory(demo.pid), 220, " MB")
        _visit(port)
    finally:
        if demo:
            _end(demo)


def _told(name: str, figure: float, most: float, unit: str = "") -> None:
    print(f"{name}: {figure:.4g}{unit} ({must(name, figure, most, unit)})")


def _serve(port: int) -> subprocess.Popen[bytes]:
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=BASE_DIR,
        env={**kept, "PORT": str(port), "COMFYDEPLOY_API_KEY": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _end(demo: subprocess.Popen[bytes]) -> None:
    demo.send_signal(signal.SIGINT)
    demo.wait(20)


def _first_page(port: int) -> str:
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=10) as response:
                return response.read().decode()
        except OSError:
            time.sleep(0.02)


def _start_once() -> float:
    port, begin = free_port(), time.perf_counter()
    demo = _serve(port)
    _first_page(port)
    took = time.perf_counter() - begin
    _end(demo)
    return took


def _memory(pid: int) -> float:
    """Everything but the simulator: shared pages counted once."""
    simulator = [one for one in family_of(pid) if "simulate" in proc(one, "cmdline")]
    return memory_mb(pid) - sum(memory_mb(one) for one in simulator)


def _visit(port: int) -> None:
    chromium = find_chromium()
    if chromium is None:
        print("first visit of a run: no Chromium found")
        return
    import re

    from playwright.sync_api import sync_playwright

    runs = re.findall(r"/runs/([0-9a-f-]{36})/", _first_page(port))
    site = f"http://127.0.0.1:{port}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        # Cards of what is live stand before the table of what has ended.
        for state, run_id in (("live", runs[0]), ("ended", runs[-1])):
            url = f"{site}/runs/{run_id}/"
            _told_of_visits(state, [_one_visit(browser, url) for _ in range(3)])
        browser.close()


def _told_of_visits(state: str, figures: list[tuple[int, float, float, float]]) -> None:
    requests, size, visible, blocked = (sorted(each)[1] for each in zip(*figures, strict=True))
    _told(f"requests of a first visit of a run that is {state}", requests, 12)
    _told("over the wire without outputs", size / 1000, 130, " KB")
    # The words of the state are in the first paint, which has the stricter bound of the two.
    _told("first contentful paint, status visible", visible, 300, " ms")
    _told("main thread blocked", blocked, 50, " ms")


BLOCKED = """
window.blocked = 0;
new PerformanceObserver(list => list.getEntries().forEach(e => {
  window.blocked += Math.max(0, e.duration - 50);
})).observe({type: 'longtask', buffered: true});
"""


def _one_visit(browser: object, url: str) -> tuple[int, float, float, float]:
    context = browser.new_context()  # type: ignore[attr-defined]
    context.add_init_script(BLOCKED)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    urls: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.on(
        "Network.requestWillBeSent", lambda e: urls.update({e["requestId"]: e["request"]["url"]})
    )
    session.on(
        "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]})
    )
    page.goto(url, wait_until="load")
    page.wait_for_timeout(500)
    visible = page.evaluate(
        "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
    )
    own = [
        one
        for one, address in urls.items()
        if "/media/" not in address and "/files/" not in address and address.startswith("http")
    ]
    blocked = page.evaluate("window.blocked")
    context.close()
    return len(own), sum(sizes.get(one, 0) for one in own), float(visible), float(blocked)
