"""Why nothing came of what was typed or pasted into the box; of the text itself nothing is told."""

from collections.abc import Mapping

from dashboard.domain.filters.query import LONGEST_WORDS
from dashboard.domain.text.search_term import NoTerm

REFUSED: Mapping[NoTerm, str] = {
    NoTerm.NOTHING: "No run ID found, and no words to search for.",
    NoTerm.LINES: "No run ID found. IDs look like 7c1e9f42-3b0a-…. A search is one line.",
    NoTerm.LONG: f"No run ID found. A search has up to {LONGEST_WORDS:,} characters.",
    NoTerm.SECRET: "No run ID found. This looks like a secret, so it is not searched for.",
}
IGNORED: Mapping[NoTerm, str] = {  # of an address
    NoTerm.NOTHING: "no words in it",
    NoTerm.LINES: "more than one line",
    NoTerm.LONG: "too long",
    NoTerm.SECRET: "looks like a secret",
}
