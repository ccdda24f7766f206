"""Bytes to JSON values that any database, template and browser can hold."""

import json
import math
import re

from dashboard.domain.json_types import JsonValue
from dashboard.upstream.errors import BadAnswer

DEEPEST = 100
LONGEST_INTEGER = 4300  # digits, where Python itself stops reading and writing them
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def read_json(body: bytes) -> JsonValue:
    """The value of a body, cleaned; raises BadAnswer where it is no JSON.

    NUL and lone surrogates become U+FFFD; infinities, NaN, integers that are
    too long and what is nested deeper than 100 levels become null.
    """
    try:
        value = json.loads(
            body.decode("utf-8-sig", errors="replace"),
            parse_int=_integer,
            parse_float=_finite,
            parse_constant=lambda _: None,
        )
    except (ValueError, RecursionError):
        raise BadAnswer("ComfyDeploy's answer is not JSON that can be read.") from None
    return _clean(value, DEEPEST)


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= LONGEST_INTEGER else None


def _finite(digits: str) -> float | None:
    value = float(digits)
    return value if math.isfinite(value) else None


def _clean(value: JsonValue, levels: int) -> JsonValue:
    if isinstance(value, str):
        return storable(value)
    if not isinstance(value, dict | list):
        return value
    if not levels:
        return None
    if isinstance(value, list):
        return [_clean(item, levels - 1) for item in value]
    return {storable(name): _clean(item, levels - 1) for name, item in value.items()}


def storable(text: str) -> str:
    """The text with U+FFFD for what no database holds: NUL and lone surrogates."""
    return _UNSTORABLE.sub("\ufffd", text)
