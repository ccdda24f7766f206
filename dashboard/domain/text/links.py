"""URLs from answers: which may be linked, when they expire, what is equal after signing again."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

from dashboard.domain.run.values import parse_moment

SIGNED_PREFIXES = ("x-amz-", "x-goog-")
SIGNED_NAMES = frozenset({"signature", "expires", "key-pair-id", "policy", "sig", "awsaccesskeyid"})
SIGN_DATE = "%Y%m%dT%H%M%SZ"

_PARTS = re.compile(r"(https?)://([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.IGNORECASE | re.DOTALL)
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f]")


def is_signature(name: str) -> bool:
    """Whether a query parameter belongs to a signature, which changes with every signing."""
    lower = unquote(name).lower()
    return lower in SIGNED_NAMES or lower.startswith(SIGNED_PREFIXES)


def safe_url(url: str) -> str | None:
    """The URL when it is http or https with a host, without credentials; else None."""
    parts = _PARTS.fullmatch(url.strip())
    if parts is None or _FORBIDDEN.search(parts[0]):
        return None
    scheme, authority, path, query, fragment = parts.groups(default="")
    host = authority.rpartition("@")[2]
    if "\\" in authority or not _is_host(f"{scheme}://{host}"):
        return None
    return f"{scheme}://{host}{path}{query}{fragment}"


def _is_host(origin: str) -> bool:
    try:
        parts = urlsplit(origin)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def unsigned(url: str) -> str:
    """Host, path and query without the signature: equal for two links to the same file."""
    parts = _PARTS.fullmatch(url.strip())
    if parts is None:
        return url
    _, authority, path, query, _ = parts.groups(default="")
    kept = [pair for pair in query[1:].split("&") if pair and not is_signature(_name(pair))]
    host = authority.rpartition("@")[2].lower()
    return f"{host}{path}?{'&'.join(kept)}" if kept else host + path


def _name(pair: str) -> str:
    return pair.partition("=")[0]


def is_signed(url: str) -> bool:
    """Whether a link carries a signature, and so may end."""
    parts = _PARTS.fullmatch(url.strip())
    query = (parts[4] or "?")[1:] if parts else ""
    return any(is_signature(_name(pair)) for pair in query.split("&"))


def signed_until(url: str) -> datetime | None:
    """When a signed link ends: X-Amz-Date plus X-Amz-Expires, or Expires as Unix time."""
    parts = _PARTS.fullmatch(url.strip())
    if parts is None:
        return None
    pairs = (pair.partition("=") for pair in (parts[4] or "?")[1:].split("&"))
    query = {unquote(name).lower(): unquote(value) for name, _, value in pairs}
    for prefix in SIGNED_PREFIXES:
        if end := _date_and_life(query.get(f"{prefix}date"), query.get(f"{prefix}expires")):
            return end
    expires = query.get("expires", "")
    return parse_moment(int(expires)) if re.fullmatch(r"[0-9]{9,12}", expires) else None


def _date_and_life(date: str | None, life: str | None) -> datetime | None:
    if date is None or life is None or not re.fullmatch(r"[0-9]{1,9}", life):
        return None
    try:
        return datetime.strptime(date, SIGN_DATE).replace(tzinfo=UTC) + timedelta(seconds=int(life))
    except (ValueError, OverflowError):
        return None


def path_of(url: str) -> str:
    """The percent-decoded path of a URL of any scheme."""
    parts = _PARTS.fullmatch(url.strip())
    return unquote(re.split(r"[?#]", url, maxsplit=1)[0] if parts is None else parts[3])
