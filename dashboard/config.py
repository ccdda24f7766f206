"""Reads the settings once: the environment first, then `.env` beside manage.py."""

import ipaddress
import json
import os
import re
import secrets
import socket
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.utils.crypto import salted_hmac

from dashboard.domain.machines.prices import read_price
from dashboard.domain.text.byte_sizes import read_size

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

environ.Env.read_env(str(BASE_DIR / ".env"), overwrite=False)

NAMES: dict[str, str] = {}
"""Every setting that was read, with its default; a test compares the README's table with it."""

DATABASE_EXPECTED = "sqlite:///path or postgres://user@host/name"


class ConfigError(Exception):
    """A setting that cannot be used; its text is the one line that the user reads."""


def refuse(name: str, value: str, expected: str) -> ConfigError:
    """The error of a setting with a wrong value; the value of a secret is masked."""
    shown = "•••" if any(word in name for word in ("KEY", "SECRET", "DATABASE_URL")) else value
    return ConfigError(f"{name}={shown!r} cannot be used: expected {expected}.")


def text(name: str, default: str = "") -> str:
    """A setting as it is given, else its default."""
    NAMES[name] = default
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: str) -> bool:
    value = text(name, default).lower()
    if value in {"on", "true", "yes", "1"}:
        return True
    if value in {"off", "false", "no", "0"}:
        return False
    raise refuse(name, value, "on or off")


def number(name: str, default: str, low: float, high: float) -> float:
    value = text(name, default)
    try:
        read = float(value)
    except ValueError:
        read = float("nan")
    if not low <= read <= high:
        raise refuse(name, value, f"a number from {low:g} to {high:g}")
    return read


def whole(name: str, default: str, low: int, high: int) -> int:
    read = number(name, default, low, high)
    if read != int(read):
        raise refuse(name, text(name, default), f"a whole number from {low} to {high}")
    return int(read)


def limit(name: str, expected: str, read: Callable[[str], float]) -> float | None:
    """A limit above 0, in the unit that `read` returns; None where it is off, the default."""
    value = text(name, "off")
    if value.lower() == "off":
        return None
    try:
        number = read(value)
    except ValueError:
        number = float("nan")
    if not 0 < number < 1e15:
        raise refuse(name, value, f"off, or {expected}")
    return number


def size(name: str, default: str) -> int:
    """A number of bytes, given as 500M or 20G."""
    value = text(name, default)
    try:
        read = read_size(value)
    except ValueError:
        read = 0
    if not 0 < read < 10**15:
        raise refuse(name, value, "an amount such as 500M or 20G")
    return read


def folder(name: str, default: str) -> Path:
    """A folder; a relative path counts from manage.py."""
    return BASE_DIR / text(name, default)


def choice(name: str, default: str, options: tuple[str, ...]) -> str:
    value = text(name, default).lower()
    if value not in options:
        raise refuse(name, value, " or ".join(options))
    return value


def prices(name: str) -> dict[str, Decimal]:
    """Prices by GPU, as JSON such as `{"H100": 0.002338}`: dollars a second, exact as written."""
    value = text(name)
    expected = 'dollars a second by GPU, such as {"H100": 0.002338}'
    try:
        told = json.loads(value or "{}", parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError):
        raise refuse(name, value, expected) from None
    read = {gpu: read_price(price) for gpu, price in told.items()} if isinstance(told, dict) else {}
    found = {gpu: price for gpu, price in read.items() if price is not None}
    if not isinstance(told, dict) or len(found) < len(told):
        raise refuse(name, value, expected)
    return found


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be this computer."""
    bare = host.strip("[]").lower().rstrip(".")
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def web_url(name: str, default: str) -> str:
    """An http(s) address without a path's trailing slash, credentials, query or fragment."""
    value = text(name, default)
    expected = "an address such as https://runs.example.com"
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        raise refuse(name, "•••", expected) from None
    if not usable or parts.username or parts.password or parts.query or parts.fragment:
        raise refuse(name, "•••" if "@" in value else value, expected)
    return value.rstrip("/")


def upstream_url() -> str:
    name = "COMFYDEPLOY_API_URL"
    value = web_url(name, "https://api.comfydeploy.com/api")
    parts = urlsplit(value)
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise refuse(name, value, "https, or http on this computer")
    return value


RESERVED = frozenset(
    {
        *(
            "account",
            "audit",
            "batches",
            "connection",
            "first",
            "following",
            "following.json",
            "runs.csv",
            "runs.json",
            "runs.jsonl",
            "healthz",
            "history",
            "hooks",
            "insights",
            "invite",
            "palette",
            "patterns",
            "people",
        ),
        *("readyz", "runs", "s", "selection", "settings", "shares", "sign-in", "sign-out"),
        *("static", "views", "welcome"),
    }
)
"""The first parts of all paths that `dashboard/urls.py` knows, and the static files'."""


def path_part(name: str, default: str) -> str:
    """One part of a path, without its slashes; "" is off."""
    value = text(name, default).strip("/")
    if value == "off":
        return ""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,40}", value) or value in RESERVED:
        raise refuse(name, value, "small letters, digits and hyphens that are no page yet, or off")
    return value


def hosts(name: str, default: str) -> list[str]:
    return [host.strip() for host in text(name, default).split(",") if host.strip()]


def public_url(host: str, port: int) -> str:
    shown = socket.gethostname() if host in {"0.0.0.0", "::"} else host  # noqa: S104
    if ":" in shown:
        shown = f"[{shown}]"
    return web_url("PUBLIC_URL", f"http://{shown}:{port}")


def secret_key(database_url: str) -> str:
    """SECRET_KEY; with SQLite one is made and stored in `var/` where none is set."""
    given = text("SECRET_KEY")
    if given:
        return given
    if database_url.startswith("postgres"):
        raise ConfigError("SECRET_KEY must be set with PostgreSQL: every machine needs the same.")
    path = VAR / "secret_key"
    VAR.mkdir(exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip() or _fill(path)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def _fill(path: Path) -> str:
    path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


def hook_secret(secret_key: str) -> str:
    """The secret in the webhook's address; made from SECRET_KEY where none is set."""
    given = text("HOOK_SECRET")
    if given and not re.fullmatch(r"[A-Za-z0-9_-]{16,128}", given):
        raise refuse("HOOK_SECRET", given, "16 to 128 letters, digits, hyphens or underscores")
    return (
        given or salted_hmac("runboard.hook", "", secret=secret_key, algorithm="sha256").hexdigest()
    )


def database_url() -> str:
    default = "sqlite:///var/runboard.sqlite3"
    value = text("DATABASE_URL", default)
    if not value.startswith(("sqlite:///", "postgres://", "postgresql://")):
        raise refuse("DATABASE_URL", value, DATABASE_EXPECTED)
    if not urlsplit(value).path.strip("/"):
        raise refuse("DATABASE_URL", value, DATABASE_EXPECTED)
    if value.startswith("sqlite:///") and not value.startswith("sqlite:////"):
        path = BASE_DIR / value.removeprefix("sqlite:///")
        path.parent.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{path}"
    return value


def database() -> dict[str, object]:
    """Django's DATABASES entry; SQLite in WAL with immediate transactions."""
    url = database_url()
    try:
        config: dict[str, object] = dict(environ.Env.db_url_config(url))
    except ValueError:
        raise refuse("DATABASE_URL", url, DATABASE_EXPECTED) from None
    config["CONN_MAX_AGE"] = None
    config["CONN_HEALTH_CHECKS"] = url.startswith("postgres")
    if url.startswith("sqlite"):
        config["OPTIONS"] = {
            "timeout": 20,
            # Deferred transactions that turn into writers fail at once with
            # "database is locked" under concurrent writers; these wait.
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
    else:
        _need_postgres_driver()
    return config


def _need_postgres_driver() -> None:
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise ConfigError(
            "DATABASE_URL names PostgreSQL, whose driver is not installed: "
            ".venv/bin/pip install -r requirements-postgres.txt"
        ) from None


def check_open_access(host: str, allowed: list[str], public: str) -> None:
    """Raises OpenAccessRefused where another computer could reach a Runboard without sign-in."""
    public_host = urlsplit(public).hostname or ""
    if all(is_loopback(name) for name in (host, public_host, *allowed)):
        return
    raise OpenAccessRefused(
        "ACCESS='open' cannot be used: HOST, ALLOWED_HOSTS and PUBLIC_URL must be this "
        "computer only. To share with teammates, use sign-in."
    )


class OpenAccessRefused(ConfigError):
    """Open access where other computers could reach it; `way_out` is two commands to run."""

    way_out = (
        "make user NAME=ana",
        "HOST=0.0.0.0 PUBLIC_URL=http://runs.lan:8000 make run",
    )
