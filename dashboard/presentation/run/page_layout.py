"""The three layouts of a run's page; an open page keeps the one that it was opened with."""

from enum import StrEnum

from dashboard.domain.run.facts import Timed
from dashboard.presentation.run.failure import FAILURES


class Layout(StrEnum):
    """STORY has all in reading order; the others have a column for the times beside the rest."""

    STORY = "story"  # live or cancelled: how far it is, then what it made
    DONE = "done"  # what it made beside where its time went
    FAILED = "failed"  # why beside how far it got


def layout_of(run: Timed) -> Layout:
    """The layout of a page that is opened now."""
    if not run.finished:
        return Layout.STORY
    if run.status in FAILURES:
        return Layout.FAILED
    return Layout.DONE if run.status == "success" else Layout.STORY


def read_layout(text: str | None) -> Layout:
    """The layout that an open page names when it asks for a part of itself."""
    return Layout(text) if text in set(Layout) else Layout.STORY
