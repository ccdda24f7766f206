"""Masks what free text assigns to secret names: `token=x`, `"api_key": "x"`, `--password x`."""

import re

from dashboard.domain.text.redaction import MASK, is_secret_name

_HEADER = re.compile(r"(\bauthorization\b[\"']?\s*[:=]\s*).+", re.IGNORECASE)
_NAMED = re.compile(
    r"""(?P<quote>\\{0,3}["']?)(?P<name>[A-Za-z_][\w-]{0,60})(?P=quote)(?P<between>\s*[:=]\s*)"""
    r"""|(?<![\w-])--(?P<flag>[A-Za-z][\w-]{0,60})\s+(?![\s-])"""
)
# To the closing quote, which is one that is not escaped once more; to the end without one.
_QUOTED = re.compile(r"""[bruBRU]{0,2}(?P<open>\\{0,3}["'])(?P<value>.*?)(?=(?<!\\)(?P=open)|$)""")
_LISTED = re.compile(r"""[\[({](?P<value>[^\])}]*["'][^\])}]*)""")
_BARE = re.compile(r"""(?P<value>[^\s"',;)}\]\\]+)""")
_PLAIN = re.compile(r"-?\d[\d._]*(?:e[+-]?\d+)?|true|false|none|null|lambda", re.IGNORECASE)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|-")
_NAMES = ("_key", "_token", "_credential", "password", "passwd", "secret")
_SPOKEN = re.compile(r"(?:\btoken|\bcredential|\bapi[ _-]?key)\s*:\s*$", re.IGNORECASE)
_LONG = re.compile(r"[\w.-]{8}")


def mask_assigned(text: str) -> str:
    """The text with the values of secret names masked, each to its end.

    Bare numbers and booleans stay, but for those of a password. Of what is only
    spoken of ("token: …"), names that say it well are masked, the others where
    the value is long: `KeyError: 'prompt'` and `missing key: lora_unet` are no secrets.
    """
    if "=" not in text and ":" not in text and "--" not in text:
        return text
    text = _HEADER.sub(rf"\g<1>{MASK}", text)
    pieces, at = [], 0
    for found in _NAMED.finditer(text):
        if found.start() < at or not is_secret_name(found["name"] or found["flag"]):
            continue
        value = _value(text, found)
        if value is not None and _is_secret(text, found, value):
            pieces += [text[at : value.start("value")], MASK]
            at = value.end("value")
    return "".join([*pieces, text[at:]]) if pieces else text


def _value(text: str, found: re.Match[str]) -> re.Match[str] | None:
    reads = (_QUOTED, _LISTED, _BARE) if found["quote"] else (_QUOTED, _BARE)
    return next((value for read in reads if (value := read.match(text, found.end()))), None)


def _is_secret(text: str, found: re.Match[str], value: re.Match[str]) -> bool:
    name = _HUMP.sub("_", found["name"] or found["flag"]).lower()
    assigned = value["value"]
    if not re.search(r"\w", assigned):
        return False
    if value.re is _BARE and _PLAIN.fullmatch(assigned):
        return assigned != "lambda" and name.endswith(("password", "passwd"))
    if found["flag"] or found["quote"] or ":" not in found["between"] or name.endswith(_NAMES):
        return True
    said = _SPOKEN.search(text, max(0, found.start() - 20), found.end())
    return said is not None and _LONG.match(assigned) is not None
