"""Signed links to private files, in the manner of S3: they end after an hour."""

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

EXPIRES = 3600
STAMP = "%Y%m%dT%H%M%SZ"
# A demo's secret guards nothing: its files are drawn by the simulator itself.
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
    """None where the query opens the path, else why it does not, in S3's words."""
    stamp, life = query.get("X-Amz-Date", ""), query.get("X-Amz-Expires", "")
    given = query.get("X-Amz-Signature", "")
    if not hmac.compare_digest(given.encode(), _signature(path, stamp, life).encode()):
        return "Access Denied" if not given else "SignatureDoesNotMatch"
    end = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC) + timedelta(seconds=int(life))
    return "Request has expired" if now >= end else None


def _signature(path: str, stamp: str, life: str) -> str:
    return hmac.new(_SECRET, f"{path}\n{stamp}\n{life}".encode(), sha256).hexdigest()
