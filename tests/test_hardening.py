"""Headers, the deployment check, logs and reports that hold no secret, and Django's admin."""

import gzip
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import django
import pytest
from django.contrib.staticfiles import finders
from django.core import mail
from django.test import Client, override_settings
from django.urls import path
from django.utils.log import AdminEmailHandler

from dashboard import config, urls
from dashboard.log_masking import MaskingFilter, MaskingFormatter, mask
from dashboard.models import AuditEntry, Follow, Payload
from dashboard.services.runs import follow
from tests.builders import NOON, answer, person, store

ROOT = Path(__file__).parent.parent
TOKEN = "pG7nZ2xQ4vT9sB1kL6mW8yC3"
PRODUCTION = {
    "SECRET_KEY": "x7Kp2mQ9vL4nR8tW3yB6cF1hJ5dG0sA-zE_uTiOoPqMwNvXbCr",
    "COMFYDEPLOY_API_KEY": "key-of-production-0123456789",
    "ACCESS": "login",
    "PUBLIC_URL": "https://runs.example.com",
    "TRUST_PROXY": "on",
    "DJANGO_SETTINGS_MODULE": "dashboard.settings",
}


# What browser tests set for themselves is none of a deployment's business.
_PLAIN = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**_PLAIN, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_deployment_check_is_clean_with_the_documented_settings(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/runboard.sqlite3"
    done = manage("check", "--deploy", "--fail-level", "INFO", **PRODUCTION, DATABASE_URL=database)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout
    told = (ROOT / "docs" / "operations.md").read_text()
    for name in ("PUBLIC_URL=https://runs.example.com", "TRUST_PROXY=on", "ACCESS=login"):
        assert name in told
    weak = manage("check", "--deploy", "--fail-level", "INFO", DATABASE_URL=database,
                  **{**PRODUCTION, "PUBLIC_URL": "http://runs.example.com"})  # fmt: skip
    assert weak.returncode != 0, "the check can fail"


def test_pages_are_sent_compressed_and_files_as_they_are(ana_page: Client) -> None:
    packed = {"Accept-Encoding": "gzip"}
    page = ana_page.get("/", headers=packed)
    assert (page["Content-Encoding"], "Accept-Encoding" in page["Vary"]) == ("gzip", True)
    assert b"<!doctype html>" in gzip.decompress(page.content)
    assert "Content-Encoding" not in ana_page.get("/")
    run = store(answer())
    assert "Content-Encoding" not in ana_page.get(f"/runs/{run.uuid}.json", headers=packed)


def test_pages_carry_the_headers_of_a_strict_site(ana_page: Client) -> None:
    response = ana_page.get("/")
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy and "object-src 'none'" in policy
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in response["Permissions-Policy"]
    assert "no-store" in response["Cache-Control"]


@pytest.fixture
def ana_page(db: None) -> Client:
    client = Client()
    client.force_login(person("ana"))
    return client


SECURE = {
    "SECURE_COOKIES": True,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_SSL_REDIRECT": True,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
}


@override_settings(**SECURE)
@pytest.mark.django_db
def test_behind_tls_cookies_are_secure_and_browsers_stay_with_tls() -> None:
    person("ana", password="a long password")
    client = Client(headers={"X-Forwarded-Proto": "https"})
    response = client.get("/sign-in/?next=/people/")
    assert response["Strict-Transport-Security"] == "max-age=31536000"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    client.post("/sign-in/", {"username": "ana", "password": "a long password"})
    assert {"sessionid", "csrftoken"} <= set(client.cookies)
    for name in ("sessionid", "csrftoken", "runboard-next"):
        assert client.cookies[name]["secure"] or not client.cookies[name].value, name
    assert client.cookies["sessionid"]["httponly"]
    plain = Client().get("/sign-in/")
    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/sign-in/")
    assert Client().get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "line",
    [
        f"Not Found: /s/{TOKEN}/nothing/",
        f"Gone: /invite/{TOKEN}/",
        f"Gone: /sign-in/{TOKEN}/?x=1",
        f"Forbidden: /hooks/comfydeploy/{TOKEN}",
        f"Cookie: csrftoken=abc; sessionid={TOKEN}",
        f"{{'password': '{TOKEN}', 'username': 'ana'}}",
        f'{{"new_password1": ["{TOKEN}"]}}',
        f"Authorization: Bearer {TOKEN}",
        f"authorization: bearer {TOKEN}",
        f"https://ana:{TOKEN}@runs.example.com/",
        f"/runs/?token={TOKEN}",
        f"csrfmiddlewaretoken={TOKEN}",
    ],
)
def test_a_line_is_masked_wherever_a_secret_stands(line: str) -> None:
    assert TOKEN not in mask(line)
    assert mask(mask(line)) == mask(line)


@override_settings(COMFYDEPLOY_API_KEY=TOKEN)
def test_our_own_key_is_masked_without_any_hint() -> None:
    assert TOKEN not in mask(f"could not use {TOKEN} here")


def test_harmless_lines_stay() -> None:
    for line in ("GET /runs/now/ 200", "/static/css/site.css", "/s/ and /invite/ and /sign-in/?x"):
        assert mask(line) == line


def fails(request, token):
    password = request.POST["password"]
    raise RuntimeError(f"no luck with {password} at {request.path}")


class FailingUrls:
    urlpatterns = [*urls.urlpatterns, path("s/<str:token>/fails/", fails)]
    handler404 = urls.handler404


fails.login_required = False  # type: ignore[attr-defined]


@pytest.fixture
def failing(settings) -> None:
    settings.ROOT_URLCONF = FailingUrls
    settings.ADMINS = ["ana@example.com" if django.VERSION >= (6,) else ("ana", "ana@example.com")]


def failed_request() -> Client:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = TOKEN
    return client


SHOWN = {"password": "hunter2-and-more", "note": "a note"}


@pytest.mark.django_db
def test_the_traceback_of_a_failure_is_masked_in_the_log(failing: None) -> None:
    lines: list[str] = []

    class Catch(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(self.format(record))

    handler = Catch()
    handler.setFormatter(MaskingFormatter())
    logging.getLogger("django.request").addHandler(handler)
    try:
        assert failed_request().post(f"/s/{TOKEN}/fails/", SHOWN).status_code == 500
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    text = "\n".join(lines)
    assert "RuntimeError" in text and TOKEN not in text


@pytest.mark.django_db
def test_a_mail_about_a_failure_holds_no_secret(failing: None, settings) -> None:
    handler = AdminEmailHandler(include_html=True)
    handler.addFilter(MaskingFilter())
    handler.setFormatter(MaskingFormatter())
    logging.getLogger("django.request").addHandler(handler)
    try:
        failed_request().post(
            f"/s/{TOKEN}/fails/", SHOWN, headers={"Authorization": f"Bearer {TOKEN}"}
        )
    finally:
        logging.getLogger("django.request").removeHandler(handler)
    (sent,) = mail.outbox
    html = str(sent.alternatives[0][0])
    for text in (sent.subject, str(sent.body), html):
        assert TOKEN not in text
        for secret in (settings.SECRET_KEY, settings.COMFYDEPLOY_API_KEY, settings.HOOK_SECRET):
            assert secret not in text
    assert "a note" not in html, "what was typed is not told"
    assert "RuntimeError" in html


@override_settings(DEBUG=True)
@pytest.mark.django_db
def test_the_debug_page_holds_no_secret_either(failing: None, settings) -> None:
    page = failed_request().post(f"/s/{TOKEN}/fails/", SHOWN).content.decode()
    assert "RuntimeError" in page
    assert TOKEN not in page and settings.COMFYDEPLOY_API_KEY not in page


ADMIN = "/django-admin/"


@pytest.fixture
def eva(db: None) -> Client:
    client = Client()
    client.force_login(person("eva", "admin"))
    return client


@pytest.mark.parametrize("role", ["viewer", "member"])
def test_djangos_admin_is_for_admins_alone(db: None, role: str) -> None:
    client = Client()
    client.force_login(person("ana", role))
    for address in (ADMIN, f"{ADMIN}dashboard/run/", f"{ADMIN}auth/user/", f"{ADMIN}nothing/"):
        assert client.get(address).status_code == 403
        assert Client().get(address)["Location"].startswith("/sign-in/?next=")
    assert Client().get(f"{ADMIN}login/")["Location"].startswith("/sign-in/?next=")


def test_rows_are_looked_at_and_not_changed(eva: Client) -> None:
    run = store(answer())
    user = person("ana", password="a long password")
    lists = [f"dashboard/{name}/" for name in ("run", "snapshot", "output", "auditentry")]
    rows = [f"dashboard/run/{run.pk}/change/", f"auth/user/{user.pk}/change/"]
    for address in ("", "auth/user/", "dashboard/invitation/", *lists, *rows):
        response = eva.get(ADMIN + address)
        assert response.status_code == 200, address
        assert user.password not in response.content.decode()
    for address in (f"dashboard/run/{run.pk}/delete/", "auth/user/add/"):
        assert eva.post(ADMIN + address, {"post": "yes"}).status_code == 403
    eva.post(f"{ADMIN}auth/user/{user.pk}/change/", {"username": "x", "is_superuser": "on"})
    user.refresh_from_db()
    assert (user.username, user.is_superuser) == ("ana", False)
    assert Payload.objects.exists()


def test_removing_a_row_there_is_noted(eva: Client) -> None:
    row, _ = follow.add("workflow", store(answer()).uuid, NOON)
    eva.post(f"{ADMIN}dashboard/follow/{row.pk}/delete/", {"post": "yes"})
    assert not Follow.objects.exists()
    assert AuditEntry.objects.get(action="admin.changed").name == "eva"


def test_its_own_files_are_served() -> None:
    assert finders.find("admin/css/base.css")


def test_its_path_is_a_setting_and_can_be_off() -> None:
    show = "from django.urls import reverse; print(reverse('admin:index'))"
    tests = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    moved = manage("shell", "-v0", "-c", show, ADMIN_PATH="rows", **tests)
    assert moved.stdout.strip().endswith("/rows/"), moved.stderr
    off = manage("shell", "-v0", "-c", show, ADMIN_PATH="off", **tests)
    assert "NoReverseMatch" in off.stderr
    taken = manage("check", ADMIN_PATH="runs", **tests)
    assert "ADMIN_PATH='runs' cannot be used" in taken.stderr + taken.stdout


def test_its_path_is_none_that_is_taken(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    first = {re.split(r"[/<(]", str(one.pattern).lstrip("^"))[0] for one in urls.urlpatterns}
    assert first - {"", settings.ADMIN_PATH} | {"static"} == config.RESERVED
    for part in config.RESERVED:
        monkeypatch.setenv("ADMIN_PATH", f"/{part}/")
        with pytest.raises(config.ConfigError):
            config.path_part("ADMIN_PATH", "django-admin")
