"""HTTP replies, among them the errors that a ComfyDeploy server answers."""

import json
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from uuid import UUID

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP reply, sent after `delay` seconds; below 1, only that share `sent` goes out.

    A `stream` is sent instead of the body, part by part; without `head` even the
    headers stay away.
    """

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    server: str = "uvicorn"
    delay: float = 0.0
    sent: float = 1.0
    stream: Generator[bytes, None, None] | None = None
    head: bool = True


Scripted = bytes | str | Mapping[str, object] | tuple[int, Mapping[str, str], object] | Reply
CUT = Reply(200, sent=0.0)  # the connection ends before any answer


def json_text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def json_reply(status: int, value: object, *headers: tuple[str, str]) -> Reply:
    return Reply(status, json_text(value).encode(), headers=headers)


def detail(status: int, words: object, *headers: tuple[str, str]) -> Reply:
    return json_reply(status, {"detail": words}, *headers)


MISSING_TOKEN = detail(401, "Invalid or missing token")
BAD_TOKEN = detail(401, "Invalid or expired token")
REVOKED_TOKEN = detail(401, "Revoked token")
MACHINE_TOKEN = detail(403, "Token does not have permission to access this endpoint")
FOREIGN_RUN = detail(403, "You are not authorized to access this resource")
UNKNOWN_RUN = detail(404, "Run not found")
UNKNOWN_PATH = detail(404, "Not Found")
WRONG_METHOD = detail(405, "Method Not Allowed", ("allow", "GET"))
BROKEN = Reply(500, b"Internal Server Error", "text/plain; charset=utf-8")
NO_RUN_ID = detail(
    422, [{"type": "missing", "loc": ["query", "run_id"], "msg": "Field required", "input": None}]
)


def moved(location: str) -> Reply:
    return Reply(307, content_type="", headers=(("location", location),))


def malformed(place: str, given: str) -> Reply:
    """The 422 reply for an ID that is not a UUID; `place` is "path" or "query"."""
    reason = _reason(given)
    problem = {
        "type": "uuid_parsing",
        "loc": [place, "run_id"],
        "msg": f"Input should be a valid UUID, {reason}",
        "input": given,
        "ctx": {"error": reason},
    }
    return detail(422, [problem])


def _reason(given: str) -> str:
    """The message of the UUID parser that ComfyDeploy's server uses."""
    text, offset = given, 0
    if given.startswith("{") and given.endswith("}"):
        text, offset = given[1:-1], 1
    elif given.startswith("urn:uuid:"):
        text, offset = given[9:], 9
    for index, sign in enumerate(text):
        if sign not in "0123456789abcdefABCDEF-":
            return (
                "invalid character: expected an optional prefix of `urn:uuid:` followed by "
                f"[0-9a-fA-F-], found `{sign}` at {index + offset + 1}"
            )
    groups = text.split("-")
    if len(groups) == 1 and not offset:
        return f"invalid length: expected length 32 for simple format, found {len(given)}"
    if len(groups) != 5:
        return f"invalid group count: expected 5, found {len(groups)}"
    n, wanted = next(
        (n, wanted)
        for n, wanted in enumerate((8, 4, 4, 4, 12))
        if len(groups[n]) != wanted or n == 4
    )
    return f"invalid group length in group {n}: expected {wanted}, found {len(groups[n])}"


def read_uuid(given: str) -> UUID | None:
    """The run ID in any spelling that the server accepts; None for other text."""
    text = given.removeprefix("urn:uuid:")
    if text.startswith("{") and text.endswith("}") and text == given:
        text = text[1:-1]
    if [len(part) for part in text.split("-")] not in ([32], [8, 4, 4, 4, 12]):
        return None
    try:
        return UUID(text)
    except ValueError:
        return None


def scripted(answer: Scripted, delay: float = 0.0) -> Reply:
    """The reply for a body, a JSON value, (status, headers, body) or a ready `Reply`."""
    if isinstance(answer, Reply):
        return answer
    status, headers, body = answer if isinstance(answer, tuple) else (200, {}, answer)
    if isinstance(body, str):
        body = body.encode()
    elif not isinstance(body, bytes):
        body = json_reply(status, body).body
    named = {name.lower(): value for name, value in headers.items()}
    kind = named.pop("content-type", JSON)
    return Reply(status, body, kind, tuple(named.items()), delay=delay)
