"""What people put on a run: a title, tags, notes and a star; and the texts that they take."""

import re
import unicodedata

TITLE, TAG, NOTE, STAR = "title", "tag", "note", "star"
GONE = "gone"
"""That a title or star was taken away; never shown."""
LONGEST = {TITLE: 120, TAG: 40, NOTE: 2000}
MAX_TAGS, MAX_NOTES = 20, 200

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_CONTROL_BUT_LINES = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_MANY_LINES = re.compile(r"\n{3,}")
_BLANKS = re.compile(r"\s+")


class LabelRejected(Exception):
    """A text that is not taken; its message is for the page."""


def read(kind: str, text: str) -> str:
    """A label's text as it is stored: one line (a note: lines), without control characters.

    Empty means that there is none. Raises LabelRejected past the longest that is taken.
    """
    if kind == NOTE:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        kept = (_CONTROL_BUT_LINES.sub(" ", line).rstrip() for line in lines)
        text = _MANY_LINES.sub("\n\n", "\n".join(kept)).strip()
    else:
        text = one_line(text)
    text = unicodedata.normalize("NFC", text)
    if len(text) > LONGEST[kind]:
        raise LabelRejected(
            f"A {kind} can have up to {LONGEST[kind]:,} characters. This one has {len(text):,}."
        )
    return text


def one_line(text: str) -> str:
    """A text in one line, without control characters, in Unicode's composed form."""
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", _CONTROL.sub(" ", text)).strip())


def folded(text: str) -> str:
    """The form in which labels are compared and searched: any case, any kind of blank."""
    plain = _BLANKS.sub(" ", _CONTROL.sub(" ", unicodedata.normalize("NFC", text)))
    return unicodedata.normalize("NFC", plain.casefold()).strip()
