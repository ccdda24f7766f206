"""Fingerprints of a run's inputs, to find the runs that were given the same."""

import json
from hashlib import blake2b

from dashboard.domain.changed.equality import is_masked
from dashboard.domain.json_types import JsonObject, JsonValue

SEEDS = frozenset({"seed", "noise_seed"})


def fingerprint(inputs: JsonValue, *, seedless: bool = False) -> str:
    """Equal for equal inputs, whatever the order of their names; 1 and 1.0 are equal.

    `seedless` leaves out what is called a seed. Empty where there is nothing to compare, or
    where a value or a name was masked, which may differ unseen.
    """
    if not isinstance(inputs, dict):
        return ""
    compared = {name: value for name, value in inputs.items() if not (seedless and is_seed(name))}
    if not compared or is_masked(compared):
        return ""
    text = json.dumps(_plain(compared), sort_keys=True, ensure_ascii=True)
    return blake2b(text.encode(), digest_size=16).hexdigest()


def is_seed(name: str) -> bool:
    """Whether an input is a seed by its name: `seed`, `noise_seed`, `sampler_seed`."""
    lower = name.lower()
    return lower in SEEDS or lower.endswith("_seed")


def _plain(value: JsonValue) -> JsonValue:
    """The value with whole floats as integers, so that both spellings are one."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, dict):
        plain: JsonObject = {name: _plain(each) for name, each in value.items()}
        return plain
    return [_plain(each) for each in value] if isinstance(value, list) else value
