"""Whether JSON values are equal, and whether a mask hides what they were."""

import math
from typing import TypeGuard

from dashboard.domain.json_types import JsonValue
from dashboard.domain.text.redaction import MASK


def same_value(one: JsonValue, other: JsonValue) -> bool:
    """Equality in which 1 is 1.0 but not true, whatever the order of names; of any depth."""
    pairs = [(one, other)]
    while pairs:
        a, b = pairs.pop()
        if isinstance(a, dict) and isinstance(b, dict):
            if a.keys() != b.keys():
                return False
            pairs.extend((a[name], b[name]) for name in a)
        elif isinstance(a, list) and isinstance(b, list):
            if len(a) != len(b):
                return False
            pairs.extend(zip(a, b, strict=True))
        elif not _same_leaf(a, b):
            return False
    return True


def is_number(value: JsonValue) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_masked(value: JsonValue) -> bool:
    """Whether redaction hides a part of the value: what it was may differ unseen."""
    parts = [value]
    while parts:
        part = parts.pop()
        if isinstance(part, str) and MASK in part:
            return True
        if isinstance(part, dict):
            parts += [*part.keys(), *part.values()]
        elif isinstance(part, list):
            parts += part
    return False


def _same_leaf(one: JsonValue, other: JsonValue) -> bool:
    if is_number(one) and is_number(other):
        return one == other or (_is_nan(one) and _is_nan(other))
    return type(one) is type(other) and one == other


def _is_nan(value: JsonValue) -> bool:
    return isinstance(value, float) and math.isnan(value)
