"""What the parts are made of: every colour by its name, every status in its forms, every icon."""

import re
from collections.abc import Iterable
from pathlib import Path

from django.contrib.staticfiles import finders

from dashboard.presentation.words import status_words
from dashboard.styleguide.drawing import Pattern, drawn

_COLOUR = re.compile(r"^ +--([a-z][\w-]*): (?:light-dark\((?!transparent)|#|rgb\()", re.MULTILINE)


def colours() -> Pattern:
    """Read from the stylesheet, so that none is left out."""
    names = _COLOUR.findall(_static("css/site.css").read_text())
    return Pattern("by name", drawn({"names": names}, "styleguide/_colours.html"))


def statuses(words: Iterable[str]) -> Pattern:
    """The pill, the plain form, the sentence and ComfyDeploy's word."""
    told = [status_words(word) for word in words]
    return Pattern("each in its forms", drawn({"told": told}, "styleguide/_statuses.html"))


def icons() -> Pattern:
    """Those of tabs, in the two sizes in which browsers show them."""
    there = _static("img/favicons/idle.svg").parent.glob("*.svg")
    names = sorted((path.stem for path in there), key=lambda name: (len(name), name))
    return Pattern("of tabs", drawn({"names": names}, "styleguide/_icons.html"))


def _static(path: str) -> Path:
    found = finders.find(path)
    if found is None:
        raise FileNotFoundError(path)
    return Path(found)
