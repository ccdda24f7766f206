"""Patterns of the basics: every colour by name, every status in its forms, every icon."""

import re
from collections.abc import Iterable
from pathlib import Path

from django.contrib.staticfiles import finders

from dashboard.presentation.words import status_words
from dashboard.styleguide.drawing import Pattern, drawn

_COLOUR = re.compile(r"^ *--([a-z][\w-]*): (?:light-dark\((?!transparent)|#|rgb\()", re.MULTILINE)


def colours() -> Pattern:
    """All colours of the stylesheet, by their names."""
    names = _COLOUR.findall(_static("css/site.css").read_text())
    return Pattern("by name", drawn({"names": names}, "styleguide/_colours.html"))


def statuses(words: Iterable[str]) -> Pattern:
    """Each status as a pill, as plain text, as a sentence, and in ComfyDeploy's word."""
    context = {"statuses": [status_words(word) for word in words]}
    return Pattern("each in its forms", drawn(context, "styleguide/_statuses.html"))


def icons() -> Pattern:
    """The tab icons, in the two sizes in which browsers show them."""
    paths = _static("img/favicons/idle.svg").parent.glob("*.svg")
    names = sorted((path.stem for path in paths), key=lambda name: (len(name), name))
    return Pattern("of tabs", drawn({"names": names}, "styleguide/_icons.html"))


def _static(path: str) -> Path:
    found = finders.find(path)
    if found is None:
        raise FileNotFoundError(path)
    return Path(found)
