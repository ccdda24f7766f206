"""Text that is JSON, read for showing: numbers stay as they were written."""

import json
from typing import NoReturn, TypeAlias

MAX_CHARACTERS = 200_000
MAX_VALUES = 3_000
DEEPEST = 40

ShownValue: TypeAlias = "Object | list[ShownValue] | str | bool | None"
Pairs: TypeAlias = "list[tuple[str, ShownValue]]"


class Written(str):
    """A number, to the digit."""

    __slots__ = ()


class Object:
    """An object's pairs in their order, those with the same name too."""

    __slots__ = ("pairs",)

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs


def read_json(text: str) -> Object | list[ShownValue] | None:
    """The object or list that the text holds; None where it is none, or too much to fold.

    Values are `Object`, list, `Written`, str, bool or None.
    """
    stripped = text.strip()
    if len(stripped) > MAX_CHARACTERS or stripped[:1] not in ("{", "["):
        return None
    try:
        value = json.loads(
            stripped,
            object_pairs_hook=Object,
            parse_int=Written,
            parse_float=Written,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):
        return None
    return value if _fits(value) else None


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _fits(value: ShownValue) -> bool:
    level, count, depth = [value], 0, 0
    while level:
        count += len(level)
        depth += 1
        if count > MAX_VALUES or depth > DEEPEST:
            return False
        level = [inner for one in level for inner in _inside(one)]
    return True


def _inside(value: ShownValue) -> list[ShownValue]:
    if isinstance(value, Object):
        return [inner for _, inner in value.pairs]
    return value if isinstance(value, list) else []
