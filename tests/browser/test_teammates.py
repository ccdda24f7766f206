"""Two accounts in two browsers over an address that is not loopback."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from dashboard.simulator import Simulator
from tests.bench.server import free_port
from tests.builders import answer, body
from tests.test_frame import wait_for

ROOT = Path(__file__).parent.parent.parent


def address_of_this_machine() -> str | None:
    """An address by which other machines would reach this one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        found = str(probe.getsockname()[0])
    return None if found.startswith("127.") else found


HERE = address_of_this_machine()


@pytest.fixture
def team(tmp_path: Path, upstream: Simulator) -> Iterator[tuple[str, dict[str, str]]]:
    """A Runboard on all addresses with sign-in, as the README says."""
    if HERE is None:
        pytest.skip("this machine has no address but loopback")
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "dashboard.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path}/team.sqlite3",
        "COMFYDEPLOY_API_URL": upstream.url,
        "COMFYDEPLOY_API_KEY": "test-key",
        "HOST": "0.0.0.0",
        "PORT": str(port),
        "PUBLIC_URL": f"http://{HERE}:{port}",
        "WATCH": "off",
    }
    environment.pop("ACCESS", None)
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
    server = subprocess.Popen(
        [*manage, "runserver", "--noreload", f"0.0.0.0:{port}"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}")
        yield f"http://{HERE}:{port}", environment
    finally:
        server.terminate()
        server.wait(30)


def sign_in_link(name: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "user", name],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    found = re.search(r"http://\S+/sign-in/\S+", done.stdout)
    assert found
    return found[0]


def test_a_run_link_lands_at_the_teammates_after_sign_in(
    browser: Browser, team: tuple[str, dict[str, str]], upstream: Simulator
) -> None:
    site, environment = team
    run_id = uuid4()
    upstream.script(run_id, [body(answer(run_id))])
    ana, ben = browser.new_context(), browser.new_context()
    page = ana.new_page()
    page.goto(sign_in_link("ana", environment))
    page.get_by_role("button", name="Sign in as ana").click()
    page.get_by_label("Search, run ID, link or JSON").first.fill(str(run_id))
    page.keyboard.press("Enter")
    expect(page.locator("#headline")).to_contain_text("Cold start took")
    page.evaluate(
        """() => {
            const original = DataTransfer.prototype.setData;
            window.copied = {};
            DataTransfer.prototype.setData = function (type, data) {
                window.copied[type] = data;
                return original.call(this, type, data);
            };
        }"""
    )
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Copied", exact=True).first).to_be_visible()
    copied = page.evaluate("window.copied")
    assert copied["text/plain"] == f"{site}/runs/{run_id}/"
    assert f'href="{site}/runs/{run_id}/"' in copied["text/html"]
    assert re.search(r"Done, 44\.9.s \(cold start 31\.2.s\) · Run ", copied["text/html"])

    guest = ben.new_page()
    guest.goto(copied["text/plain"] + "?output=1#history")
    expect(guest).to_have_url(re.compile("/sign-in/"))
    assert str(run_id)[:8] not in (guest.locator("main").text_content() or "")
    set_password(browser, sign_in_link("ben", environment), site)
    guest.get_by_label("Name").fill("ben")
    guest.get_by_label("Password").fill("a long password 42")
    guest.keyboard.press("Enter")
    expect(guest).to_have_url(f"{site}/runs/{run_id}/?output=1#history")
    expect(guest.locator("#headline")).to_contain_text("Cold start took")
    for context in (ana, ben):
        context.close()


def set_password(browser: Browser, link: str, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Sign in as ben").click()
    page.wait_for_url(f"{site}/")
    page.goto(f"{site}/account/password/")
    for field in page.locator("input[type=password]").all():
        field.fill("a long password 42")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/account/")
    context.close()
