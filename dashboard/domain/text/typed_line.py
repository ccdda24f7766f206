"""The line that is typed into the box, taken apart: the one reading of its quotes and minuses."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_CURLY = "“”„‟«»＂"
# No part gives back more than one sign: the time is in proportion to the text.
_PART = re.compile(
    r'(-*)(?:([a-z_]{1,20}):)?(?:"([^"]*)(?:"|\Z)'
    rf'|[{_CURLY}]([^"{_CURLY}]*)(?:["{_CURLY}]|\Z)'
    rf'|([^\s"{_CURLY}]+))',
    re.IGNORECASE,
)


class Part(NamedTuple):
    """A word or a phrase, as it stands between its quotes; `name` is what a colon follows."""

    left_out: bool
    name: str
    text: str
    quoted: bool

    @property
    def whole(self) -> str:
        """The name and the text, without minus and quotes."""
        return f"{self.name}:{self.text}" if self.name else self.text

    @property
    def written(self) -> str:
        """The part on one line, in the one form that reads as the same again."""
        line = " ".join(self.text.split())
        name = f"{self.name}:" if self.name else ""
        return ("-" if self.left_out else "") + name + (f'"{line}"' if self.quoted else line)


def parts_of(text: str) -> Iterator[Part]:
    """The parts of a line in order; never raises.

    `word`, `"a phrase"`, `name:word`, `name:"a phrase"`, each with minuses before it where it
    is left out. Any quote begins a part, a straight one ends at the next straight one, a curly
    one at any; an unclosed one reaches to the end.
    """
    for found in _PART.finditer(text):
        minus, name, straight, curly, word = found.groups()
        phrase = curly if straight is None else straight
        yield Part(bool(minus), name or "", phrase if word is None else word, word is None)
