"""The outputs of a run: media, texts and booleans from the elements of `outputs`, in order."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypedDict

from dashboard.domain.json_types import JsonObject
from dashboard.domain.media.kinds import TEXT, kind_of
from dashboard.domain.nodes.reported_error import first_error, read_error
from dashboard.domain.run.facts import Output, RunError, Value
from dashboard.domain.run.values import parse_moment, parse_name, parse_word
from dashboard.domain.text.letters import put_together
from dashboard.domain.text.links import path_of, safe_url, signed_until, unsigned
from dashboard.domain.text.redaction import MASK, is_secret_name, redact_text
from dashboard.domain.text.terminal_text import without_escapes

Element = JsonObject
LATEST = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Reading:
    """Everything that the elements hold."""

    outputs: tuple[Output, ...] = ()
    values: tuple[Value, ...] = ()
    error: RunError | None = None


class _Node(TypedDict):
    """Where an element's data comes from."""

    node_id: str | None
    node_class: str | None
    output_id: str | None
    created_at: datetime | None


@dataclass(slots=True)
class _Gathered:
    outputs: dict[str, Output] = field(default_factory=dict)
    values: list[Value] = field(default_factory=list)
    errors: list[RunError] = field(default_factory=list)


def read_outputs(elements: object) -> Reading:
    """Outputs, booleans and the run's error, by the rules for ComfyDeploy's `outputs`.

    `elements` is what was sent, of any type; what is not understood is left
    out. Texts and names come masked, URLs keep the signature that makes them work.
    What an element holds twice is two outputs; what a later element repeats is none,
    because ComfyDeploy's machines send an element again when a delivery fails.
    """
    gathered = _Gathered()
    for element, data in _in_order(elements):
        if error := read_error(data):
            gathered.errors.append(error)
            continue
        _add_all(gathered, _node(element), data)
    return Reading(
        tuple(gathered.outputs.values()), tuple(gathered.values), first_error(gathered.errors)
    )


def _in_order(elements: object) -> list[tuple[Element, Element]]:
    """The usable elements, each with its data."""
    usable = [
        (element, data)
        for element in (elements if isinstance(elements, list) else [])
        if isinstance(element, dict) and isinstance(data := element.get("data"), dict)
    ]
    return sorted(usable, key=lambda each: _age(each[0]))


def _age(element: Element) -> tuple[datetime, str]:
    return parse_moment(element.get("created_at")) or LATEST, parse_name(element.get("id")) or ""


def _node(element: Element) -> _Node:
    meta = element.get("node_meta")
    meta = meta if isinstance(meta, dict) else {}
    return _Node(
        node_id=_masked(parse_name(meta.get("node_id")) or parse_name(element.get("node_id"))),
        node_class=_masked(parse_word(meta.get("node_class"))),
        output_id=_masked(parse_name(element.get("output_id"))),
        created_at=parse_moment(element.get("created_at")),
    )


def _masked(text: str | None) -> str | None:
    return None if text is None else redact_text(text)


def _items(data: Element) -> Iterator[tuple[str, object]]:
    for key, value in data.items():
        if isinstance(value, list):
            for item in put_together(value):
                yield key, item
        elif isinstance(value, dict | str):
            yield key, value


def _add_all(gathered: _Gathered, node: _Node, data: Element) -> None:
    times: Counter[str] = Counter()  # each output so far in this element
    for key, item in _items(data):
        if isinstance(item, bool):
            gathered.values.append(Value(redact_text(key), node["node_id"], item))
        elif output := _output(node, key, item):
            again = times[output.identity]
            times[output.identity] += 1
            if again:
                output = replace(output, identity=_digest(output.identity, str(again)))
            gathered.outputs.setdefault(output.identity, output)


def _output(node: _Node, key: str, item: object) -> Output | None:
    if isinstance(item, str):
        return _from_string(node, key, item)
    if isinstance(item, dict) and isinstance(url := item.get("url"), str):
        return _from_media(node, key, url, _masked(parse_word(item.get("filename"))))
    return None


def _from_media(node: _Node, key: str, url: str, filename: str | None) -> Output:
    link = safe_url(url)
    identity = (unsigned(link), "") if link else (url, filename)
    return Output(
        kind=kind_of(filename, path_of(url)),
        key=redact_text(key),
        identity=_digest(node["node_id"], key, "url" if link else "unsafe", *identity),
        filename=filename,
        url=link,
        unsafe=link is None,
        expires_at=signed_until(link) if link else None,
        **node,
    )


def _from_string(node: _Node, key: str, text: str) -> Output:
    text = without_escapes(text)
    link = None if is_secret_name(key) else _link(text)
    if link:
        return Output(
            kind=kind_of(None, path_of(link)),
            key=redact_text(key),
            identity=_digest(node["node_id"], key, "url", unsigned(link), ""),
            url=link,
            expires_at=signed_until(link),
            **node,
        )
    shown = MASK if is_secret_name(key) else redact_text(text)
    return Output(
        kind=TEXT,
        key=redact_text(key),
        identity=_digest(node["node_id"], key, "text", shown),
        text=shown,
        **node,
    )


def _link(text: str) -> str | None:
    return safe_url(text) if len(text.split(None, 1)) == 1 and text == text.strip() else None


def _digest(*parts: str | None) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
