"""ComfyDeploy's users: the path of one, and how the answer about them is read.

The answer tells `user_id`, `image_url`, `username`, `first_name` and `last_name`, any of which
may be null; all are for somebody who is not known there. No other field is read.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from dashboard.domain.json_types import JsonObject
from dashboard.domain.run.values import parse_word
from dashboard.domain.text.links import safe_url
from dashboard.domain.text.redaction import redact_text
from dashboard.upstream.errors import BadAnswer
from dashboard.upstream.json_body import read_json

LONGEST_NAME, LONGEST_URL = 200, 2000


@dataclass(frozen=True, slots=True)
class ToldUser:
    """What an answer tells of a user; both are "" for somebody who is not known there."""

    name: str = ""
    picture_url: str = ""


def may_ask(user_id: str) -> bool:
    """Whether an ID can stand in a path: one of dots alone would lead to another address."""
    return bool(user_id.strip("."))


def user_path(user_id: str) -> str:
    """The path of a user."""
    return f"/user/{quote(user_id, safe='')}"


def read_user(body: bytes, *, local_origin: str = "") -> ToldUser:
    """Name and picture of a user; raises BadAnswer where the answer is about nobody.

    Pictures are https links, or those of `local_origin`: the simulator's on this computer.
    """
    answer = read_json(body)
    if not isinstance(answer, dict):
        raise BadAnswer("ComfyDeploy's answer is not about a user.")
    return ToldUser(_name(answer), _picture_url(answer, local_origin))


def _name(answer: JsonObject) -> str:
    """First and last name, else the user name, without secrets and in one line."""
    parts = (_word(answer, "first_name"), _word(answer, "last_name"))
    name = " ".join(part for part in parts if part) or _word(answer, "username")
    return redact_text(name)[:LONGEST_NAME].rstrip()


def _word(answer: JsonObject, field: str) -> str:
    return " ".join((parse_word(answer.get(field), LONGEST_NAME) or "").split())


def _picture_url(answer: JsonObject, local_origin: str) -> str:
    sent = answer.get("image_url")
    url = safe_url(sent) if isinstance(sent, str) and len(sent) <= LONGEST_URL else None
    if url is None:
        return ""
    parts = urlsplit(url)
    secure = parts.scheme.lower() == "https"
    return url if secure or f"{parts.scheme}://{parts.netloc}" == local_origin else ""
