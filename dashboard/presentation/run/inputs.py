"""The inputs of a run as rows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import unquote, urlsplit

from dashboard.domain.text.byte_sizes import size
from dashboard.presentation.folding import Folded, fold, fold_line
from dashboard.presentation.format import plural
from dashboard.presentation.run.fields import json_text

HIDDEN = "•••"
LONG = 120
LONGEST_PROMPT = 200
LONGEST_NAME = 200
MAX_ROWS = 100  # inputs that a page shows
ROOM = 40_000  # characters of values that a page shows; beyond, the heads are shorter
SHORT_HEAD = 200
IMAGES = ("png", "jpg", "jpeg", "gif", "webp", "avif", "bmp")
LONGEST_URL = 4_000
DATA = re.compile(r"\s*data:([\w.+-]+/[\w.+-]+|)[;,]", re.IGNORECASE)
MEDIA = (*IMAGES, "mp4", "webm", "mov", "m4v", "mp3", "wav", "ogg", "flac", "m4a", "opus", "glb")


@dataclass(frozen=True, slots=True)
class InputRow:
    """One input: `kind` is text, long, number, bool, media, data, list, json, hidden or null."""

    name: str
    kind: str
    text: str
    url: str | None = None
    length: str = ""
    at: int = 0  # its place among the inputs
    fold: Folded | None = None  # of a value that is too long for the page
    is_picture: bool = False  # a `data:` address of an image

    @property
    def place(self) -> str:
        """Where the whole value is found, below the address of the run's values."""
        return f"inputs/{self.at}"


def inputs_context(inputs: object, values_url: str = "") -> dict[str, object]:
    """What the template of inputs reads; whole values stand below `values_url`."""
    rows, found = input_rows(inputs), len(_items(inputs))
    return {
        "input_rows": rows,
        "input_count": found,
        "more_inputs": found - len(rows),
        "values_url": values_url,
    }


def input_rows(inputs: object) -> tuple[InputRow, ...]:
    """The first inputs by name in the order sent; anything but an object is one unnamed row."""
    return tuple(_folded(_items(inputs)[:MAX_ROWS]))


def _items(inputs: object) -> list[tuple[str, object]]:
    if isinstance(inputs, Mapping):
        return [(str(name), value) for name, value in inputs.items()]
    return [] if inputs is None else [("", inputs)]


def input_text(inputs: object, at: int) -> str:
    """The whole value of one input as text; IndexError where there is none."""
    value = _items(inputs)[at][1]
    return value if isinstance(value, str) else json_text(value, indent=2)


def _folded(items: list[tuple[str, object]]) -> Iterator[InputRow]:
    """A row of each, with a long value folded; once there is no room the heads are short."""
    room = ROOM
    for at, (name, value) in enumerate(items):
        row = replace(_row(fold_line(name, LONGEST_NAME), value), at=at)
        folded = fold(row.text, SHORT_HEAD) if room <= 0 else fold(row.text)
        room -= len(folded.head) + len(row.url or "")
        yield replace(row, text=folded.head, fold=folded) if folded.cut else row


def _row(name: str, value: object) -> InputRow:
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
    if data := DATA.match(value[:200]):
        kind = data[1].lower() or "text/plain"
        told = f"{kind}, {size(len(value))} as text"
        picture = kind.removeprefix("image/") in IMAGES
        return InputRow(name, "data", told, is_picture=picture)
    if _is_url(value) and len(value) <= LONGEST_URL:
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


def prompt_of(inputs: object) -> str:
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
