"""A real Chromium on a real server with a scripted upstream behind it."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from dashboard.domain.roles import MEMBER
from dashboard.models import Person
from dashboard.sessions import SessionStore
from dashboard.simulator import Simulator
from tests.chromium import FLAGS, find_chromium

CHROMIUM = find_chromium()
HERE = Path(__file__).parent
MAIN = HERE / "main"
PATIENCE = 30_000
"""Milliseconds that whatever is waited for may take: a wait that is met costs nothing."""
DRAWS = 3 * PATIENCE
"""A model is drawn without a graphics card: on a busy machine that takes its time."""
expect.set_options(timeout=PATIENCE)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "wide: all but the main ways (make test-browser)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            if not item.path.is_relative_to(MAIN):
                item.add_marker(pytest.mark.wide)
            item.add_marker(pytest.mark.django_db(transaction=True))
            if CHROMIUM is None:
                reason = "no Chromium on the PATH and CHROMIUM is not set"
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    # Playwright runs a loop in this thread; Django's database calls here are not inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(_playwright: Playwright) -> Iterator[Browser]:
    browser = _playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def upstream(settings: Any) -> Iterator[Simulator]:
    with Simulator(port=0, key="test-key") as simulator:
        settings.COMFYDEPLOY_API_URL = simulator.url
        settings.LOCAL_FILES_ORIGIN = simulator.url.removesuffix("/api")
        allow_files_from(settings, settings.LOCAL_FILES_ORIGIN)
        yield simulator


def allow_files_from(settings: Any, origin: str) -> None:
    """What the product's settings do for an upstream on this computer."""
    policy = django_settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    files = {name: [*policy[name], origin] for name in ("img-src", "media-src")}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**policy, **files}}


@pytest.fixture
def site(live_server: Any, settings: Any, upstream: Simulator) -> str:
    settings.PUBLIC_URL = live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    return live_server.url


def session_cookie(name: str) -> str:
    user, _ = get_user_model().objects.get_or_create(username=name)
    Person.objects.get_or_create(user=user, defaults={"role": MEMBER})
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "dashboard.access.RoleBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


MODEL_VIEWER_SAYS = ("inline style", "WebAssembly", "GL Driver", "rAF timed out")
"""Its style elements, a decoder of packed meshes, what the driver tells, and how slow it draws."""


class Complaints(list[str]):
    """Console errors, page errors and CSP violations: a test ends with none."""

    def but_the_model_viewer(self) -> list[str]:
        """Those that are not the model viewer's own."""
        return [one for one in self if not any(word in one for word in MODEL_VIEWER_SAYS)]


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def signed_in(
    browser: Browser, site: str, complaints: Complaints
) -> Iterator[Callable[..., BrowserContext]]:
    """Makes a context for an account; every page in it reports its complaints."""
    contexts: list[BrowserContext] = []

    def make(name: str | None = "ana", **options: Any) -> BrowserContext:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if name:
            cookie = {"name": "sessionid", "value": session_cookie(name), "url": site}
            context.add_cookies([cookie])
        context.on("page", lambda page: listen(page, complaints))
        return context

    yield make
    for context in contexts:
        context.close()


def listen(page: Page, complaints: Complaints) -> None:
    def console(message: Any) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("console", console)
    page.on("pageerror", lambda error: complaints.append(str(error)))


@pytest.fixture
def page(signed_in: Callable[..., BrowserContext]) -> Page:
    return signed_in().new_page()
