"""Undoes what copying does to text: colour codes, invisible characters, escapes, other dashes."""

import html
import re
import unicodedata
from urllib.parse import unquote

MARK = "\0"
"""Stands where something invisible was: inside a word it may be left out, beside one it parts."""
BREAK = "\n"
SHOWN_BREAK = "↵"
"""A line break as a one-line text field shows it."""

_ROUNDS = 3  # of escapes in escapes
_ESCAPE_SIGN = r"(?:\x1b|\\{1,4}(?:[uU]001[bB]|[xX]1[bB]|0?33|e)|\^\[|[␛←])"
# A control sequence, its escape sign as it is or spelled out; a colour code that lost it.
_SEQUENCE = re.compile(
    rf"(?:{_ESCAPE_SIGN}\[|\x9b)[0-?]{{0,64}}[ -/]{{0,16}}[@-~]|\[[0-9;:]{{0,32}}[mK]|<wbr */?>"
)
_ESCAPED = re.compile(
    r"""\\{1,4}(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(r\\{1,4}n|[nr])|(t)|(["'/_-]))""", re.ASCII
)
# Bounded: html.unescape raises on numbers of thousands of digits.
_ENTITY = re.compile(r"&(?:#\d{1,6}|#[xX][0-9a-fA-F]{1,5}|[A-Za-z]{2,20});", re.ASCII)
_MARKS = re.compile(f"{MARK}{{2,}}")
_BREAKS = "\v\f\x1c\x1d\x1e\x85\u2028\u2029" + SHOWN_BREAK
# Wide and styled letters and digits, each of which is one plain one.
_STYLED = (range(0xFE50, 0xFE70), range(0xFF01, 0xFF5F), range(0x1D400, 0x1D800))
_PLAIN_SIGNS = frozenset("=_:/%?&#")  # quotes and brackets stay: they would end those around them


def _table() -> dict[int, str]:
    table = {}
    for code in (*range(0x11000), *range(0x1D400, 0x1D800), *range(0xE0000, 0xE0200)):
        category = unicodedata.category(chr(code))
        if category in {"Cf", "Cc"} or 0xFE00 <= code <= 0xFE0F or code == 0x34F:
            table[code] = MARK
        elif category == "Pd" or code in {0x2043, 0x2212, 0x2796, 0x2D7}:
            table[code] = "-"
        elif category == "Zs":
            table[code] = " "
    for code in (code for codes in _STYLED for code in codes):
        plain = unicodedata.normalize("NFKC", chr(code))
        if plain.isascii() and (plain.isalnum() or plain in _PLAIN_SIGNS):
            table[code] = plain
    table.update(dict.fromkeys(map(ord, _BREAKS), BREAK))
    return {code: to for code, to in table.items() if to != chr(code) and chr(code) not in "\t\n\r"}


_CHARACTERS = _table()


def marked(text: str) -> str:
    """The text in plain letters, dashes and line breaks, a MARK for each invisible part.

    Control sequences count as invisible, also where their escape sign is spelled out or lost.
    JSON stays JSON, apart from the marks.
    """
    text = text.replace("\r\n", BREAK).replace("\r", BREAK)
    plain = _SEQUENCE.sub(MARK, text).translate(_CHARACTERS)
    return _MARKS.sub(MARK, plain)


def unescaped(text: str) -> str:
    """A marked text without backslash, percent and HTML escapes, escaped up to three times."""
    for _ in range(_ROUNDS):
        before = text
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
        text = _ESCAPED.sub(_character, text)
        text = marked(unquote(text) if "%" in text else text)
        if text == before:
            break
    return text


def _character(found: re.Match[str]) -> str:
    four, two, line, tab, itself = found.groups()
    if line or tab:
        return BREAK if line else " "
    return itself or chr(int(four or two, 16))
