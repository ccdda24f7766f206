"""Which text is a search: one short line without a secret, so that an address may hold it."""

from enum import StrEnum

from dashboard.domain.text.assigned_secrets import mask_assigned
from dashboard.domain.text.pasted_text import MARK, SHOWN_BREAK, marked, unescaped
from dashboard.domain.text.redaction import redact_text
from dashboard.domain.text.terminal_text import without_escapes

LONGEST_TERM = 200  # characters


class NoTerm(StrEnum):
    """Why a text is no search."""

    NOTHING = "nothing"  # that can be read
    LINES = "lines"
    LONG = "long"
    SECRET = "secret"  # noqa: S105


def search_term(text: str, longest: int = LONGEST_TERM) -> str:
    """The text as a search term; empty where it has more lines, is longer or holds a secret."""
    read = read_term(text, longest)
    return "" if isinstance(read, NoTerm) else read


def read_term(text: str, longest: int) -> str | NoTerm:
    """The text as a search term, or why it is none."""
    line = text.strip()
    if len(line.splitlines()) > 1 or SHOWN_BREAK in line:
        return NoTerm.LINES
    if len(line) > longest:
        return NoTerm.LONG
    term = " ".join(without_escapes(line).split())
    if not term or any("\ud800" <= one <= "\udfff" for one in term):
        return NoTerm.NOTHING
    meant = unescaped(marked(term)).replace(MARK, "")
    return NoTerm.SECRET if _holds_a_secret(term) or _holds_a_secret(meant) else term


def _holds_a_secret(text: str) -> bool:
    return mask_assigned(redact_text(text)) != text
