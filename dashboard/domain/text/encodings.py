"""The encoding of a text, guessed by charset-normalizer, which comes with requests."""

import codecs
import re

from charset_normalizer import from_bytes

UTF_8 = "utf-8"
ENOUGH = 20_000  # bytes, from the beginning
NAMES = {
    "utf-16": "UTF-16",
    "cp932": "Shift_JIS",
    "gb18030": "GBK",
    "cp1252": "Latin-1",
    "cp1251": "Windows-1251",
}
"""Encodings other than UTF-8 that are told apart, by Python's names, as people call them.

No more of them: Big5 and the EUCs would be taken for what is GBK in a text of a line.
"""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSED = [name for name in NAMES if name != "utf-16"]
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# Accents among ASCII letters; in the other encodings high bytes come in pairs or in words.
_LATIN = re.compile(rb"(?:[\x00-\x7f]|(?<![\x80-\xff])[\xa0-\xff](?![\x80-\xff]))*")
_LONGEST_LETTER = 4  # bytes


def encoding_of(body: bytes, *, cut: bool = False) -> str | None:
    """Python's name of a text's encoding; None where it is no text, or in none of `NAMES`.

    UTF-8 where the bytes are UTF-8, UTF-16 by its mark, and else a guess, which can be
    wrong for a few letters. `cut`: the last letter may not be whole.
    """
    if mark := next((name for mark, name in _MARKS if body.startswith(mark)), None):
        return mark if len(body) > 2 else None
    if _CONTROL.search(body):
        return None
    begun = body[:ENOUGH]
    cut = cut or len(begun) < len(body)
    if _is_utf_8(begun, cut):
        return UTF_8
    lengths = range(len(begun), len(begun) - (_LONGEST_LETTER if cut else 1), -1)
    return next(filter(None, (_guess(begun[:length]) for length in lengths)), None)


def _is_utf_8(body: bytes, cut: bool) -> bool:
    try:
        codecs.getincrementaldecoder(UTF_8)().decode(body, final=not cut)
    except UnicodeDecodeError:
        return False
    return True


def _guess(body: bytes) -> str | None:
    if _LATIN.fullmatch(body):
        return "cp1252"
    best = from_bytes(body, cp_isolation=_GUESSED).best()
    return best.encoding if best and best.encoding in NAMES else None
