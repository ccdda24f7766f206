"""HTML as one line, for tests that look for an element and its words in a page."""

import re

_BETWEEN = re.compile(r" (?=</|>)|(?<=>) (?=<)")
_OPENED = re.compile(r"(<[a-zA-Z][^<>]*>) ")


def one_line(html: str) -> str:
    """The HTML without the spaces and lines that only lay out its source.

    Runs of whitespace become one space; it goes at the end of a tag, between tags, after an
    opening one and before a closing one. A space between words and a tag beside them stays.
    """
    text = _BETWEEN.sub("", re.sub(r"[ \t\r\n\f]+", " ", html))
    return _OPENED.sub(r"\1", text).strip()
