"""What is typed into the box: `field:value` parts, and the words that are left."""

from typing import NamedTuple

from dashboard.domain.filters.fields import NAMES
from dashboard.domain.text.typed_line import parts_of


class Typed(NamedTuple):
    """The filters as (name, value) pairs, `name!` for what is left out, and the other words."""

    pairs: tuple[tuple[str, str], ...]
    words: str


def read_box(text: str) -> Typed:
    """The filters and words of a search, each in order; never raises.

    `status:failed` is a filter, `-status:failed` leaves out; a value in double quotes may
    have spaces. What looks alike but names no filter is a word. The words come back in one
    form, with one space between them, which reads as the same again.
    """
    pairs, words = [], []
    for part in parts_of(text):
        known = part.name.lower()
        if known in NAMES:
            value = f'"{part.text}"' if part.quoted else part.text
            pairs.append((f"{known}!" if part.left_out else known, value))
        else:
            words.append(part.written)
    return Typed(tuple(pairs), " ".join(words))
