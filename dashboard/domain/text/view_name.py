"""What a saved view may be called."""

import unicodedata

from dashboard.domain.text.labels import one_line
from dashboard.domain.text.search_term import search_term

LONGEST_NAME = 60  # characters


class ViewRejected(Exception):
    """A view that is not saved; its message is for the page."""


def read_name(text: str) -> str:
    """A view's name as it is stored: one line without control characters.

    Raises ViewRejected for a name that shows nothing, is too long or holds a secret.
    """
    name = one_line(text)
    if not any(unicodedata.category(each)[0] in "LNPS" for each in name):
        raise ViewRejected("Give the view a name.")
    if len(name) > LONGEST_NAME:
        raise ViewRejected(
            f"A name can have up to {LONGEST_NAME} characters. This one has {len(name):,}."
        )
    if not search_term(name):
        raise ViewRejected("This name looks like it holds a secret. Choose another.")
    return name


def shown_again(text: str) -> str:
    """A refused name as a form may hold it again; empty where it looks like a secret."""
    return search_term(one_line(text))
