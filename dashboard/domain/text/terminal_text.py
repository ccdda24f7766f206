"""Text as a terminal would leave it: without escape sequences, redrawn lines and control codes."""

import re

# ECMA-48: a control sequence, a string (title, link) up to its end, any other escape.
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,16}[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c\n]{0,4096}(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b[ -/]{0,4}[0-~]?"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")


def without_escapes(text: str) -> str:
    """A text without colour codes, other escape sequences and control codes.

    Line feeds, tabs and carriage returns stay; what a backspace rubs out goes.
    """
    if text.isprintable():
        return text
    plain = _ESCAPES.sub("", text)
    return _CONTROLS.sub("", _rubbed_out(plain) if "\x08" in plain else plain)


def _rubbed_out(text: str) -> str:
    """The text after its backspaces: each takes one character of its line away."""
    left: list[str] = []
    for char in text:
        if char != "\x08":
            left.append(char)
        elif left and left[-1] not in "\n\r":
            left.pop()
    return "".join(left)


def final_lines(text: str) -> list[str]:
    """The lines that a terminal shows in the end, without escapes.

    A line that carriage returns redraw, as progress bars do, is its last drawing.
    """
    return [_last_drawing(line) for line in _line_breaks(without_escapes(text))]


def _line_breaks(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines and not lines[-1] else lines


def _last_drawing(line: str) -> str:
    drawings = [part for part in line.split("\r") if part.strip()]
    return drawings[-1].rstrip() if drawings else ""
