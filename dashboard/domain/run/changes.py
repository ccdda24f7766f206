"""The differences between two answers, and the answers rebuilt from them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypedDict, cast

from dashboard.domain.json_types import JsonObject, JsonValue

State = JsonObject
Element = JsonObject  # one of the outputs
OUTPUTS = "outputs"
_SIGNED = re.compile(r"[?&][\w.%-]{1,100}=•••")


class Delta(TypedDict, total=False):
    """How the outputs have changed; `whole`, alone, where they cannot be compared by ID."""

    whole: JsonValue
    added: list[Element]
    changed: list[Element]
    gone: list[str]


def same(one: object, other: object) -> bool:
    """Equality of JSON values that tells 1, 1.0 and true apart."""
    if one is other:
        return True
    return one == other and _text(one) == _text(other)


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def diff(
    before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]
) -> tuple[State, list[str]]:
    """Fields of `after` that are new or differ, and the names of those no longer sent.

    `outputs` is compared by element, so that 400 that arrive one by one are stored
    once each: `{"added": [...], "changed": [...], "gone": [ids]}`, or
    `{"whole": value}` where elements have no usable ids.
    """
    changes: State = {}
    for name, value in after.items():
        if name in before and same(before[name], value):
            continue
        if name == OUTPUTS:
            delta = _outputs_delta(before.get(name, []), value, known=name in before)
            if delta is not None:
                changes[name] = cast(JsonObject, delta)
        else:
            changes[name] = value
    return changes, [name for name in before if name not in after]


def _outputs_delta(before: JsonValue, after: JsonValue, *, known: bool) -> Delta | None:
    old, new = _by_id(before), _by_id(after)
    if old is None or new is None:
        return {"whole": after}
    delta: Delta = {
        "added": [element for key, element in new.items() if key not in old],
        "changed": [
            element
            for key, element in new.items()
            if key in old and not _same_but_for_signatures(old[key], element)
        ],
        "gone": [key for key in old if key not in new],
    }
    # Upstream sends outputs in any order: a new order alone is no change.
    return delta if any(delta.values()) or not known else None


def _same_but_for_signatures(one: object, other: object) -> bool:
    """Equality but for signatures: every answer signs links again, and masked ones still differ."""
    if same(one, other):
        return True
    return _SIGNED.sub("", _text(one)) == _SIGNED.sub("", _text(other))


def _by_id(elements: JsonValue) -> dict[str, Element] | None:
    if not isinstance(elements, list):
        return None
    found: dict[str, Element] = {}
    for element in elements:
        if not isinstance(element, dict):
            return None
        key = element.get("id")
        if not isinstance(key, str) or key in found:
            return None
        found[key] = element
    return found


def fold(history: Iterable[tuple[Mapping[str, JsonValue], Iterable[str]]]) -> Iterator[State]:
    """Every observed state in turn, from `(changes, dropped)` pairs oldest first.

    The order of outputs is that of their arrival here.
    """
    state: State = {}
    for changes, dropped in history:
        state = {name: value for name, value in state.items() if name not in set(dropped)}
        for name, value in changes.items():
            state[name] = _apply(state.get(name), cast(Delta, value)) if name == OUTPUTS else value
        yield dict(state)


def _apply(before: JsonValue, delta: Delta) -> JsonValue:
    if "whole" in delta:
        return delta["whole"]
    elements = _by_id(before) or {}
    for key in delta["gone"]:
        elements.pop(key, None)
    for element in (*delta["changed"], *delta["added"]):
        elements[str(element["id"])] = element
    return list(elements.values())
