"""Fingerprints of errors, to find the runs that failed in the same way."""

import re
from hashlib import blake2b

LONGEST_READ = 20_000
LONGEST_COMPARED = 2_000  # characters of what is left; more is mostly lists of what was loaded
SOME = "#"

_PLACE = r"[^\s'\"<>|,;()\[\]{}]"
_ROOT = r"(?:(?:~|\.{1,2})?/|[A-Za-z]:[\\/]|\\\\)"
_NUMBER = r"\d+(?:[.,_]\d+){0,9}"
_UNIT = r"(?:[KMGT]i?B|[Bb]ytes?|ms|s|sec|seconds?|min|minutes?|h|hours?)"
_BEGIN, _END = r"(?<![^\W_])", r"(?![^\W_])"  # of letters and digits; "_" parts them
# In this order: a URL holds a path, a path holds IDs, an ID holds numbers.
_VARYING = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s'\"<>]+",
        r"\bdata:[\w/+.;=-]{1,100},[^\s'\"<>]*",
        rf"(?<=')(?:{_ROOT})[^'\n]+(?=')|(?<=\")(?:{_ROOT})[^\"\n]+(?=\")",
        rf"(?<![\w./\\]){_ROOT}{_PLACE}+",
        r"(?<![\w./-])[\w.-]{1,100}(?:[/\\][\w.-]{1,100}){2,}",
        r"(?<![\w./-])[\w.-]{1,100}[/\\][\w.-]{1,100}\.[A-Za-z]\w{0,11}\b",
        rf"{_BEGIN}[0-9A-Fa-f]{{8}}-(?:[0-9A-Fa-f]{{4}}-){{3}}[0-9A-Fa-f]{{12}}{_END}",
        r"\b0[xX][0-9A-Fa-f]+",
        rf"(?<![\w.])[-+]?{_NUMBER}(?:[eE][-+]?\d+)?(?:\s?{_UNIT})?(?!\w)",
        rf"{_BEGIN}(?:(?=[A-Fa-f]*\d)[0-9A-Fa-f]{{6,}}|[A-Fa-f]{{12,}}){_END}",
        rf"{_BEGIN}(?=[A-Za-z]*\d)[A-Za-z0-9]{{12,}}{_END}",
        _NUMBER,
    )
)
_LEADING_CLASS = re.compile(r"([^\W\d][\w.]{0,199})(?::\s+|:?\s*$)")
_CLASS_ENDS = ("Error", "Exception", "Timeout", "Interrupt", "Warning")


def error_fingerprint(error_class: str | None, text: str | None) -> str | None:
    """Equal for errors of one class whose texts differ in numbers, paths, IDs or URLs alone.

    None without text. A text may begin with its class, as logs have it; that says no more.
    """
    told, said = (error_class or "").strip(), (text or "")[:LONGEST_READ].strip()
    if not said:
        return None
    kind, said = _apart(told, said)
    return blake2b(
        f"{kind}\n{plain_text(said)}".encode(errors="replace"), digest_size=16
    ).hexdigest()


def plain_text(text: str) -> str:
    """The text with a sign for all that varies from run to run, and single spaces."""
    text = text[:LONGEST_READ]
    for pattern in _VARYING:
        text = pattern.sub(SOME, text)
    return " ".join(text.split())[:LONGEST_COMPARED]


def _apart(told: str, said: str) -> tuple[str, str]:
    """The class, also from the text's beginning where none was told, and the text without it."""
    leading = _LEADING_CLASS.match(said)
    if leading is None:
        return told, said
    name = leading[1]
    known = name in (told, told.rsplit(".", 1)[-1]) if told else _is_class(name)
    return (told or name, said[leading.end() :]) if known else (told, said)


def _is_class(name: str) -> bool:
    return name.endswith(_CLASS_ENDS) and name != "Error"
