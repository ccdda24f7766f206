"""What the command palette finds by a text: workflows by name, and runs. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.domain.filters.sorts import NEWEST
from dashboard.domain.listing import WORKFLOW
from dashboard.domain.search.tokens import fold
from dashboard.models import Name, Run
from dashboard.services.runs import filter_pages
from dashboard.services.runs.run_filter import RunFilter

MOST = 5  # of each kind
GAPS = " -_/"  # what words of a name stand behind


@dataclass(frozen=True, slots=True)
class FoundWorkflow:
    """A workflow with a word in its name that begins with the text."""

    id: str
    name: str


def workflows(text: str) -> Sequence[FoundWorkflow]:
    """The first workflows with a word in their name that begins with the text.

    Compared as the search compares words: databases know the case of other letters, or of ASCII's
    alone.
    """
    wanted = fold(text).strip()
    if not wanted:
        return ()
    names = Name.objects.filter(kind=WORKFLOW).exclude(text="")
    folded = ((fold(name), name, key) for key, name in names.values_list("upstream_id", "text"))
    found = sorted(row for row in folded if _has_word(row[0], wanted))
    return [FoundWorkflow(key, name) for _, name, key in found[:MOST]]


def _has_word(name: str, wanted: str) -> bool:
    return name.startswith(wanted) or any(f"{gap}{wanted}" in name for gap in GAPS)


def runs(choice: RunFilter) -> Sequence[Run]:
    """The newest runs of a filter, as the list reads them; none where it is asked for nothing."""
    if not choice.any:
        return ()
    page = filter_pages.page_of(choice, NEWEST, size=MOST)
    found = Run.objects.filter(pk__in=[key.pk for key in page.keys])
    return list(found.newest().defer("inputs", "values", "error", "log_error"))
