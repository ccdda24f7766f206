"""The value of a node's field, as text of bounded length."""

import json
from bisect import bisect_left
from dataclasses import dataclass, replace
from enum import StrEnum

from dashboard.domain.changed.equality import is_number
from dashboard.domain.json_types import JsonValue

LONGEST = 300  # characters of a value
BEFORE_IT = 50  # characters that stand before the first difference
CUT = "…"


class SettingKind(StrEnum):
    """What a value is; a link is another node's output."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    NULL = "null"
    LIST = "list"
    OBJECT = "object"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Setting:
    """A value with its kind, for "20" and 20 are two values.

    A text stands as it is, all else as JSON; of a link the text is the ID of the node that
    it comes from, and `slot` which of that node's outputs.
    """

    kind: SettingKind
    text: str
    slot: int | None = None

    @property
    def is_link(self) -> bool:
        return self.kind is SettingKind.LINK


def setting_of(value: JsonValue) -> Setting:
    """The whole value. What ComfyUI takes for a link is one, whether its node exists or not."""
    return _link(value) or input_setting(value)


def input_setting(value: JsonValue) -> Setting:
    """The whole value of a run's input, which is never a link: there a list is a list."""
    return Setting(_kind(value), value if isinstance(value, str) else _json(value))


def side_by_side(
    old: Setting | None, new: Setting | None, longest: int = LONGEST
) -> tuple[Setting | None, Setting | None]:
    """Both, cut where they are long: around their first difference, so that it is seen."""
    if not any(side and len(side.text) > longest for side in (old, new)):
        return old, new
    at = _first_difference(old.text, new.text) if old and new else 0
    start = max(0, at - BEFORE_IT)
    return _cut(old, start, longest), _cut(new, start, longest)


def _link(value: JsonValue) -> Setting | None:
    if not isinstance(value, list) or len(value) != 2:
        return None
    node_id, slot = value
    whole = slot if isinstance(slot, int) and not isinstance(slot, bool) else None
    if isinstance(slot, float) and slot.is_integer():
        whole = int(slot)
    known = isinstance(node_id, str) and whole is not None
    return Setting(SettingKind.LINK, str(node_id), whole) if known else None


def _kind(value: JsonValue) -> SettingKind:
    if value is None:
        return SettingKind.NULL
    if isinstance(value, bool):
        return SettingKind.FLAG
    if is_number(value):
        return SettingKind.NUMBER
    if isinstance(value, str):
        return SettingKind.TEXT
    return SettingKind.LIST if isinstance(value, list) else SettingKind.OBJECT


def _json(value: JsonValue) -> str:
    try:
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    except (RecursionError, ValueError):  # nested too deep, or a number of too many digits
        return CUT


def _first_difference(one: str, other: str) -> int:
    """How many characters both begin with, in few steps for long texts too."""
    most = min(len(one), len(other))
    return bisect_left(range(most), True, key=lambda n: one[: n + 1] != other[: n + 1])


def _cut(side: Setting | None, start: int, longest: int) -> Setting | None:
    if side is None:
        return None
    piece = side.text[start : start + longest]
    end = CUT if start + longest < len(side.text) else ""
    return replace(side, text=f"{CUT if start else ''}{piece}{end}")
