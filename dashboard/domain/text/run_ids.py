"""Finds run IDs in pasted text: IDs, links, JSON, logs."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from uuid import UUID

MAX_IDS = 200
RUN_ID_NAMES = ("run_id", "run-id")

_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_CANONICAL = r"(?<![0-9A-Za-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9A-Za-z])"
_COMPACT = r"(?<![\w-])[0-9a-f]{32}(?![\w-])"
_UUID = re.compile(f"{_CANONICAL}|{_COMPACT}", re.IGNORECASE)
_WHOLE = re.compile(rf"(?:urn:uuid:)?\{{?({_UUID.pattern})\}}?", re.IGNORECASE)
# A link or a word: what stands between white space, quotes, brackets and commas.
_CHUNK = re.compile(r"""[^\s"'`<>()\[\],|]+""")
_BEFORE = 12  # characters, the longest of "run-id={" and the like
_NAMES_RUN = re.compile(r"(?:[?&#;]|^|\W)run[-_]id=\{?$|/runs?/\{?$", re.IGNORECASE)
_NAMES_OTHER = re.compile(r"/workflows?/\{?$", re.IGNORECASE)
_KEYED = re.compile(
    r"""["']run[-_]id\\?["']\s{0,9}[:=]\s{0,9}\\?["']([^"'\\]{32,60})\\?["']""", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Found:
    """Run IDs in the order of the text, at most 200; `skipped` are those beyond.

    A text without any is a search for `search`.
    """

    ids: tuple[UUID, ...]
    skipped: int
    search: str


def find_run_ids(text: str) -> Found:
    """The run IDs in any text; never raises, in time linear in the text's length."""
    trimmed = text.strip()
    unique = list(dict.fromkeys(_of_json(trimmed) or _of_lines(trimmed)))
    search = "" if unique else trimmed
    return Found(tuple(unique[:MAX_IDS]), max(0, len(unique) - MAX_IDS), search)


def _of_json(text: str) -> list[UUID]:
    """The IDs of a text that is JSON as a whole and names runs."""
    if not text.startswith(("{", "[")):
        return []
    try:
        return list(_of_value(json.loads(text)))
    except (ValueError, RecursionError):
        return []


def _of_value(value: Any) -> Iterator[UUID]:
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            run_id = _run_id(value)
            if run_id:
                yield run_id
            waiting.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _run_id(of: dict[str, Any]) -> UUID | None:
    for name in RUN_ID_NAMES:
        if run_id := _whole(of.get(name)):
            return run_id
    return _whole(of.get("id")) if "status" in of else None


def _whole(value: Any) -> UUID | None:
    found = _WHOLE.fullmatch(value.strip()) if isinstance(value, str) else None
    return UUID(found[1]) if found else None


def _of_lines(text: str) -> list[UUID]:
    """The IDs of free text, where a line may be JSON of its own, as in logs and event streams."""
    ids: list[UUID] = []
    rest: list[str] = []
    for line in text.splitlines():
        if found := _of_json(line.strip().removeprefix("data:").lstrip()):
            ids += [*_of_text("\n".join(rest)), *found]
            rest = []
        else:
            rest.append(line)
    return ids + _of_text("\n".join(rest))


def _of_text(text: str) -> list[UUID]:
    keyed = [run_id for found in _KEYED.finditer(text) if (run_id := _whole(found[1]))]
    if keyed:
        return keyed
    plain = unquote(text) if "%" in text else text
    chunks = _CHUNK.findall(plain.translate(_HYPHENS))
    # An ID that looks like a workflow's is taken as a run's where there is no other.
    return list(_of_chunks(chunks)) or [UUID(found) for found in _UUID.findall(plain)]


def _of_chunks(chunks: Iterable[str]) -> Iterator[UUID]:
    """Of a chunk that says which of its IDs is a run's, only these; else all but a workflow's."""
    for chunk in chunks:
        named, others = [], []
        for found in _UUID.finditer(chunk):
            before = chunk[max(0, found.start() - _BEFORE) : found.start()]
            if _NAMES_RUN.search(before):
                named.append(UUID(found[0]))
            elif not _NAMES_OTHER.search(before):
                others.append(UUID(found[0]))
        yield from named or others
