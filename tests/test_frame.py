"""The frame: the names at the top, the door to upstream, and a plain server that is live."""

import ast
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

import pytest

from dashboard.simulator import Simulator
from tests.builders import answer, body, element, running

ROOT = Path(__file__).parent.parent
KEY = "frame-key"


def test_the_top_level_names_are_there() -> None:
    for name in ("manage.py", "dashboard", "templates", "static", "tests", "requirements.txt"):
        assert (ROOT / name).exists(), name


def test_the_first_packages_are_those_of_the_frame() -> None:
    lines = (ROOT / "requirements.txt").read_text().split()
    assert [line.split("==")[0] for line in lines[:3]] == ["django", "requests", "django-htmx"]
    assert len(lines) <= 9
    assert all("==" in line for line in lines)


def imported_modules(path: Path) -> set[str]:
    """Every module of `dashboard` that a file imports; `from package import module` counts."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return {name for name in found if file_of(name).exists()}


def file_of(module: str) -> Path:
    return ROOT / f"{module.replace('.', '/')}.py"


def test_no_page_imports_another_page() -> None:
    addresses = ROOT / "dashboard" / "urls.py"
    pages = {name for name in imported_modules(addresses) if ".views." in name}
    assert "dashboard.views.runs.detail" in pages and "dashboard.views.health" in pages
    for path in (ROOT / "dashboard").rglob("*.py"):
        if path != addresses:
            assert not imported_modules(path) & pages, path


def test_the_service_module_has_the_one_door() -> None:
    from dashboard.services.runs import fetch

    assert callable(fetch.fetch_run)


@pytest.fixture
def upstream() -> Iterator[Simulator]:
    with Simulator(port=0, key=KEY) as simulator:
        yield simulator


@pytest.fixture
def runserver(tmp_path: Path, upstream: Simulator) -> Iterator[str]:
    """A plain `manage.py runserver` without a watcher."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path}/frame.sqlite3",
        "COMFYDEPLOY_API_URL": upstream.url,
        "COMFYDEPLOY_API_KEY": KEY,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "ACCESS": "open",
        "WATCH": "off",
    }
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    command = [*manage, "runserver", "--noreload", str(port)]
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield wait_for(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(30)


def wait_for(url: str) -> str:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            urlopen(f"{url}/healthz", timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return url
    raise AssertionError("the server did not answer")


def read(url: str) -> str:
    with urlopen(url, timeout=30) as response:
        return response.read().decode()


def test_a_page_asks_once_and_its_part_alone_brings_the_end(
    runserver: str, upstream: Simulator
) -> None:
    import json

    run_id = uuid4()
    upstream.script(run_id, [body(running(run_id)), body(answer(run_id, outputs=[element()]))])
    page = read(f"{runserver}/runs/{run_id}/")
    assert "running" in page
    assert len(upstream.requests_for(run_id)) == 1
    history = json.loads(read(f"{runserver}/runs/{run_id}/snapshots.json"))
    assert [one["status"] for one in history["snapshots"]] == ["running"]

    part = re.search(r'hx-get="(/runs/[^"]+/live/)"', page)
    assert part
    end = time.monotonic() + 30
    while "success" not in (live := read(runserver + part[1])):
        assert time.monotonic() < end, "the part did not move the run"
        time.sleep(0.2)
    assert "every" not in live or "success" in live
    assert len(upstream.requests_for(run_id)) == 2
