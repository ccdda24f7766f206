"""Signed links to private files, like those of S3: they expire after an hour."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

EXPIRES = 3600
STAMP = "%Y%m%dT%H%M%SZ"
# The secret protects nothing: the files are the simulator's own.
_SECRET = b"FAKE-not-a-secret"
_CREDENTIAL = "AKIAFAKEFAKEFAKEFAKE"


def presign(path: str, now: datetime) -> str:
    """The query that opens a private path for an hour from now."""
    stamp = now.astimezone(UTC).strftime(STAMP)
    scope = f"{_CREDENTIAL}%2F{stamp[:8]}%2Fus-east-2%2Fs3%2Faws4_request"
    return (
        f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={scope}&X-Amz-Date={stamp}"
        f"&X-Amz-Expires={EXPIRES}&X-Amz-SignedHeaders=host"
        f"&X-Amz-Signature={_signature(path, stamp, str(EXPIRES))}"
    )


def refusal(path: str, query: Mapping[str, str], now: datetime) -> str | None:
    """None if the query gives access to the path, else S3's error message."""
    stamp, life = query.get("X-Amz-Date", ""), query.get("X-Amz-Expires", "")
    given = query.get("X-Amz-Signature", "")
    if not hmac.compare_digest(given.encode(), _signature(path, stamp, life).encode()):
        return "Access Denied" if not given else "SignatureDoesNotMatch"
    end = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC) + timedelta(seconds=int(life))
    return "Request has expired" if now >= end else None


def _signature(path: str, stamp: str, life: str) -> str:
    return hmac.new(_SECRET, f"{path}\n{stamp}\n{life}".encode(), sha256).hexdigest()
