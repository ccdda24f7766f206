"""Texts that were taken apart letter by letter, as `list(text)` does."""

import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeGuard

FEWEST = 3
_JOINER = "\u200d"
_REGIONAL = range(0x1F1E6, 0x1F200)
_MODIFIERS = (range(0x1F3FB, 0x1F400), range(0xE0020, 0xE0080))  # skin tones, tags of flags


def put_together(items: Sequence[object]) -> Sequence[object]:
    """The items; one text in their place where they are the letters of one.

    They are when there are three or more and each is a single letter: one code point,
    or one that people see as one (an emoji of several, a base with its accents). So
    `["A", "B"]` stays two captions, and `["A", "B", "C"]` is the text ABC: nodes that
    take a text for a list are common, batches of one-letter captions are not.
    """
    return ["".join(items)] if len(items) >= FEWEST and _are_letters(items) else items


def _are_letters(items: Sequence[object]) -> TypeGuard[Sequence[str]]:
    return all(isinstance(item, str) and is_letter(item) for item in items)


def is_letter(text: str) -> bool:
    """Whether a text is one code point, or several that are seen as one letter."""
    text = unicodedata.normalize("NFC", text)
    if len(text) < 2:
        return bool(text)
    if len(text) == 2 and all(ord(char) in _REGIONAL for char in text):
        return True  # a flag
    return text == "\r\n" or all(_goes_on(before, char) for before, char in pairwise(text))


def _goes_on(before: str, char: str) -> bool:
    """Whether a code point belongs to the letter of the one before it."""
    return (
        char == _JOINER
        or (before == _JOINER and not char.isalnum())
        or unicodedata.category(char).startswith("M")
        or any(ord(char) in each for each in _MODIFIERS)
    )
