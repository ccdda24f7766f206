"""The inputs of a run as rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from dashboard.presentation.format import plural
from dashboard.presentation.run.fields import json_text

HIDDEN = "•••"
LONG = 120
LONGEST_PROMPT = 200
IMAGES = ("png", "jpg", "jpeg", "gif", "webp", "avif", "bmp")
MEDIA = (*IMAGES, "mp4", "webm", "mov", "m4v", "mp3", "wav", "ogg", "flac", "m4a", "opus", "glb")


@dataclass(frozen=True, slots=True)
class InputRow:
    """One input: `kind` is text, long, number, bool, media, list, json, hidden or null."""

    name: str
    kind: str
    text: str
    url: str | None = None
    length: str = ""


def input_rows(inputs: Any) -> tuple[InputRow, ...]:
    """Inputs by name in the order sent; anything but an object is one unnamed row."""
    if isinstance(inputs, Mapping):
        return tuple(_row(str(name), value) for name, value in inputs.items())
    return () if inputs is None else (_row("", inputs),)


def _row(name: str, value: Any) -> InputRow:
    if value is None:
        return InputRow(name, "null", "null")
    if isinstance(value, bool):
        return InputRow(name, "bool", "true" if value else "false")
    if isinstance(value, int | float):
        # As text: a browser's numbers would round a seed above 2^53.
        return InputRow(name, "number", json_text(value))
    if isinstance(value, str):
        return _string(name, value)
    if isinstance(value, list):
        return InputRow(name, "list", json_text(value, indent=2), length=plural(len(value), "item"))
    return InputRow(name, "json", json_text(value, indent=2))


def _string(name: str, value: str) -> InputRow:
    if value.strip() == HIDDEN:
        return InputRow(name, "hidden", HIDDEN)
    if _is_url(value):
        path = unquote(_path(value))
        extension = path.rpartition(".")[2].lower()
        shown = path.rpartition("/")[2] or value
        return InputRow(name, "media" if extension in MEDIA else "text", shown, url=value)
    is_long = len(value) > LONG or "\n" in value
    return InputRow(name, "long" if is_long else "text", value)


def _is_url(value: str) -> bool:
    start = value[:8].lower()
    return start.startswith(("http://", "https://")) and not any(c.isspace() for c in value)


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def prompt_of(inputs: Any) -> str:
    """The text that identifies a run best: its prompt, else its longest text; "" without one."""
    if not isinstance(inputs, Mapping):
        return ""
    texts = {
        str(name).lower(): " ".join(value.split())
        for name, value in inputs.items()
        if isinstance(value, str) and value.strip() and not _no_text(value)
    }
    named = (text for name, text in texts.items() if _prompt_like(name))
    others = (text for name, text in texts.items() if "negative" not in name)
    return next(named, max(others, key=len, default=""))[:LONGEST_PROMPT]


def _no_text(value: str) -> bool:
    return HIDDEN in value or value.lower().startswith(("http://", "https://", "data:"))


def _prompt_like(name: str) -> bool:
    return ("prompt" in name or "text" in name) and "negative" not in name
