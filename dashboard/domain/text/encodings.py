"""The encoding of a text, guessed by charset-normalizer, which comes with requests."""

import codecs
import re
import unicodedata

from charset_normalizer import from_bytes

UTF_8 = "utf-8"
ENOUGH = 20_000  # bytes, from the beginning
NAMES = {
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
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
_GUESSED = [name for name in NAMES if not name.startswith("utf-16")]
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# Accents among ASCII letters; in the other encodings high bytes come in pairs or in words.
_LATIN = re.compile(rb"(?:[\x00-\x7f]|(?<![\x80-\xff])[\xa0-\xff](?![\x80-\xff]))*")
_KANA = re.compile(r"[\u3041-\u30ff]")
# What no one writes: Cyrillic among Latin letters, a Chinese letter that begins a Latin word.
_UNLIKELY = re.compile(
    r"[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]|(?<![^\x00-\x7f])[\u3400-\u9fff][a-z]"
)
_LONGEST_LETTER = 4  # bytes
_LEAST_KANA = 0.3  # of the letters that are not ASCII


def encoding_of(body: bytes, *, cut: bool = False) -> str | None:
    """Python's name of a text's encoding; None where it is no text, or in none of `NAMES`.

    UTF-8 where the bytes are UTF-8, UTF-16 by its mark or its zeros, and else a guess,
    which can be wrong for a few letters. `cut`: the last letter may not be whole.
    """
    if mark := next((name for mark, name in _MARKS if body.startswith(mark)), None):
        return mark if len(body) > 2 else None
    if _CONTROL.search(body):
        return _unmarked_utf_16(body[:ENOUGH])
    begun = body[:ENOUGH]
    cut = cut or len(begun) < len(body)
    if _is_utf_8(begun, cut):
        return UTF_8
    lengths = range(len(begun), len(begun) - (_LONGEST_LETTER if cut else 1), -1)
    guesses = (_guess(begun[:length]) for length in lengths)
    return next(filter(None, guesses), "cp1252" if _is_western(begun) else None)


def _is_utf_8(body: bytes, cut: bool) -> bool:
    try:
        codecs.getincrementaldecoder(UTF_8)().decode(body, final=not cut)
    except UnicodeDecodeError:
        return False
    return True


def _unmarked_utf_16(body: bytes) -> str | None:
    """The byte order of UTF-16 in which all is for reading: ASCII among it has a zero each."""
    zeros = [body[0::2].count(0), body[1::2].count(0)]
    if all(zeros) or not any(zeros):
        return None
    name = "utf-16-be" if zeros[0] else "utf-16-le"
    units = len(body) // 2
    # A letter of two units may be cut in the middle.
    text = _decoded(body[: 2 * units], name) or _decoded(body[: 2 * units - 2], name)
    return name if text and not any(map(_is_unreadable, text)) else None


def _is_unreadable(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") and char not in "\t\n\r\f\x1b"


def _decoded(body: bytes, encoding: str) -> str:
    try:
        return body.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _guess(body: bytes) -> str | None:
    if _LATIN.fullmatch(body):
        return "cp1252"
    japanese = _decoded(body, "cp932")
    if len(_KANA.findall(japanese)) > _LEAST_KANA * sum(not char.isascii() for char in japanese):
        return "cp932"
    best = from_bytes(body, cp_isolation=_GUESSED).best()
    found = best.encoding if best and best.encoding in NAMES else None
    found = found or ("gb18030" if _decoded(body, "gb2312") else None)
    if found and _UNLIKELY.search(_decoded(body, found)) and _is_western(body):
        return "cp1252"
    return found


def _is_western(body: bytes) -> bool:
    """Whether it can be read as a Western language, where many letters are ASCII."""
    letters = [char for char in _decoded(body, "cp1252") if char.isalpha()]
    return 3 * sum(char.isascii() for char in letters) > len(letters)
